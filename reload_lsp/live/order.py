"""The order of a module's names: what looks through `globals()` sees a new name where a fresh start would put it."""

from __future__ import annotations

import re
from collections import deque

from .journal import Journal
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHOLE = re.compile(r"\b(?:globals|vars|locals|__dict__)\b").search


def put_in_order(view: View, index: int, journal: Journal) -> None:
    """Move the names that statements after `index` bind behind the one that it has just added.

    Only where the module's text looks at its own names; in one C call, so that no thread sees a name missing.
    """
    if not _WHOLE(view.edit.text if view.edit else view.module.text):
        return
    earlier = {n for i in range(index + 1) for n in view.names(i).binds}
    later = {n for i in range(index + 1, len(view.statements)) for n in view.names(i).binds} - earlier
    behind = [n for n in view.ns if n in later]
    if behind:
        journal.record(_move_to_end, view.ns, list(view.ns))
        _move_to_end(view.ns, behind)


def _move_to_end(ns: dict[str, Any], names: list[str]) -> None:
    there = [n for n in names if n in ns]
    deque(map(ns.__setitem__, there, map(ns.pop, there)), maxlen=0)
