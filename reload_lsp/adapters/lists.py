"""Registries that are lists: what a statement put there goes, and what its next run puts there takes the same place."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

Wanted = Callable[["Any"], bool]


class Places:
    """Where in some lists the entries stood that were taken out; calling it moves what came since there."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._taken: list[tuple[list[Any], int, list[Any]]] = []

    def take(self, entries: list[Any], mine: Wanted) -> list[Any]:
        """Take the entries for which `mine` says so out of a list."""
        taken = [e for e in entries if mine(e)]
        if taken:
            index = next(i for i, e in enumerate(entries) if mine(e))
            self.work.journal.replace_content(entries, [e for e in entries if not mine(e)])
            self._taken.append((entries, index, list(entries)))
        return taken

    def drop(self, table: dict[Any, Any], mine: Wanted) -> list[Any]:
        """Take the items whose value `mine` accepts out of a dictionary; their keys."""
        keys = [k for k, v in list(table.items()) if mine(v)]
        for key in keys:
            self.work.journal.del_item(table, key)
        return keys

    def __bool__(self) -> bool:
        return bool(self._taken)

    def __call__(self) -> None:
        for entries, index, before in self._taken:
            known = {id(e) for e in before}
            new = [e for e in entries if id(e) not in known]
            rest = [e for e in entries if id(e) in known]
            self.work.journal.replace_content(entries, [*rest[:index], *new, *rest[index:]])


def in_order(work: Work, entries: list[Any]) -> None:
    """Of the functions in a list that the statements of a module registered, the one that stands first comes first."""
    for module in work.edited:
        lines = {i: line for i, f in enumerate(entries) if (line := work.decorated_line(f, module)) >= 0}
        content = list(entries)
        for index, origin in zip(lines, sorted(lines, key=lambda i: lines[i]), strict=True):
            content[index] = entries[origin]
        if any(a is not b for a, b in zip(content, entries, strict=True)):
            work.journal.replace_content(entries, content)
