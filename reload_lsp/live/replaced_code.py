"""Functions whose code the program itself has replaced, as instruments do: an edit gives them what their text says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..findings.values import Count, Range
from ..source.codes import CodePair, own_part, walk
from .batch import Batch
from .edit import ModuleEdit
from .functions import Swap, is_forwarder
from .lingering import name_of
from .reach import functions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def swaps_of_rewritten(batch: Batch, edits: Sequence[ModuleEdit], swaps: Sequence[Swap]) -> list[Swap]:
    """The functions of edited text that run neither what it was nor what it is: they get what it is, and it is said.

    `swaps` are those that run what it was: they need not be looked for.
    """
    found: list[Swap] = []
    running = {id(s.pair.old) for s in swaps}
    for edit in edits:
        edited = {name_of(p.old): p for p in edit.codes if p.own and id(p.old) not in running}
        if edited and not edit.module.doubt:
            found += _in_module(edit, edited)
    found = [s for s in found if not _is_decorators(batch, s)]
    for swap in found:
        batch.modules.recorder.started.suppose(swap.pair.new)
    for swap in [s for s in found if own_part(s.function.__code__) != own_part(s.pair.old)]:
        _say(batch, swap)
    return found


def _in_module(edit: ModuleEdit, edited: dict[str, CodePair]) -> Iterable[Swap]:
    known: set[int] | None = None
    for function in functions_of(edit.module.ns.values(), edit.module.path):
        pair, code = edited.get(function.__qualname__), function.__code__
        if pair is None or code is pair.old or code.co_filename != edit.module.filename:
            continue
        if known is None:
            known = {id(c) for c in walk(edit.module.loaded_code())}
        if id(code) not in known and not is_forwarder(code):
            yield Swap(function, pair)


def _is_decorators(batch: Batch, swap: Swap) -> bool:
    """Whether a decorator may have replaced the code, as those that check types do: it is asked to do so again."""
    function: Any = swap.function
    if own_part(function.__code__) == own_part(swap.pair.old):
        return False
    for edit in batch.edits:
        for statement in edit.new if edit.module.ns is function.__globals__ else ():
            if statement.line < swap.pair.new.co_firstlineno <= statement.end_line + 1 and statement.text[:1] == "@":
                batch.view_of(edit.module).redecorated.add(statement.name)
                return True
    return False


def _say(batch: Batch, swap: Swap) -> None:
    line = swap.pair.new.co_firstlineno - 1
    batch.findings.say(
        "RLD218",
        f"The code of {swap.function.__qualname__} had been replaced while the program ran: it is what its text says now, "
        "without that. Do again what replaced it, or restart the process.",
        swap.pair.new.co_filename,
        Range.of(line, 0, line, 200),
        count=Count(1),
        data={"fixes": [{"kind": "restart"}]},
    )
