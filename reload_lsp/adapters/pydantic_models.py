"""pydantic: a model's schema has the schemas of all that its fields name in it, compiled; each is compiled again."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from copy import copy

from .pydantic_validators import bind_again, take_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

    from ..live.work import Work

KEPT = ("__pydantic_core_schema__", "__pydantic_validator__", "__pydantic_serializer__", "__pydantic_complete__")


class PydanticModels:
    """Models, dataclasses and type adapters that embed an edited class, at any depth."""

    library = "pydantic"
    tested = "2.14"

    def derives(self, work: Work, value: Any, function: FunctionType) -> bool:
        """`validate_call` compiled the signature."""
        return hasattr(value, "raw_function")

    def __init__(self) -> None:
        self._settled: set[type] = set()

    def settle(self, work: Work) -> None:
        self._settled = {*work.classes, *work.remade()}
        _rebuild(work, self._settled)

    def finish(self, work: Work) -> None:
        """What `settle` has asked for was made again, too."""
        later = {c for c in work.remade() if c not in self._settled}
        self._settled = set()
        _rebuild(work, later)


def _rebuild(work: Work, edited: set[type]) -> None:
    """Have all that embeds some edited classes compiled again."""
    pydantic: Any = sys.modules["pydantic"]
    if not edited or not hasattr(pydantic, "TypeAdapter"):
        return
    changed = {id(c) for c in edited}
    models = [m for m in _subclasses(pydantic.BaseModel) if hasattr(m, "model_fields") and not work.is_copy(m)]
    for model in [m for m in models if _origin(m) in edited]:
        _parametrize(work, model)
        changed.add(id(model))
    for model in [m for m in models if id(m) not in changed and edited.intersection(m.__bases__)]:
        work.rerun(model, f"{model.__bases__[0].__name__} changed")  # `create_model(..., __base__=Base)`
    for model in _dependents(models, changed):
        bind_again(work, model)
        if model.__dict__.get("__pydantic_complete__") is not None:
            _remember(work, model)
            model.model_rebuild(force=True, raise_errors=False)
    for cls in [c for c in edited if issubclass(c, pydantic.BaseModel)]:
        _complete(work, cls)
    for adapter in work.instances(pydantic.TypeAdapter):
        if _names(adapter._type, changed):
            work.journal.record(_restore, adapter, {n: getattr(adapter, n) for n in _ADAPTER})
            adapter.rebuild(force=True, raise_errors=False)


def _origin(model: Any) -> Any:
    """The generic model of which `Page[Item]` was made."""
    made: dict[str, Any] = model.__dict__.get("__pydantic_generic_metadata__") or {}
    return made.get("origin")


def _parametrize(work: Work, model: Any) -> None:
    """`Page[Item]` has the fields of `Page` from when it was made: it gets those of now, with its own types in them."""
    origin, given = _origin(model), model.__pydantic_generic_metadata__["args"]
    types = dict(zip(origin.__pydantic_generic_metadata__["parameters"], given, strict=True))
    fields = {name: copy(field) for name, field in origin.model_fields.items()}
    for field in fields.values():
        field.apply_typevars_map(types)
    work.journal.record(_restore, model, {"__pydantic_fields__": model.__pydantic_fields__})
    model.__pydantic_fields__ = fields
    take_over(work, model, origin)


def _complete(work: Work, cls: Any) -> None:
    """Objects made before have the defaults of fields that are new, as objects made now would; else it is said."""
    lacking: set[str] = set()
    objects = work.instances(cls)
    for value in objects:
        lacking |= _filled(work, value)
    if lacking:
        work.say(
            "RLD106",
            f"Live {cls.__qualname__} objects lack {', '.join(sorted(lacking))}, made before this edit. "
            "Give the field a default, or make them again.",
            cls,
            count=len(objects),
        )


def _filled(work: Work, value: Any) -> set[str]:
    """Give an object what it lacks, in the order of the fields: the fields for which there is nothing to give."""
    fields: Any = value.__class__.model_fields
    state = value.__dict__
    missing = {n for n, f in fields.items() if n not in state and f.is_required()}
    if fields.keys() - state.keys() - missing:
        content: dict[str, Any] = {}
        for name in (n for n in fields if n not in missing):
            given = dict(content)
            new = name not in state
            content[name] = (
                fields[name].get_default(call_default_factory=True, validated_data=given) if new else state[name]
            )
        work.journal.replace_content(state, content | state)
    return missing


_ADAPTER = ("core_schema", "validator", "serializer", "pydantic_complete")


def _dependents(models: Iterable[Any], changed: set[int]) -> list[Any]:
    """The models that are changed or name a changed class; those that others embed first. `changed` grows with them."""
    left = list(models)
    found = [m for m in left if id(m) in changed]  # before those that take their schemas
    left = [m for m in left if id(m) not in changed]
    grown = True
    while grown:
        more = [m for m in left if _ready(m, changed, left)]
        grown = bool(more)
        found += more
        changed.update(map(id, more))
        left = [m for m in left if m not in more]
    return found


def _ready(model: Any, changed: set[int], left: list[Any]) -> bool:
    return id(model) in changed or any(_names(f.annotation, changed) for f in model.model_fields.values())


def _names(annotation: Any, classes: set[int], depth: int = 8) -> bool:
    """Whether a type names any of some classes."""
    if id(annotation) in classes:
        return True
    if depth < 0:
        return False
    if hasattr(annotation, "__value__"):
        annotation = annotation.__value__
    return any(_names(a, classes, depth - 1) for a in getattr(annotation, "__args__", None) or ())


def _subclasses(cls: type) -> list[Any]:
    found: dict[type, None] = {}
    stack = [cls]
    while stack:
        for sub in type.__subclasses__(stack.pop()):
            if sub not in found:
                found[sub] = None
                stack.append(sub)
    return list(found)


def _remember(work: Work, model: Any) -> None:
    before = {n: model.__dict__[n] for n in KEPT if n in model.__dict__}
    work.journal.record(_restore, model, before)


def _restore(target: Any, before: dict[str, Any]) -> None:
    for name, value in before.items():
        setattr(target, name, value)


ADAPTER = PydanticModels()
