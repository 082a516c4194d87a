"""What a batch is to an adapter: what changed, what lives, how to change it so that it can be taken back, how to say it."""

from __future__ import annotations

from types import FunctionType

from ..findings.values import Count, Range
from .adapter import Definition, definition_of
from .classes import del_member, members_of, set_member
from .heap import survey
from .kinds import is_a, kind_of
from .reach import getattr_raw
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .adapter import Call
    from .batch import Batch
    from .journal import Journal
    from .loaded import LoadedModule
    from .view import View


class Work:
    """One batch as adapters see it. `functions` were made again (their signature may differ), `classes` were edited."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._instances: dict[type, list[Any]] = {}
        self.functions: list[FunctionType] = []
        self.classes: list[type] = []

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

    def anything(self) -> bool:
        """Whether any name or function is not what it was."""
        return bool(self._batch.changes or self._batch.swapped)

    def swapped(self) -> list[FunctionType]:
        """The functions whose own code is new."""
        found: list[Any] = [s.function for s in self._batch.swapped if s.pair.own]
        return found

    def replaced(self) -> list[Any]:
        """The objects in whose place their statements bound others."""
        return [before for before, _ in self._batch.replaced]

    def code_before(self, function: FunctionType) -> Any:
        """The code that a function of `swapped` had before this batch."""
        swaps = {id(s.function): s for s in self._batch.swapped}
        return swaps[id(function)].pair.old if id(function) in swaps else function.__code__

    def instances(self, cls: type) -> list[Any]:
        """The live objects of a class and its subclasses that are more than just made; looked for once in a batch."""
        if cls not in self._instances:
            found = survey((), [cls]).instances.get(cls, [])
            self._instances[cls] = [x for x in found if getattr_raw(x, "__dict__") != {}]
        return self._instances[cls]

    def remade(self) -> list[type]:
        """The classes that one made in this batch was merged into."""
        return list(self._batch.class_pairs.values())

    def is_copy(self, cls: type) -> bool:
        """Whether a class was made in this batch only to be merged into one that lives; its bases list it until the end."""
        return any(r() is cls for r in self._batch.stuck)

    def rerun(self, value: Any, why: str) -> bool:
        """Run the statement again that defines a function or class of the user's; False where none is found."""
        found = self._statement_of(value)
        if found is None:
            return False
        self._batch.mark(found[0], found[1], "rebuild", why)
        return True

    def maker_of(self, value: Any) -> Definition | None:
        """The statement `name = call(...)` at the top level of a module that made `value`."""
        for module in self._batch.modules.all():
            for name in [n for n, v in list(module.ns.items()) if v is value]:
                view = self._batch.view_of(module)
                for index in view.binders(name)[-1:]:
                    if view.statements[index].kind == "bind":
                        return definition_of(view, index)
        return None

    def old_texts(self) -> list[str]:
        """The texts from before this batch of the modules that have a new one."""
        return ["\n".join(s.text for s in e.old) for e in self._batch.edits]

    def texts_of(self, value: Any) -> tuple[str, str] | None:
        """The text of the statement that defines `value`, before this batch and now; None where it is new or not found."""
        view, index = self._statement_of(value) or (None, -1)
        before = view.old(index) if view is not None else None
        return (before.text, view.statements[index].text) if view is not None and before is not None else None

    def rerun_name(self, module: LoadedModule, name: str, why: str) -> None:
        """Run the statement again that binds `name` at the top level of a module."""
        view = self._batch.view_of(module)
        for index in view.binders(name)[-1:]:
            self._batch.mark(view, index, "rebuild", why)

    def attribute_changed(self, value: Any, name: str) -> None:
        """An attribute of a library's object is another one: what read it by a name of the object looks again."""
        from .attributes import members_changed  # which knows batches, which know us

        for module in self._batch.modules.all():
            for bound in [n for n, v in list(module.ns.items()) if v is value] if name in module.text else ():
                members_changed(self._batch, module, bound, {name})

    def rerun_call(self, method: str, owner: Any, argument: Any, why: str) -> bool:
        """Run the statements `owner.method(argument, ...)` again, wherever they stand at the top level of a module."""
        found = False
        for module in self._batch.modules.all():
            for index, call in self._calls(module, method):
                if call.owner is owner and argument in call.arguments:
                    self._batch.mark(self._batch.view_of(module), index, "rebuild", why)
                    found = True
        return found

    def calls(self, module: LoadedModule, method: str) -> Iterator[tuple[int, Call]]:
        """The calls `owner.method(...)` at the top level of a module, each with its line."""
        for index, call in self._calls(module, method):
            yield self._batch.view_of(module).statements[index].line, call

    def _calls(self, module: LoadedModule, method: str) -> Iterator[tuple[int, Call]]:
        view = self._batch.view_of(module)
        for index, statement in enumerate(view.statements) if method in view.text else ():
            if statement.kind == "effect" and method in statement.text:
                call = Definition(module, statement, statement, (), ()).call()
                if call is not None and call.chain[-1] == method:
                    yield index, call

    def say(
        self, code: str, message: str, value: Any = None, *, severity: Any = None, verdict: Any = None, count: int = 0
    ) -> None:
        """A finding on the statement that defines `value` (or where a Dirty stands; else on what was edited)."""
        path, place = self._place(value)
        self._batch.findings.say(
            code, message, path, place, severity=severity, verdict=verdict,
            count=Count(count) if count else None, data={"fixes": [{"kind": "restart"}]},
        )  # fmt: skip

    def say_file(self, code: str, message: str, path: str) -> None:
        """A finding at the beginning of a file that is no module."""
        self._batch.findings.say(code, message, path, Range.of(0, 0, 0, 1), data={"fixes": [{"kind": "restart"}]})

    def _place(self, value: Any) -> tuple[str, Range]:
        found = (value.view, value.index) if hasattr(value, "reasons") else self._statement_of(value)
        if found is None:
            return self.anywhere()
        view, index = found
        return view.module.path, place_of(view.statements[index])

    def statement_of_name(self, module: LoadedModule, name: str) -> Any:
        """Where `name` of a module is bound: something to give to `say`."""
        from .dirty import Dirty

        view = self._batch.view_of(module)
        binders = view.binders(name)
        return Dirty(view, binders[-1]) if binders else None

    def set_member(self, cls: type, name: str, value: Any) -> None:
        """Set a member of a class; a function that stands there is patched instead."""
        from .merge import class_merge  # which knows batches, which know us

        before = members_of(cls).get(name)
        result = class_merge(self._batch).merged(before, value) if before is not None else value
        if result is not before:
            set_member(cls, name, result, self.journal)
            hook: Any = getattr(kind_of(result), "__set_name__", None)
            if hook is not None and not is_a(result, type):
                hook(result, cls, name)

    def del_member(self, cls: type, name: str) -> None:
        del_member(cls, name, self.journal)

    def annotate(self, cls: type, annotations: dict[str, Any]) -> None:
        """Add annotations to a class."""
        current = members_of(cls).get("__annotations__")
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
