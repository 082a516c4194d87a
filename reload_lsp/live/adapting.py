"""Where libraries keep something of their own made of the program's definitions, an adapter tells the engine how it follows.

The engine knows the shape of an adapter alone; the agent hands them in. An adapter is any object with `library`, the name
in `sys.modules` that brings it to life, and some of the methods of `Adapter`. A fault in one is undone, said, and ends
that adapter's part in the batch, nothing else.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType

from ..findings.values import Count, Range
from ..source.names import chain_of
from ..source.statement import parse
from .heap import survey
from .kinds import is_a, kind_of
from .reach import getattr_raw
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from ..source.names import Chain
    from ..source.statement import Statement
    from .batch import Batch, Dirty
    from .journal import Journal
    from .modules import LoadedModule
    from .view import View


class Adapter:
    """What an adapter may have; each method may be left out. `work` is the batch as adapters see it."""

    library = ""
    tested = ""

    def begin(self, work: Adapting) -> None:
        """Before any statement runs; not where only bodies of functions changed."""

    def derives(self, work: Adapting, value: Any, function: FunctionType) -> bool:
        """Whether the library made something of the signature of `function`, bound as `value`: its decorators run again."""
        return False

    def withdraw(self, work: Adapting, definition: Definition) -> Callable[[], None] | None:
        """Take out what the earlier run of a statement registered. What is returned is called once it ran again."""

    def merge(self, work: Adapting, before: Any, after: Any) -> bool:
        """Make `before`, which the program holds, what `after` is; False where this is not the library's matter."""
        return False

    def redefine(self, work: Adapting, edit: ClassEdit) -> bool:
        """Bring an edited class up to date without executing its statement; False to leave it to the engine."""
        return False

    def settle(self, work: Adapting) -> None:  # what it asks to run again runs before `finish`
        """After all statements ran: what was derived from what changed is derived again, or said."""

    def finish(self, work: Adapting) -> None:
        """The batch has run: what was opened for it is closed."""

    def files(self) -> Iterator[tuple[str, bytes | None]]:
        """Files that the library has read and keeps: path, and the bytes it runs (None: not those on disk)."""
        return iter(())

    def refresh(self, work: Adapting, path: str) -> None:
        """One of `files` was saved."""


class Definition:
    """A statement that is about to run again, or was removed: what it made when it ran before can be recognised."""

    __slots__ = ("_codes", "_values", "before", "module", "name", "removed", "statement")

    def __init__(
        self,
        module: LoadedModule,
        statement: Statement,
        before: Statement,
        values: Sequence[Any],
        codes: Sequence[CodeType],
    ) -> None:
        self.module = module
        self.statement = statement
        self.before = before
        self.name = statement.name
        self.removed = False
        self._values = {id(v) for v in values if v is not None}
        self._codes = {id(c) for c in codes}

    def call(self) -> Call | None:
        """The call that the statement was when it ran before, where it is one: `app.add(x, prefix="/a")`."""
        node = parse(self.before)
        call = node.value if isinstance(node, ast.Expr) else None
        chain = chain_of(call.func) if isinstance(call, ast.Call) else None
        return Call(self.module.ns, call, chain) if isinstance(call, ast.Call) and chain and len(chain) > 1 else None

    def made(self, value: Any) -> bool:
        """Whether `value` is what the statement made, as it is or behind what was wrapped around it since."""
        for _ in range(20):
            if id(value) in self._values:
                return True
            if kind_of(value) is FunctionType and id(value.__code__) in self._codes:
                return True
            value = getattr_raw(value, "__wrapped__")
            if value is None:
                return False
        return False


class Call:
    """A call at the top level of a module: whose method it is, and its arguments as far as names and constants tell them."""

    __slots__ = ("arguments", "chain", "constants", "owner")

    def __init__(self, ns: dict[str, Any], call: ast.Call, chain: Chain) -> None:
        self.chain = chain
        self.owner = _value(ns, chain[:-1])
        self.arguments = [_value(ns, chain_of(a) or ()) for a in call.args]
        self.constants = {k.arg: k.value.value for k in call.keywords if k.arg and isinstance(k.value, ast.Constant)}


def _value(ns: dict[str, Any], chain: Chain) -> Any:
    value = ns.get(chain[0]) if chain else None
    for part in chain[1:]:
        value = getattr_raw(value, part)
    return value


class ClassEdit:
    """An edited class: `cls` as it lives, the names whose statements changed or are gone, and how to run the changed ones."""

    __slots__ = ("annotated", "cls", "dirty", "dirty_names", "removed", "run", "shell")

    def __init__(
        self, cls: type, dirty: Dirty, names: set[str], removed: set[str], annotated: bool, shell: bool, run: Any
    ) -> None:
        self.cls = cls
        self.dirty = dirty
        self.dirty_names = names
        self.removed = removed
        self.annotated = annotated
        self.shell = shell
        self.run: Callable[[set[str]], dict[str, Any]] = run


