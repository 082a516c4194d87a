"""SQLAlchemy: a mapped class is never executed again. New columns and relationships are added to it, the rest is said."""

from __future__ import annotations

import gc
import sys
from types import FunctionType

from .members import Added, Stuck, follow_members
from .sqlalchemy_mixins import Mixins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit, Definition
    from ..live.work import Work

SPECIAL = ("__tablename__", "__table_args__", "__mapper_args__", "__table__")


STAYS = (
    "The mapping of {cls} still has what was there before: {names} cannot be changed in a mapped class. "
    "Restart the process, and migrate the table where it has to change."
)


class SqlalchemyModels:
    """Declarative classes."""

    library = "sqlalchemy"
    tested = "2.1"

    def __init__(self) -> None:
        self._added = Added()
        self._stuck = Stuck("RLD703", STAYS)
        self._mixins = Mixins()

    def begin(self, work: Work) -> None:
        self._added.begin()
        self._mixins.begin()

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        mapper = edit.cls.__dict__.get("__mapper__")
        if mapper is None or "sqlalchemy.orm" not in sys.modules:
            return False
        if edit.shell:
            self._stuck.say(work, edit, ["its bases or decorators"])
            return True
        validators = {n for n in edit.dirty_names | edit.removed if n in _validating(mapper)}
        new, stuck = follow_members(work, edit, {*mapper.attrs.keys(), *SPECIAL} | validators, _is_mapped)
        for name, value in new.items():
            if hasattr(value, "__sa_validators__"):
                stuck.add(name)
            else:
                self._added.add(edit, name, value)
        if stuck:
            self._stuck.say(work, edit, stuck)
        return True

    def withdraw(self, work: Work, definition: Definition) -> None:
        """Listeners of `@event.listens_for(...)` and `event.listen(...)` that run again, or are gone."""
        for target, name, function in _listening(definition):
            event: Any = sys.modules["sqlalchemy.event"]
            if event.contains(target, name, function):
                event.remove(target, name, function)
                work.journal.record(event.listen, target, name, function)

    def settle(self, work: Work) -> None:
        added = self._added.take()
        _add_all(work, added)
        for cls in work.classes:
            _say_unmapped(work, cls)
        self._mixins.say(work)
        other = added or any(type(v).__module__.startswith("sqlalchemy.") for v in work.replaced())
        for engine in work.instances(sys.modules["sqlalchemy"].Engine) if other else ():
            data: Any = getattr(engine._compiled_cache, "_data", {})
            data.clear()  # statements that were compiled without the new columns, or are other statements now


def _listening(definition: Definition) -> list[tuple[Any, Any, Any]]:
    """What a statement listened to when it ran before: the target, the event's name, the function."""
    call = definition.call() if definition.statement.kind == "effect" else None
    if call is not None:
        return [tuple(call.arguments[:3])] if call.chain[-1] == "listen" and len(call.arguments) > 2 else []  # type: ignore[list-item]
    decorators = definition.decorators() if definition.statement.kind == "function" else []
    calls = [c for c in decorators if c.chain[-1] == "listens_for" and len(c.arguments) > 1]
    functions = _alike(definition.bound()) if calls else []
    return [(c.arguments[0], c.arguments[1], f) for c in calls for f in functions]


def _alike(function: Any) -> list[Any]:
    """A function, and those that its statement made and gave away when it ran again: they share its code."""
    code = getattr(function, "__code__", None)
    if code is None:
        return [function]
    return [function, *(f for f in gc.get_referrers(code) if type(f) is FunctionType and f is not function)]


def _say_unmapped(work: Work, cls: type) -> None:
    """A mapped class has the columns of its mixins from when it was made."""
    new = {n for n, v in vars(cls).items() if _is_mapped(v)}
    for mapped in [c for c in cls.__subclasses__() if "__mapper__" in vars(c)] if "__mapper__" not in vars(cls) else []:
        lacking = sorted(n for n in new if n not in vars(mapped)["__mapper__"].attrs)
        if lacking:
            what = f"{mapped.__qualname__} was mapped without {', '.join(lacking)}, which this edit adds to {cls.__qualname__}"
            work.say("RLD703", f"{what}. Restart the process, and migrate its table.", cls, verdict="held")


def _is_mapped(value: Any) -> bool:
    kinds: Any = sys.modules["sqlalchemy.orm"]
    columns: Any = sys.modules["sqlalchemy"]
    own = (columns.Column, kinds.MappedColumn, kinds.interfaces.MapperProperty)
    return isinstance(value, own) or hasattr(value, "__sa_validators__")


