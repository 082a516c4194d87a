"""Statements that an edit moved: where one passed another that it has to do with, a fresh start does them in the new order."""

from __future__ import annotations

from collections.abc import Sequence

from ..source.diff import passed
from ..source.names import Names
from .batch import Batch
from .kinds import kind_of
from .values import CONTAINERS
from .view import View

_RUNNING = frozenset(("bind", "effect", "block", "import", "function", "class"))


def mark_moved(batch: Batch, view: View, old_of: Sequence[int | None]) -> None:
    """Mark what the new order of unchanged statements makes another."""
    kept = [i for i, before in enumerate(old_of) if before is not None and view.statements[i].kind in _RUNNING]
    for first, second in passed([old_of[i] or 0 for i in kept]):
        _passed(batch, view, kept[first], kept[second])


def _passed(batch: Batch, view: View, first: int, second: int) -> None:
    """Two statements whose order is another now, `first` above `second`."""
    a, b = view.names(first), view.names(second)
    why = f"it passed {{}} on line {view.statements[first].line + 1}"
    for name in a.binds & b.binds:
        if view.binders(name)[-1] == second:
            batch.mark(view, second, "rebuild", why.format(name))
    for name in (a.mutates & b.mutates) | (a.mutates & _read(view, b)) | (b.mutates & _read(view, a)):
        if not _made_again(batch, view, name, why.format(name)):
            continue
        for index, names in ((first, a), (second, b)):
            if name not in names.mutates:
                batch.mark(view, index, "input", why.format(name))
    for index, reads, binds in ((second, b, a.binds), (first, a, b.binds)):
        seen = binds & _read(view, reads) if view.statements[index].kind not in ("function", "class") else set[str]()
        if any(len(view.binders(name)) > 1 for name in seen):
            batch.mark(view, index, "input", why.format(min(seen)))


def _read(view: View, names: Names) -> set[str]:
    """The names that a statement reads, itself or in the functions of its module that it calls."""
    found = {chain[0] for chain in names.reads | names.calls}
    for chain in names.calls:
        for index in view.binders(chain[0]) if len(chain) == 1 else ():
            if view.statements[index].kind == "function":
                found |= {n for code in view.codes(index) for n in code.co_names}
    return found - names.mutates


def _made_again(batch: Batch, view: View, name: str, why: str) -> bool:
    """Whether a container is the module's own: it is filled again, in the new order."""
    if kind_of(view.ns.get(name)) not in CONTAINERS:
        return False
    binders = [i for i in view.binders(name) if view.statements[i].kind == "bind"]
    if binders:
        batch.mark(view, binders[-1], "rebuild", why)
    return bool(binders)
