"""Where in the program a batch may happen: at any moment in the agent's thread, or where the program is at rest.

`agent` (the usual) runs batches beside whatever the program does, or in the main thread where that has windows; `main`
runs them in the main thread, between two bytecodes; `loop` in the thread of the running asyncio loop, between two
callbacks. A program that calls `checkpoint()` says that it has safe points of its own: from the first call on, batches
wait for the next one, whatever was asked for.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque

from . import eventloop, mainthread
from .clock import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from ..findings.values import Report

    Where = Literal["agent", "main", "loop"]
    Run = Callable[[], Report | None]
    GiveUp = Callable[[], None]
else:
    Where = str

PLACES: tuple[Where, ...] = ("agent", "main", "loop")
WAITING_LIMIT = 16


class TooMany(Exception):
    """More batches wait for a safe point than anybody can mean."""


class _Job:
    """A batch that waits; `give_up` tells `owner`, who asked for it, that it never ran."""

    __slots__ = ("give_up", "owner", "run", "since")

    def __init__(self, run: Run, owner: object, give_up: GiveUp) -> None:
        self.run, self.owner, self.give_up = run, owner, give_up
        self.since = monotonic()


class SafePoints:
    """The policy of one process, and what waits for it."""

    def __init__(self) -> None:
        self._at_checkpoints = False
        self._where: Where = "agent"
        self._waiting: deque[_Job] = deque()
        self._inside: set[int] = set()

    @property
    def waiting(self) -> int:
        """How many batches wait for a safe point."""
        return len(self._waiting)

    def submit(self, run: Run, where: Where, owner: object, give_up: GiveUp) -> None:
        """Run a batch now, in this thread, or where and when it may be."""
        where = _place(where)
        arrange = None if self._at_checkpoints else _arrangement(where, self._take)
        if arrange is None and not self._at_checkpoints:
            run()
            return
        if len(self._waiting) >= WAITING_LIMIT:
            raise TooMany(f"{WAITING_LIMIT} batches already wait for a safe point of the program")
        self._where = where
        self._waiting.append(_Job(run, owner, give_up))
        if arrange is not None:
            arrange()

    def checkpoint(self) -> Report | None:
        """Run all that waits, in the calling thread; the last report, None where nothing waited."""
        self._at_checkpoints = True
        return self._take()

    def cancel(self, owner: object) -> int:
        """Take back what `owner` asked for and what has not begun; how many batches that were."""
        mine = [job for job in list(self._waiting) if job.owner is owner]
        for job in mine:
            try:
                self._waiting.remove(job)
            except ValueError:  # it begins just now
                continue
            job.give_up()
        return len(mine)

    def state(self) -> dict[str, object] | None:
        """What is waited for, for how many seconds, and where the main thread is meanwhile; None where nothing waits."""
        try:
            oldest = self._waiting[0]
        except IndexError:
            return None
        place = "checkpoint" if self._at_checkpoints else self._where
        return {"for": place, "seconds": round(monotonic() - oldest.since, 1), "at": _main_is_at()}

    def forget(self) -> None:
        """Drop what waits: in a forked child it is the parent's."""
        self._waiting.clear()
        self._inside.clear()

    def _take(self) -> Report | None:
        me = threading.get_ident()
        if me in self._inside:
            return None  # a batch is under way in this very thread: whoever runs it takes the rest
        self._inside.add(me)
        report: Report | None = None
        try:
            while self._waiting:
                try:
                    job = self._waiting.popleft()
                except IndexError:
                    break
                report = job.run() or report
        finally:
            self._inside.discard(me)
        return report


def _place(where: Where) -> Where:
    """The main thread, where `agent` is asked for and a window toolkit is there: it insists on it."""
    from ..adapters import window_loops  # with the first batch

    return "main" if where == "agent" and window_loops.present() else where


def _arrangement(where: Where, work: Callable[[], object]) -> Callable[[], None] | None:
    """How to have `work` done at `where`; None where this thread is as good, or there is no such place."""
    if where == "main" and threading.current_thread() is not threading.main_thread():
        return lambda: _call_in_main(work)
    loop = eventloop.running() if where == "loop" else None
    return None if loop is None else lambda: loop.call_soon_threadsafe(work)


def _call_in_main(work: Callable[[], object]) -> None:
    from ..adapters import window_loops

    mainthread.call_soon(work)
    window_loops.wake()
    loop = eventloop.running()
    if loop is not None:
        loop.call_soon_threadsafe(int)  # nothing to do: it comes to Python for it


def _main_is_at() -> str:
    """Where the main thread is: "app.py:12 in main"."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    if frame is None:
        return "its end"
    return f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno} in {frame.f_code.co_name}"
