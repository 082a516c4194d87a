"""One batch in flight per process: what arrives meanwhile is joined into the next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..findings.values import Cause, Finding, Range, Report
from .batch import Batch, Command, Work, joined
from .process import Process, ProcessGone, ProcessRefused


@dataclass(frozen=True, slots=True)
class _Entry:
    """Work that waits, and who waits for its report."""

    work: Work
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

    @property
    def places(self) -> list[tuple[str, int]]:
        """What is in flight: files, or statements of files, by canonical path and line."""
        return [place for entry in self._in_flight for place in _places(entry.work)]

    def is_due(self, path: str) -> bool:
        """Does anything in flight, or behind it, have to do with a file?"""
        entries = (*self._in_flight, *self._waiting)
        return any(place[0] == path for entry in entries for place in _places(entry.work))

    def submit(self, work: Work) -> asyncio.Future[Report]:
        """Queue a batch or a command; the future never fails: a dead process is a report too."""
        entry = _Entry(work, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run())
        return entry.report

    def withdraw(self, number: int) -> None:
        """Let go of a batch that has not been sent yet; its files stay behind."""
        over = [e for e in self._waiting if isinstance(e.work, Batch) and e.work.number == number]
        self._waiting = [entry for entry in self._waiting if entry not in over]
        for entry in over:
            _settle(entry, Report("refused", _cause(entry), self.process.generation))

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
        """The entries that run as one: a command alone, batches up to the next command together."""
        command_at = next((i for i, entry in enumerate(self._waiting) if isinstance(entry.work, Command)), None)
        count = len(self._waiting) if command_at is None else max(command_at, 1)
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def _done(self, entries: list[_Entry]) -> Report:
        first = entries[0].work
        try:
            if isinstance(first, Command):
                return await self.process.perform(first)
            return await self.process.apply(joined([e.work for e in entries if isinstance(e.work, Batch)]))
        except ProcessGone:
            return gone(entries[0], self.process)
        except ProcessRefused as error:
            return refused(entries[0], self.process, error)


def gone(entry: _Entry, process: Process) -> Report:
    """The report of a batch whose process did not live to tell."""
    return Report("gone", _cause(entry), process.generation)


def refused(entry: _Entry, process: Process, error: ProcessRefused) -> Report:
    """The report of work that the agent would not take, with the reason where it was to be done."""
    who = f"{process.facts.name} (pid {process.facts.pid})"
    code, severity = ("RLD409", "warning") if error.code == "no-safe-point" else ("RLD901", "error")
    message = f"{who} refused the reload, nothing was changed: {error}"
    findings = tuple(
        Finding(f"refused:{path}", code, "refused", severity, message, path, Range.of(line, 0, line, 0))
        for path, line in _places(entry.work)[:1]
    )
    return Report("refused", _cause(entry), process.generation, findings=findings)


def _places(work: Work) -> list[tuple[str, int]]:
    if isinstance(work, Batch):
        return [(file.path, 0) for file in work.files]
    return [*work.statements, *((path, 0) for path in work.paths)]


def _cause(entry: _Entry) -> Cause:
    return entry.work.cause if isinstance(entry.work, Batch) else "command"


def _settle(entry: _Entry, report: Report) -> None:
    if not entry.report.done():
        entry.report.set_result(report)
