"""Where libraries keep something of their own made of the program's definitions, their adapters are asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import FunctionType

from ..plan.impact import Effect, Impact
from .adapter import Definition, definition_of, old_codes
from .work import Work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..source.statement import Statement
    from .adapter import Adapter, ClassEdit
    from .batch import Batch
    from .dirty import Dirty
    from .view import View


class Adapting(Work):
    """The adapters of one batch, where the engine asks them. A fault in one is undone, said, and ends its part in the batch."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self._active = [a for a in batch.modules.adapters() if a.library in sys.modules]
        self._waiting: list[tuple[Adapter, Callable[[], None]]] = []

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

    def repeats(self, dirty: Dirty, impact: Impact) -> bool:
        """Whether a statement of which nothing but a registration is known may run again: an adapter takes the first out."""
        return impact.effect in (Effect.GLOBAL, Effect.UNKNOWN) and self.takes_out(dirty)

    def takes_out(self, dirty: Dirty) -> bool:
        """Whether an adapter takes out what the earlier run of a statement registered, or it leaves nothing behind."""
        adapters = self._having("repeats")
        if not adapters or dirty.view.old(dirty.index) is None:
            return False
        definition = definition_of(dirty.view, dirty.index)
        return any(self._call(a, a.repeats, self, definition) for a in adapters)

    def remakes(self, dirty: Dirty, impact: Impact) -> bool:
        """Whether an adapter has made the value of `app = create_app()` again, and handed its state to the one that is served."""
        adapters = self._having("remakes") if impact.effect <= Effect.UNKNOWN and dirty.statement.kind == "bind" else []
        definition = definition_of(dirty.view, dirty.index)
        return any(self._call(a, a.remakes, self, definition) for a in adapters)

    def opens(self, value: Any) -> bool:
        """Whether making an object again would open a second one of its kind beside it."""
        return any(self._call(a, a.opens, self, value) for a in self._having("opens"))

    def keeps(self, value: Any) -> bool:
        """Whether a library holds objects of this kind for itself, also when nobody uses them any more."""
        return any(self._call(a, a.keeps, value) for a in self._having("keeps"))

    def gone(self, view: View, statement: Statement, value: Any) -> None:
        """A statement was removed: adapters take out what it registered."""
        adapters = self._having("withdraw")
        if adapters:
            definition = Definition(view.module, statement, statement, [value], old_codes(view, statement))
            definition.removed = True
            self._withdraw(adapters, definition)
            self.placed()

    def taken_back(self, view: View, statement: Statement) -> bool:
        """A call was removed: whether an adapter took out what it registered."""
        definition = Definition(view.module, statement, statement, (), old_codes(view, statement))
        definition.removed = True
        able = [a for a in self._having("undoes") if self._call(a, a.undoes, self, definition)]
        self._withdraw(able, definition)
        return bool(able)

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

    def reconnect(self, made: FunctionType, lasting: FunctionType) -> None:
        """Somebody holds a function weakly that was merged into one that lives: who it is takes that."""
        for adapter in self._having("reconnect"):
            self._call(adapter, adapter.reconnect, self, made, lasting)

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
