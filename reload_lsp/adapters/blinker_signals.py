"""blinker, of which Flask's signals are: what `signal.connect(function, sender)` at the top level of a module connected."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class BlinkerSignals:
    """Calls that run again, or are gone: what they connected is taken out."""

    library = "blinker"
    tested = "1.9"

    def repeats(self, work: Work, definition: Definition) -> bool:
        return _connected(definition) is not None

    def undoes(self, work: Work, definition: Definition) -> bool:
        return _connected(definition) is not None

    def withdraw(self, work: Work, definition: Definition) -> None:
        found = _connected(definition)
        if found is not None:
            signal, receiver, sender = found
            signal.disconnect(receiver, sender)
            work.journal.record(signal.connect, receiver, sender)


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


ADAPTER = BlinkerSignals()
