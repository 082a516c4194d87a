"""Where in the program a batch may happen: at any moment in the agent's thread, or only at its checkpoints.

A program that never calls `checkpoint()` has batches run in the agent's thread, beside whatever it does. The
first call says that the program has safe points of its own: from then on batches that come over the wire wait
for the next one and run there, in the thread that called.
"""

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..findings.values import Report

    Job = Callable[[], Report | None]

WAITING_LIMIT = 16


class TooMany(Exception):
    """More batches wait for a checkpoint than anybody can mean."""


class SafePoints:
    """The policy of one process, and what waits for it."""

    def __init__(self) -> None:
        self._at_checkpoints = False
        self._waiting: deque[Job] = deque()

    @property
    def waiting(self) -> int:
        """How many batches wait for the program's next checkpoint."""
        return len(self._waiting)

    def submit(self, job: Job) -> None:
        """Run `job` now, in this thread, or at the next checkpoint."""
        if not self._at_checkpoints:
            job()
        elif len(self._waiting) >= WAITING_LIMIT:
            raise TooMany(f"{WAITING_LIMIT} batches already wait for the program's next checkpoint()")
        else:
            self._waiting.append(job)

    def checkpoint(self) -> Report | None:
        """Run all that waits, in the calling thread; the last report, None where nothing waited."""
        self._at_checkpoints = True
        report: Report | None = None
        while self._waiting:
            report = self._waiting.popleft()() or report
        return report

    def forget(self) -> None:
        """Drop what waits: in a forked child it is the parent's."""
        self._waiting.clear()
