"""blinker, of which Flask's signals are: what calls and decorators at the top level of a module connected."""

from __future__ import annotations

import ast
import sys
import weakref
from types import FunctionType

from ..source.names import chain_of
from ..source.statement import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work
    from ..source.names import Chain


class BlinkerSignals:
    """Calls and definitions that run again, or are gone: what they connected is taken out."""

    library = "blinker"
    tested = "1.9"

    def repeats(self, work: Work, definition: Definition) -> bool:
        return _connected(definition) is not None

    def undoes(self, work: Work, definition: Definition) -> bool:
        return _connected(definition) is not None

    def withdraw(self, work: Work, definition: Definition) -> None:
        found = _connected(definition)
        for signal, receiver, sender in [found] if found is not None else list(_decorated(work, definition)):
            held = signal.receivers.get(id(receiver))
            weak = held is None or isinstance(held, weakref.ref)
            signal.disconnect(receiver, sender)
            work.journal.record(signal.connect, receiver, sender, weak)

    def reconnect(self, work: Work, made: FunctionType, lasting: FunctionType) -> None:
        """The function that was connected is merged into the one that lives."""
        for signal in work.instances(sys.modules[self.library].Signal):
            senders = list(signal._by_receiver.get(id(made), ()))
            held = signal.receivers.get(id(made))
            if not senders or held is None:
                continue
            signal._disconnect(id(made), sys.modules["blinker.base"].ANY_ID)
            work.journal.record(_cut, signal, lasting, senders)
            weak = isinstance(held, weakref.ref)
            cleanup = signal._make_cleanup_receiver(id(lasting))
            signal.receivers[id(lasting)] = weakref.ref(lasting, cleanup) if weak else lasting
            for sender in senders:
                signal._by_sender[sender].add(id(lasting))
                signal._by_receiver[id(lasting)].add(sender)


def _cut(signal: Any, receiver: FunctionType, senders: list[Any]) -> None:
    for sender in senders:
        signal._disconnect(id(receiver), sender)


def _connected(definition: Definition) -> tuple[Any, Any, Any] | None:
    """The signal, the function and the sender of a connection that a call made."""
    blinker: Any = sys.modules["blinker"]
    call = definition.call() if definition.statement.kind == "effect" else None
    if call is None or call.chain[-1] != "connect" or not isinstance(call.owner, blinker.Signal) or not call.arguments:
        return None
    receiver, *more = call.arguments
    sender = more[0] if more else call.named.get("sender", None if "sender" in call.keywords else blinker.ANY)
    if receiver is None or sender is None or receiver not in list(call.owner.receivers_for(sender)):
        return None
    return call.owner, receiver, sender


def _decorated(work: Work, definition: Definition) -> Iterator[tuple[Any, Any, Any]]:
    """The connections of `@signal.connect` and `@signal.connect_via(sender)`."""
    blinker: Any = sys.modules["blinker"]
    node = parse(definition.before) if definition.statement.kind == "function" else None
    for decorator in getattr(node, "decorator_list", ()):
        call = decorator if isinstance(decorator, ast.Call) else None
        chain = chain_of(call.func if call is not None else decorator)
        signal: Any = _value(definition, chain[:-1]) if chain and chain[-1] in ("connect", "connect_via") else None
        if not isinstance(signal, blinker.Signal):
            continue
        given = chain_of(call.args[0]) if call is not None and call.args else None
        sender = blinker.ANY if call is None else _value(definition, given) if given else None
        mine = [f for f in list(signal.receivers_for(sender)) if definition.made(f)] if sender is not None else []
        for function in mine:
            if sender is not blinker.ANY or len(signal._by_receiver[id(function)]) == 1:
                yield signal, function, sender


def _value(definition: Definition, chain: Chain | None) -> Any:
    value = definition.module.ns.get(chain[0]) if chain else None
    for part in chain[1:] if chain else ():
        value = getattr(value, part, None)
    return value


ADAPTER = BlinkerSignals()
