"""The workspace's folders watched from an event loop: batches of Python files changed outside the editor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from .batches import Change, Gatherer, Kind
from .environments import in_tool_folder
from .gitlock import index_lock
from .observer import FolderWatch

OnBatch = Callable[[list[Change], float], None]
Wanted = Callable[[str], bool]


def is_module(path: str) -> bool:
    return path.endswith(".py")


class WorkspaceWatch:
    """Gathers what watchdog's threads report and hands each batch to `on_batch` in the event loop, with the seconds since its
    first change.

    Files that are not `wanted` do not count as noise either: a log that grows must not put a batch off.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_batch: OnBatch, wanted: Wanted = is_module) -> None:
        self._loop = loop
        self._wanted = wanted
        self._on_batch = on_batch
        self._gatherer = Gatherer()
        self._timer: asyncio.TimerHandle | None = None
        self._watch = FolderWatch(self._from_thread)
        self._locks: dict[str, str] = {}
        self._held = False

    def add(self, folder: str) -> None:
        """Watch a workspace folder; may take long in a big tree: call it off the loop."""
        self._watch.add(folder)

        lock = index_lock(folder)
        if lock is not None:
            self._locks[folder] = lock

    def remove(self, folder: str) -> None:
        self._watch.remove(folder)
        self._locks.pop(folder, None)

    def notice(self, change: Change) -> None:
        """Take a change that somebody else saw; in the event loop."""
        if not in_tool_folder(change.path):
            self._gather(change.path, change.kind)

    def stop(self) -> None:
        self._watch.stop()
        if self._timer:
            self._timer.cancel()

    def _git_is_at_work(self) -> bool:
        """A checkout, merge or rebase holds the index until its last file is written."""
        return any(os.path.exists(lock) for lock in list(self._locks.values()))

    def _is_held(self) -> bool:
        """Is git at work, or was it a moment ago? Its last files are told after the lock is gone."""
        before, self._held = self._held, self._git_is_at_work()
        return before or self._held

    def _from_thread(self, path: str, kind: Kind) -> None:
        if not in_tool_folder(path):
            try:
                self._loop.call_soon_threadsafe(self._gather, path, kind)
            except RuntimeError:
                pass  # the loop has closed: the server is ending

    def _gather(self, path: str, kind: Kind) -> None:
        if not self._wanted(path):
            return
        self._gatherer.add(path, kind, self._loop.time())
        if self._timer is None:
            self._arm()

    def _arm(self) -> None:
        due = self._gatherer.due
        self._timer = self._loop.call_at(due, self._on_timer) if due is not None else None

    def _on_timer(self) -> None:
        due, now = self._gatherer.due, self._loop.time()
        if due is not None and due > now:
            self._arm()
            return
        if self._gatherer.is_half_written(_is_empty, now) or (self._gatherer.may_wait(now) and self._is_held()):
            self._timer = self._loop.call_at(now + self._gatherer.quiet, self._on_timer)
            return
        self._timer = None
        seconds = now - self._gatherer.first
        batch = self._gatherer.take(os.path.exists)
        if batch:
            self._on_batch(batch, seconds)


def _is_empty(path: str) -> bool:
    try:
        return os.path.getsize(path) == 0
    except OSError:
        return False
