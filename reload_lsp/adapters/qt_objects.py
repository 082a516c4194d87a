"""Qt: connections are made by statements that run once, and nobody but Qt knows them; windows stand as they were built."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Iterator
from types import FunctionType

from ..source.names import chain_of
from ..source.statement import parse
from .built import Built

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class QtObjects:
    """Connections and properties at the top level of modules, and what `__init__` of a live window did."""

    def __init__(self, binding: str, tested: str) -> None:
        self.library = f"{binding}.QtCore"
        self.tested = tested
        self._binding = binding
        self._built = Built()

    def repeats(self, work: Work, definition: Definition) -> bool:
        """`window.setTitle(...)` leaves nothing behind; a connection is taken out before."""
        chain = _call_of(definition)[0]
        if not chain or definition.statement.kind != "effect":
            return False
        owner = _value(definition, chain[:-1])
        sets = chain[-1][:3] == "set" and isinstance(owner, sys.modules[self.library].QObject)
        return sets or self._signal(definition) is not None

    def opens(self, work: Work, value: Any) -> bool:
        """A second window, or a second object in Qt's tree."""
        return isinstance(value, sys.modules[self.library].QObject)

    def undoes(self, work: Work, definition: Definition) -> bool:
        """A connection that can be told; what `set...` has set stays."""
        known = self._signal(definition) is not None and definition.statement.kind == "effect"
        return known and any(slot is not None for slot in _slots(definition))

    def withdraw(self, work: Work, definition: Definition) -> None:
        """`signal.connect(slot)` runs again: its earlier connection goes, or is said to stand."""
        signal = self._signal(definition) if definition.statement.kind == "effect" else None
        if signal is None:
            return
        before = self._connections(definition, signal)
        for slot in _slots(definition):
            try:
                signal.disconnect(slot)
            except (TypeError, RuntimeError):
                continue
            gone = before - self._connections(definition, signal)
            if not gone:
                continue  # PySide answers so, and warns
            for _ in range(gone - 1):
                signal.connect(slot)  # Qt takes every connection to a method out, those of other statements, too
            work.journal.record(signal.connect, slot)
            return
        what = "is gone" if definition.removed else "was edited and connects again"
        work.say(
            "RLD307",
            f"`{definition.before.label}` {what}, and its connection from before this edit is still in force. Restart the "
            "process to be without it.",
        )

    def settle(self, work: Work) -> None:
        widgets: Any = sys.modules.get(f"{self._binding}.QtWidgets")
        if widgets is not None and work.swapped():
            self._built.say(work, widgets.QWidget)

    def _connections(self, definition: Definition, signal: Any) -> int:
        """How many slots a signal has."""
        owner, core = _value(definition, _call_of(definition)[0][:-2]), sys.modules[self.library]
        try:
            return int(owner.receivers(signal))
        except (AttributeError, TypeError):  # the other binding counts by the name
            signature = bytes(core.QMetaMethod.fromSignal(signal).methodSignature()).decode()
            return int(owner.receivers(f"2{signature}"))

    def _signal(self, definition: Definition) -> Any:
        """The signal to which the earlier run connected."""
        chain = _call_of(definition)[0]
        owner = _value(definition, chain[:-1]) if chain and chain[-1] == "connect" else None
        return owner if type(owner).__name__ in ("SignalInstance", "pyqtBoundSignal") else None


def _call_of(definition: Definition, *, now: bool = False) -> tuple[tuple[str, ...], Sequence[ast.expr]]:
    """The names and the arguments of the call that the statement was when it ran before, or is now."""
    node = parse(definition.statement if now else definition.before)
    call = node.value if isinstance(node, ast.Expr) else None
    chain = chain_of(call.func) if isinstance(call, ast.Call) else None
    return (chain, call.args) if isinstance(call, ast.Call) and chain else ((), ())


def _value(definition: Definition, chain: tuple[str, ...]) -> Any:
    value = definition.module.ns.get(chain[0]) if chain else None
    for part in chain[1:]:
        value = getattr(value, part, None)
    return value


def _slots(definition: Definition) -> Iterator[Any]:
    """What the earlier run may have connected."""
    for argument in _call_of(definition)[1][:1]:
        if isinstance(argument, ast.Lambda):
            yield from (f for f in gc.get_objects() if type(f) is FunctionType and definition.made(f))
        elif chain := chain_of(argument):
            yield from (v for v in (_value(definition, chain), _renamed(definition)) if v is not None)


def _renamed(definition: Definition) -> Any:
    """What the statement connects now: a function that an edit renamed is the one that was connected."""
    chains = (chain_of(a) for a in _call_of(definition, now=True)[1][:1])
    return next((_value(definition, c) for c in chains if c), None)