def _validating(mapper: Any) -> set[str]:
    return {f.__name__ for f, _ in mapper.validators.values()}


def _add_all(work: Work, added: list[tuple[ClassEdit, str, Any]]) -> None:
    """All members before any mapper looks at them: two relationships may be the two ends of one."""
    mappers = {id(m): m for edit, _, _ in added for m in [vars(edit.cls)["__mapper__"]] if m.configured}
    for mapper in mappers.values():
        work.journal.record(setattr, mapper, "configured", True)
        mapper.configured = False
        mapper.registry._flag_new_mapper(mapper)
    for edit, name, value in added:
        work.journal.record(_forget, edit.cls, name)
        _add(work, edit, name, value)
    if mappers:
        sys.modules["sqlalchemy.orm"].configure_mappers()


def _forget(cls: Any, name: str) -> None:
    """A member that could not be added is not mapped."""
    members: dict[str, Any] = cls.__dict__
    members["__mapper__"]._props.pop(name, None)
    if name in members:
        type.__delattr__(cls, name)


def _add(work: Work, edit: ClassEdit, name: str, value: Any) -> None:
    orm: Any = sys.modules["sqlalchemy.orm"]
    annotations: dict[str, Any] = vars(edit.cls).get("__annotations__") or {}
    annotation = _evaluated(edit.cls, annotations.get(name))
    if not _is_mapped(value):
        if getattr(value, "__origin__", None) is not orm.Mapped:
            return  # an annotation like any other
        annotation, value = value, orm.mapped_column()
    if isinstance(value, orm.MappedColumn):
        _typed(edit.cls, value, annotation)
    if isinstance(value, orm.RelationshipProperty) and value.argument is None and not _related(value, annotation):
        work.say(
            "RLD703", f"What {edit.cls.__qualname__}.{name} relates to cannot be told. Restart the process.", edit.dirty
        )
        return
    setattr(edit.cls, name, value)
    column: Any = sys.modules["sqlalchemy"].Column
    if not isinstance(value, orm.interfaces.MapperProperty) or any(
        isinstance(c, column) for c in getattr(value, "columns", ())
    ):
        table = getattr(edit.cls, "__tablename__", "?")
        work.say(
            "RLD703",
            f"{edit.cls.__qualname__}.{name} is mapped now, and the table {table} needs a column for it: "
            "queries fail until it has one. Migrate the database.",
            edit.dirty,
        )


def _evaluated(cls: Any, annotation: Any) -> Any:
    """An annotation that is a text (`from __future__ import annotations`), as the declarative scan reads it."""
    if not isinstance(annotation, str):
        return annotation
    try:
        members: dict[str, Any] = {**vars(cls)}
        return eval(annotation, vars(sys.modules[cls.__module__]), members)
    except Exception:  # noqa: BLE001, RUF100 - a name that is only there for type checkers
        return annotation


def _related(value: Any, annotation: Any) -> bool:
    """What the declarative scan reads off `Mapped[...]`: the class at the other end, and whether there are many."""
    inner: Any = next(iter(getattr(annotation, "__args__", None) or ()), None)
    origin, args = getattr(inner, "__origin__", None), getattr(inner, "__args__", None) or ()
    if isinstance(origin, type) and args:
        value.collection_class, inner = origin, args[-1]
    else:
        value.uselist = False
        inner = next((a for a in args if a is not type(None)), inner)
    value.argument = getattr(inner, "__forward_arg__", inner)
    return isinstance(value.argument, (str, type)) and "[" not in str(getattr(inner, "__forward_arg__", ""))


def _typed(cls: Any, value: Any, annotation: Any) -> None:
    """What the declarative scan reads off `Mapped[...]`: the type of the column, and whether it may be empty."""
    args = getattr(annotation, "__args__", None)
    if not args:
        return
    kinds = (
        getattr(args[0], "__args__", None) if type(None) in (getattr(args[0], "__args__", None) or ()) else (args[0],)
    )
    kind = next(k for k in kinds or () if k is not type(None))
    null: Any = sys.modules["sqlalchemy"].types.NullType
    if isinstance(value.column.type, null):
        value.column.type = cls.registry._resolve_type(kind)
    if not getattr(value, "_has_nullable", False):
        value.column.nullable = len(kinds or ()) > 1


ADAPTER = SqlalchemyModels()
