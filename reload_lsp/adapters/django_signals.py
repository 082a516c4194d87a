"""Django: a signal has the receivers that decorators and calls connected, most of them weakly."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from types import FunctionType

from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.loaded import LoadedModule
    from ..live.work import Work


class DjangoSignals:
    """Receivers of `@receiver(...)` and `signal.connect(...)` with another signal, sender or identifier, or gone."""

    library = "django.dispatch.dispatcher"
    tested = "5.2, 6.1"

    def __init__(self) -> None:
        self._places: dict[int, int] = {}

    def begin(self, work: Work) -> None:
        self._places = {}

    def repeats(self, work: Work, definition: Definition) -> bool:
        """What a call connected is taken out before it runs again."""
        call = definition.call() if definition.statement.kind == "effect" else None
        return any(True for _ in _connected(call)) if call is not None else False

    def withdraw(self, work: Work, definition: Definition) -> Places | None:
        call = definition.call() if definition.statement.kind == "effect" else None
        places = Places(work)
        for signal, entry in list(_connected(call)) if call is not None else ():
            places.take(signal.receivers, lambda e, entry=entry: e is entry)
            signal.sender_receivers_cache.clear()
        if definition.statement.kind == "function":
            for signal, key in [s for c in definition.decorators() for s in _signals(c)]:
                gone = [e for e in signal.receivers if key in ("?", e[0][1]) and definition.made(_receiver(e))]
                self._take(work, signal, gone)
        return places if places and not definition.removed else None

    def settle(self, work: Work) -> None:
        """Receivers that statements of a module connected are called in the order of their lines."""
        if any("connect" in text or "receiver" in text for text in (*work.texts(), *work.old_texts())):
            for module in work.edited:
                calls = list(work.calls(module, "connect"))
                for signal in work.instances(sys.modules[self.library].Signal):
                    _in_order(work, signal, _lines(work, signal, module, calls))

    def reconnect(self, work: Work, made: FunctionType, lasting: FunctionType) -> None:
        """The function that was connected is merged into the one that lives, which stands where it stood."""
        for signal in work.instances(sys.modules[self.library].Signal):
            mine = [e for e in signal.receivers if _receiver(e) is made]
            if mine:
                others = [e for e in signal.receivers if not any(e is m for m in mine)]
                work.journal.record(_fill, signal, others)  # without the other function, which nobody may hold
                place = self._places.get(id(signal), _place(others, lasting))
                _fill(signal, [*others[:place], *(_of(signal, lasting, e) for e in mine), *others[place:]])
        registry: dict[Any, Any] = getattr(weakref.finalize, "_registry", {})
        for waiting in list(registry):
            known = waiting.peek()
            if known is not None and known[0] is made:
                waiting.detach()
                weakref.finalize(lasting, known[1], *known[2], **known[3])

    def _take(self, work: Work, signal: Any, gone: list[Any]) -> None:
        if gone:
            self._places[id(signal)] = next(i for i, e in enumerate(signal.receivers) if e is gone[0])
            work.journal.replace_content(
                signal.receivers, [e for e in signal.receivers if not any(e is g for g in gone)]
            )
            signal.sender_receivers_cache.clear()


def _lines(work: Work, signal: Any, module: LoadedModule, calls: list[tuple[int, Call]]) -> dict[int, int]:
    """Where the statements of a module stand that connected the entries of a signal."""
    lines = {id(e): work.decorated_line(_receiver(e), module) for e in signal.receivers}
    for line, call in calls:
        if call.owner is signal:
            lines |= {id(entry): line for _, entry in _connected(call)}
    return {i: line for i, line in lines.items() if line >= 0}


def _in_order(work: Work, signal: Any, lines: dict[int, int]) -> None:
    content = list(signal.receivers)
    previous: Any = None
    for entry in sorted((e for e in content if id(e) in lines), key=lambda e: lines[id(e)]):
        at = _index(content, entry)
        above = next((i for i, e in enumerate(content) if lines.get(id(e), -1) > lines[id(entry)]), at)
        if above < at:
            del content[at]
            content.insert(above if previous is None else _index(content, previous) + 1, entry)
        previous = entry
    if any(a is not b for a, b in zip(content, signal.receivers, strict=True)):
        work.journal.replace_content(signal.receivers, content)
        signal.sender_receivers_cache.clear()


def _index(content: list[Any], entry: Any) -> int:
    return next(i for i, e in enumerate(content) if e is entry)


def _signals(call: Call) -> list[tuple[Any, Any]]:
    """The signals that a decorator or call names, and how they know the sender ("?": that cannot be told)."""
    base: Any = sys.modules["django.dispatch.dispatcher"].Signal
    named = [s for s in call.given if isinstance(s, base)]
    return [(s, _key(call)) for s in named] if call.chain[-1] == "receiver" else []


def _key(call: Call) -> Any:
    if "sender" not in call.keywords:
        return sys.modules["django.dispatch.dispatcher"]._make_id(None)
    sender = call.named.get("sender")
    return "?" if sender is None or isinstance(sender, str) else id(sender)  # two equal texts may be two objects


def _connected(call: Call) -> Iterator[tuple[Any, Any]]:
    """The signal and the entry of `signal.connect(function, ...)`."""
    base: Any = sys.modules["django.dispatch.dispatcher"].Signal
    if call.chain[-1] != "connect" or not isinstance(call.owner, base) or not (call.arguments or call.named):
        return
    function = call.arguments[0] if call.arguments else call.named.get("receiver")
    uid = call.named.get("dispatch_uid")
    for entry in call.owner.receivers:
        known = uid is None or entry[0][0] == uid
        if function is not None and known and _receiver(entry) == function and _key(call) in ("?", entry[0][1]):
            yield call.owner, entry


def _receiver(entry: Any) -> Any:
    held = entry[1]
    return held() if isinstance(held, weakref.ReferenceType) else held  # pyright: ignore[reportUnknownVariableType]


def _place(entries: list[Any], function: FunctionType) -> int:
    """Before the receivers that stand below the function in its module."""
    code = function.__code__
    for index, receiver in enumerate(map(_receiver, entries)):
        own = type(receiver) is FunctionType and receiver.__globals__ is function.__globals__
        if own and receiver.__code__.co_firstlineno >= code.co_firstlineno:  # it has not been moved down yet
            return index
    return len(entries)


def _fill(signal: Any, entries: list[Any]) -> None:
    signal.receivers[:] = entries
    signal.sender_receivers_cache.clear()


def _of(signal: Any, lasting: FunctionType, entry: Any) -> Any:
    (receiver, sender), held = entry[0], entry[1]
    callback = getattr(signal, "_flag_dead_receivers", None)
    receiver = id(lasting) if receiver == id(_receiver(entry)) else receiver
    return (receiver, sender), weakref.ref(lasting, callback) if held is not _receiver(entry) else lasting, *entry[2:]


ADAPTER = DjangoSignals()
