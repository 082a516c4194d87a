"""File-system events gathered into batches: pure, with the clock passed in.

One batch is everything that changes until the folder has been quiet for `QUIET` seconds: a `git checkout` of
500 files, or a formatter's write after the editor's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

QUIET = 0.050
LONGEST = 2.0
EMPTIED = 0.5
AT_WORK = 10.0

Kind = Literal["modified", "created", "deleted"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file that changed: absolute `path` and what became of it."""

    path: str
    kind: Kind


@dataclass(slots=True)
class Gatherer:
    """Collects raw events and says when a batch is due.

    `due` is the time at which `take` may be called; every further event moves it, up to `longest` after the
    first: a program that writes without end must not hold every other change back.
    """

    quiet: float = QUIET
    longest: float = LONGEST
    emptied: float = EMPTIED
    at_work: float = AT_WORK
    _kinds: dict[str, Kind] = field(default_factory=dict[str, Kind])
    _first: float = 0.0
    _last: float = 0.0

    def add(self, path: str, kind: Kind, now: float) -> None:
        """Take note of one event."""
        if not self._kinds:
            self._first = now
        self._last = now
        self._kinds[path] = joined(self._kinds.get(path), kind)

    @property
    def first(self) -> float:
        """When the first event of the batch came."""
        return self._first

    @property
    def due(self) -> float | None:
        """When the batch may be taken; None while there is nothing."""
        if not self._kinds:
            return None
        return min(self._last + self.quiet, self._first + self.longest)

    def is_half_written(self, is_empty: Callable[[str], bool], now: float) -> bool:
        """Whether a file of the batch is empty since a moment ago: who writes in place empties it first."""
        if now >= self._last + self.emptied:
            return False
        return any(kind == "modified" and is_empty(path) for path, kind in self._kinds.items())

    def may_wait(self, now: float) -> bool:
        """Whether the batch may still wait for a tool that is known to be changing files."""
        return bool(self._kinds) and now < self._first + self.at_work

    def take(self, exists: Callable[[str], bool]) -> list[Change]:
        """The batch, in order of path; `exists` settles what renames left open."""
        kinds, self._kinds = self._kinds, {}
        return [Change(path, settled(kind, exists(path))) for path, kind in sorted(kinds.items())]


def joined(before: Kind | None, now: Kind) -> Kind:
    """What two events on one file come to: editors that save by renaming delete and create."""
    if before == "deleted" and now == "created":
        return "modified"
    if before == "created" and now == "modified":
        return "created"
    return now


def settled(kind: Kind, exists: bool) -> Kind:
    """The kind that agrees with what is on disk when the batch is taken."""
    if not exists:
        return "deleted"
    return "modified" if kind == "deleted" else kind
