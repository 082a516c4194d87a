"""Which processes there are, and which of them this server reloads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..findings.values import Report
from ..wire.errors import WireError
from ..wire.records import Record
from .process import Process, ProcessGone, ProcessRefused, State
from .queue import ProcessQueue
from .wire_process import WireProcess, open_process

log = logging.getLogger(__name__)
RETRY_AFTER = (0.5, 2.0, 8.0)  # seconds


@dataclass(slots=True)
class Member:
    """A process of the roster.

    `chosen` is the user's own word (attach, detach), None while there is none; `behind` are the files whose
    saved text it does not run (paused, refused, rolled back); `overdue`: it left a batch unanswered.
    """

    process: Process
    queue: ProcessQueue
    chosen: bool | None = None
    paused: bool = False
    overdue: bool = False
    behind: set[str] = field(default_factory=set[str])
    waiting: bool = False
    judged: tuple[tuple[int, int], bool] | None = None

    @property
    def state(self) -> State:
        if self.paused:
            return "paused"
        if self.waiting:
            return "waiting"
        if self.queue.busy:
            return "not-responding" if self.overdue else "reloading"
        return "idle"


@dataclass(slots=True)
class Hooks:
    """What the roster tells its owner."""

    wanted: Callable[[Process], bool]
    added: Callable[[Member], None]
    changed: Callable[[], None]
    reloaded: Callable[[Process, Report], None]
    gone: Callable[[Process], None]
    unrun: Callable[[Process, Mapping[str, Sequence[int]]], None] = lambda process, lines: None
    ended: Callable[[Process, Sequence[str]], None] = lambda process, findings: None


@dataclass(slots=True)
class Roster:
    """Every living process, by record id."""

    hooks: Hooks
    paused: bool = False
    epoch: int = 0
    where: str = "agent"
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    _opening: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, "asyncio.Task[None]"])

    @property
    def attached(self) -> list[Member]:
        """The processes that this server reloads, in the order they came."""
        return [member for member in self.members.values() if self.is_attached(member)]

    def is_attached(self, member: Member) -> bool:
        """Does this server reload the process? The user's word counts first."""
        if member.chosen is not None:
            return member.chosen
        state = (len(member.process.loaded), self.epoch)
        if member.judged is None or member.judged[0] != state:
            member.judged = (state, self.hooks.wanted(member.process))
        return member.judged[1]

    def runs_everywhere(self, path: str, sha256: str) -> bool:
        """Do all attached processes that have the file run these bytes, none of them left behind with it?"""
        running = [member for member in self.attached if path in member.process.loaded]
        return all(member.process.loaded[path].sha256 == sha256 and path not in member.behind for member in running)

    def run_in(self, where: str) -> None:
        """Have batches run in another thread, in all processes there are and will be."""
        self.where = where
        for member in self.members.values():
            member.process.where = where

    def reconsider(self) -> None:
        """What makes a process wanted has changed."""
        self.epoch += 1
        self.hooks.changed()

    def see(self, records: Iterable[Record]) -> None:
        """Connect to every process that is new among `records`."""
        loop = asyncio.get_running_loop()
        for record in records:
            if record.id not in self.members and record.id not in self._opening:
                self._opening[record.id] = loop.create_task(self._open(record))

    async def settled(self) -> None:
        """Wait until every connection under way is made or has failed."""
        await asyncio.gather(*self._opening.values(), return_exceptions=True)

    def add(self, process: Process) -> Member:
        """Take in a connected process."""
        process.where = self.where
        member = self.members[process.facts.id] = Member(process, ProcessQueue(process), paused=self.paused)
        self.hooks.added(member)
        self.hooks.changed()
        return member

    def remove(self, process: Process) -> None:
        """The process ended: what waits for it learns so."""
        member = self.members.pop(process.facts.id, None)
        if member is not None:
            member.queue.abandon()
            self.hooks.gone(process)
            self.hooks.changed()

    def choose(self, ids: Iterable[str], attach: bool) -> None:
        """The user's own word on some processes."""
        for name in ids:
            if name in self.members:
                self.members[name].chosen = attach
        self.hooks.changed()

    def pause(self, ids: Iterable[str], paused: bool) -> None:
        """Hold reloads of some processes back, or no longer; with no ids, of all there are and will be."""
        named = list(ids)
        if not named:
            self.paused = paused
        for name in named or self.members:
            if name in self.members:
                self.members[name].paused = paused
        self.hooks.changed()

    def close(self) -> None:
        """Let every process go."""
        for task in self._opening.values():
            task.cancel()
        for member in self.members.values():
            member.process.close()

    async def _open(self, record: Record) -> None:
        try:
            process = await _opened(record)
        finally:
            self._opening.pop(record.id, None)
        if process is not None:
            self.take_in(process)

    def take_in(self, process: WireProcess) -> None:
        """A process that was connected to, unless it ended meanwhile or is there already."""
        if process.facts.id in self.members:
            process.close()
            return
        self._listen(process)
        if not process.ended:
            self.add(process)

    def _listen(self, process: WireProcess) -> None:
        process.on_loaded = self.hooks.changed
        process.on_reloaded = lambda report: self.hooks.reloaded(process, report)
        process.on_gone = lambda: self.remove(process)
        process.on_unrun = lambda lines: self.hooks.unrun(process, lines)
        process.on_ended = lambda findings: self.hooks.ended(process, findings)


async def _opened(record: Record) -> WireProcess | None:
    """The process connected to; a program that is just starting, or busy, is tried again."""
    for pause in (*RETRY_AFTER, None):
        try:
            return await open_process(record)
        except (OSError, asyncio.TimeoutError, WireError, ProcessGone, ProcessRefused) as error:
            log.warning("process %s (%s) cannot be attached: %s", record.pid, record.name, error)
        if pause is not None:
            await asyncio.sleep(pause)
    return None