class Adapting:
    """The adapters of one batch, and what they may ask and do."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._active = [a for a in batch.modules.adapters() if a.library in sys.modules]
        self._waiting: list[tuple[Adapter, Callable[[], None]]] = []
        self._instances: dict[type, list[Any]] = {}
        self.functions: list[FunctionType] = []
        self.classes: list[type] = []

    # what the engine asks ----------------------------------------------------------------------------------------
    def begin(self) -> None:
        if not self._batch.pending and not self._batch.removed:
            return  # bodies alone: nothing is registered
        for adapter in self._having("begin"):
            self._call(adapter, adapter.begin, self)

    def derives(self, value: Any, function: FunctionType) -> bool:
        return any(self._call(a, a.derives, self, value, function) for a in self._having("derives"))

    def withdraw(self, dirty: Dirty) -> None:
        """A statement is about to run again: adapters take out what it registered."""
        adapters = self._having("withdraw")
        if adapters and dirty.view.old(dirty.index) is not None:
            self._withdraw(adapters, definition_of(dirty.view, dirty.index))

    def gone(self, view: View, statement: Statement, value: Any) -> None:
        """A statement was removed: adapters take out what it registered."""
        adapters = self._having("withdraw")
        if adapters:
            definition = Definition(view.module, statement, statement, [value], old_codes(view, statement))
            definition.removed = True
            self._withdraw(adapters, definition)
            self.placed()

    def _withdraw(self, adapters: list[Any], definition: Definition) -> None:
        for adapter in adapters:
            place = self._call(adapter, adapter.withdraw, self, definition)
            if place is not None:
                self._waiting.append((adapter, place))

    def placed(self) -> None:
        """The statement has run: what it registered takes the place of what was taken out."""
        waiting, self._waiting = self._waiting, []
        for adapter, place in waiting:
            self._call(adapter, place)

    def merge(self, before: Any, after: Any) -> bool:
        return any(self._call(a, a.merge, self, before, after) for a in self._having("merge"))

    def redefine(self, edit: ClassEdit) -> bool:
        return any(self._call(a, a.redefine, self, edit) for a in self._having("redefine"))

    def settle(self) -> None:
        for adapter in self._having("settle"):
            self._call(adapter, adapter.settle, self)

    def finish(self) -> None:
        for adapter in self._having("finish"):
            self._call(adapter, adapter.finish, self)

    def refresh(self, paths: Sequence[str]) -> None:
        for path in paths:
            for adapter in self._having("refresh"):
                self._call(adapter, adapter.refresh, self, path)

    def close(self) -> None:
        """Let go of everything, as the batch does."""
        self.functions.clear()
        self.classes.clear()
        self._instances.clear()
        self._waiting.clear()

    def _having(self, name: str) -> list[Any]:
        return [a for a in self._active if hasattr(a, name)]

    def _call(self, adapter: Any, method: Any, *arguments: Any) -> Any:
        mark = self.journal.mark()
        try:
            return method(*arguments)
        except Exception as error:  # noqa: BLE001, RUF100 - a library of another shape must not break the reload
            self.journal.rollback(mark)
            self._active = [a for a in self._active if a is not adapter]
            self._say_fault(adapter, error)
            return None

    def _say_fault(self, adapter: Any, error: Exception) -> None:
        path, place = self.anywhere()
        self._batch.findings.say(
            "RLD717",
            f"What {adapter.library} keeps of this edit could not be brought up to date ({type(error).__name__}: {error}); the "
            f"adapter knows version {adapter.tested or '?'}. Restart the process.",
            path,
            place,
            data={"library": adapter.library, "fixes": [{"kind": "restart"}]},
        )

    # what adapters may use ---------------------------------------------------------------------------------------
    @property
    def journal(self) -> Journal:
        """Records how to take back whatever an adapter changes."""
        return self._batch.journal

    @property
    def edited(self) -> list[LoadedModule]:
        """The modules that have a new text."""
        return [e.module for e in self._batch.edits]

    def texts(self) -> list[str]:
        """The new texts."""
        return [e.text for e in self._batch.edits]

    def decorated_line(self, value: Any, module: LoadedModule) -> int:
        """The line on which a decorated function at the top level of `module` stands, -1 for anything else."""
        found = self._statement_of(value)
        if found is None or found[0].module is not module:
            return -1
        statement = found[0].statements[found[1]]
        return statement.line if statement.kind == "function" and statement.text.lstrip()[:1] == "@" else -1

    def changed(self, module: str, name: str) -> bool:
        """Whether a name of a module is another object, or holds or does something else, since this batch."""
        return (module, name) in self._batch.changes

    def swapped(self) -> list[FunctionType]:
        """The functions whose own code is new."""
        return [s.function for s in self._batch.swapped if s.pair.own]

    def instances(self, cls: type) -> list[Any]:
        """The live objects of a class and its subclasses; looked for once in a batch."""
        if cls not in self._instances:
            self._instances[cls] = survey((), [cls]).instances.get(cls, [])
        return self._instances[cls]

    def rerun(self, value: Any, why: str) -> bool:
        """Run the statement again that defines a function or class of the user's; False where none is found."""
        found = self._statement_of(value)
        if found is None:
            return False
        self._batch.mark(found[0], found[1], "rebuild", why)
        return True

    def rerun_call(self, method: str, owner: Any, argument: Any, why: str) -> bool:
        """Run the statement `owner.method(argument, ...)` again, wherever it stands at the top level of a module."""
        for module in self._batch.modules.all():
            view = self._batch.view_of(module) if method in module.text else None
            for index, statement in enumerate(view.statements) if view is not None else ():
                if view is not None and statement.kind == "effect" and method in statement.text:
                    call = Definition(module, statement, statement, (), ()).call()
                    if call is not None and call.owner is owner and argument in call.arguments:
                        self._batch.mark(view, index, "rebuild", why)
                        return True
        return False

    def say(
        self, code: str, message: str, value: Any = None, *, severity: Any = None, verdict: Any = None, count: int = 0
    ) -> None:
        """A finding on the statement that defines `value` (or where a Dirty stands; else on what was edited)."""
        path, place = self._place(value)
        self._batch.findings.say(
            code, message, path, place, severity=severity, verdict=verdict,
            count=Count(count) if count else None, data={"fixes": [{"kind": "restart"}]},
        )  # fmt: skip

    def _place(self, value: Any) -> tuple[str, Range]:
        found = (value.view, value.index) if hasattr(type(value), "reasons") else self._statement_of(value)
        if found is None:
            return self.anywhere()
        view, index = found
        return view.module.path, place_of(view.statements[index])

    def statement_of_name(self, module: LoadedModule, name: str) -> Any:
        """Where `name` of a module is bound: something to give to `say`."""
        from .batch import Dirty

        view = self._batch.view_of(module)
        binders = view.binders(name)
        return Dirty(view, binders[-1]) if binders else None

    def set_member(self, cls: type, name: str, value: Any) -> None:
        """Set a member of a class; a function that stands there is patched instead."""
        from .classes import members_of, set_member
        from .merge import class_merge

        before = members_of(cls).get(name)
        result = class_merge(self._batch).merged(before, value) if before is not None else value
        if result is not before:
            set_member(cls, name, result, self.journal)

    def del_member(self, cls: type, name: str) -> None:
        from .classes import del_member

        del_member(cls, name, self.journal)

    def annotate(self, cls: type, annotations: dict[str, Any]) -> None:
        """Add annotations to a class."""
        current = cls.__dict__.get("__annotations__")
        if type(current) is dict:
            self.journal.replace_content(current, {**current, **annotations})

    def modules(self) -> list[LoadedModule]:
        """Every loaded module of the user's."""
        return self._batch.modules.all()

    def module(self, name: str) -> LoadedModule | None:
        return self._batch.modules.named(name)

    def _statement_of(self, value: Any) -> tuple[View, int] | None:
        while getattr_raw(value, "__wrapped__") is not None:
            value = getattr_raw(value, "__wrapped__")
        if is_a(value, type):
            module, name = self.module(value.__module__), value.__qualname__.partition(".")[0]
            binders = self._batch.view_of(module).binders(name) if module is not None else []
            return (self._batch.view_of(module), binders[-1]) if module is not None and binders else None
        if not is_a(value, FunctionType):
            return None
        module = self._batch.modules.of_namespace(value.__globals__)
        if module is None or "<locals>" in value.__qualname__:
            return None
        view, line = self._batch.view_of(module), value.__code__.co_firstlineno - 1
        return next(((view, i) for i, s in enumerate(view.statements) if s.line <= line <= s.end_line), None)

    def anywhere(self) -> tuple[str, Range]:
        """The first edited statement: where something is said that has no place of its own."""
        for edit in self._batch.edits:
            for index, before in enumerate(edit.pairing.old_of):
                if before is None or edit.old[before].text != edit.new[index].text:
                    return edit.module.path, place_of(edit.new[index])
            return edit.module.path, Range.of(0, 0, 0, 1)
        return next((m.path for m in self._batch.modules.all()), ""), Range.of(0, 0, 0, 1)


def definition_of(view: View, index: int) -> Definition:
    """What is known of the earlier run of statement `index`."""
    statement = view.statements[index]
    before = view.old(index)
    codes = list(view.codes(index))
    if before is not None and view.edit is not None:
        codes += old_codes(view, before)
    value = view.ns.get(statement.name) if statement.kind in ("function", "class") else None
    return Definition(view.module, statement, before or statement, [value], codes)


def old_codes(view: View, statement: Statement) -> list[CodeType]:
    """The codes that the loaded text has in a statement."""
    from ..source.codes import nested, within

    return within(nested(view.module.loaded_code()), statement.line, statement.end_line)
