"""One batch in flight per process: what arrives meanwhile is joined into the next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..findings.values import Cause, Finding, Range, Report
from .batch import Batch, joined
from .process import Process, ProcessGone, ProcessRefused


@dataclass(frozen=True, slots=True)
class _Entry:
    """A batch that waits (None: an undo) and who waits for its report."""

    batch: Batch | None
    report: asyncio.Future[Report]


class ProcessQueue:
    """The work of one process, in order; batches that wait together run as one."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._waiting: list[_Entry] = []
        self._running: asyncio.Task[None] | None = None
        self._in_flight: list[_Entry] = []

    @property
    def busy(self) -> bool:
        """Is a batch in flight?"""
        return bool(self._in_flight)

    def submit(self, batch: Batch | None) -> asyncio.Future[Report]:
        """Queue a batch, or with None an undo; the future never fails: a dead process is a report too."""
        entry = _Entry(batch, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run())
        return entry.report

    def abandon(self) -> None:
        """The process is gone: everything that waits learns it now."""
        for entry in [*self._in_flight, *self._waiting]:
            _settle(entry, gone(entry, self.process))
        self._waiting.clear()

    async def _run(self) -> None:
        while self._waiting:
            self._in_flight = self._next()
            report = await self._done(self._in_flight)
            entries, self._in_flight = self._in_flight, []
            for entry in entries:
                _settle(entry, report)

    def _next(self) -> list[_Entry]:
        """The entries that run as one: an undo alone, batches up to the next undo together."""
        undo_at = next((i for i, entry in enumerate(self._waiting) if entry.batch is None), None)
        count = len(self._waiting) if undo_at is None else max(undo_at, 1)
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def _done(self, entries: list[_Entry]) -> Report:
        batches = [entry.batch for entry in entries if entry.batch is not None]
        try:
            if not batches:
                return await self.process.undo()
            return await self.process.apply(joined(batches))
        except ProcessGone:
            return gone(entries[0], self.process)
        except ProcessRefused as error:
            return refused(entries[0], self.process, str(error))


def gone(entry: _Entry, process: Process) -> Report:
    """The report of a batch whose process did not live to tell."""
    return Report("gone", _cause(entry), process.generation)


def refused(entry: _Entry, process: Process, why: str) -> Report:
    """The report of a batch that the agent would not take, with the reason on the first file's first line."""
    files = entry.batch.files if entry.batch else ()
    message = f"{process.facts.name} (pid {process.facts.pid}) refused the reload, nothing was changed: {why}"
    findings = tuple(
        Finding(f"refused:{file.path}", "RLD901", "refused", "error", message, file.path, Range.of(0, 0, 0, 0))
        for file in files[:1]
    )
    return Report("refused", _cause(entry), process.generation, findings=findings)


def _cause(entry: _Entry) -> Cause:
    return entry.batch.cause if entry.batch else "command"


def _settle(entry: _Entry, report: Report) -> None:
    if not entry.report.done():
        entry.report.set_result(report)
