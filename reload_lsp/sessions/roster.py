"""Which processes there are, and which of them this server reloads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..findings.values import Report
from ..wire.records import Record
from .opening import Opening
from .process import Process, State
from .queue import ProcessQueue
from .wire_process import WireProcess

AT_ONCE = 8  # processes that are connected to at the same time


@dataclass(slots=True)
class Member:
    """A process of the roster.

    `chosen` is the user's own word (attach, detach), None while there is none; `behind` are the files whose
    saved text it does not run (paused, refused, rolled back); `overdue`: it left a batch or a question unanswered,
    and `unsent` are the files that were saved since.
    """

    process: Process
    queue: ProcessQueue
    chosen: bool | None = None
    paused: bool = False
    overdue: bool = False
    behind: set[str] = field(default_factory=set[str])
    unsent: set[str] = field(default_factory=set[str])
    waiting: bool = False
    judged: tuple[tuple[int, int], bool] | None = None

    @property
    def state(self) -> State:
        if self.paused:
            return "paused"
        if self.waiting:
            return "waiting"
        if self.overdue:
            return "not-responding"
        return "reloading" if self.queue.busy else "idle"


@dataclass(slots=True)
class Hooks:
    """What the roster tells its owner; `look`: have it see the records that there are by now."""

    wanted: Callable[[Process], bool]
    added: Callable[[Member], None]
    changed: Callable[[], None]
    reloaded: Callable[[Process, Report], None]
    gone: Callable[[Process], None]
    unrun: Callable[[Process, Mapping[str, Sequence[int]]], None] = lambda process, lines: None
    ended: Callable[[Process, Sequence[str]], None] = lambda process, findings: None
    loaded: Callable[[Member, Sequence[str]], None] = lambda member, paths: None
    look: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Roster:
    """Every living process, by record id."""

    hooks: Hooks
    paused: bool = False
    epoch: int = 0
    where: str = "agent"
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    _opening: dict[str, Opening] = field(default_factory=dict[str, Opening])
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

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

    @property
    def unreachable(self) -> list[Opening]:
        """The living processes that were tried again and again in vain, and still are."""
        return [opening for opening in self._opening.values() if opening.is_hopeless]

    def see(self, records: Iterable[Record]) -> None:
        """Connect to every process that is new among `records`."""
        for record in records:
            if not self.knows(record.id):
                opening = self._opening[record.id] = Opening(record, self._turns, self.hooks.changed)
                opening.begin(self._opened)

    async def settled(self) -> None:
        """Wait until every connection under way is made or has failed for now."""
        await asyncio.gather(*[opening.settled.wait() for opening in self._opening.values()])

    def arriving(self) -> list[Opening]:
        """The processes that are there but not connected to yet: what is saved now concerns them too."""
        self.hooks.look()
        return [opening for opening in self._opening.values() if not opening.problem]

    def knows(self, record: str) -> bool:
        """Is the process of this record connected to, or about to be?"""
        return record in self.members or record in self._opening

    def member_of(self, opening: Opening) -> Member | None:
        """What came of an attempt to connect, by now."""
        return self.members.get(opening.record.id)

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
        for opening in self._opening.values():
            opening.cancel()
        for member in self.members.values():
            member.process.close()

    def _opened(self, record: Record, process: WireProcess | None) -> None:
        opening = self._opening.pop(record.id, None)
        if process is not None:
            self.take_in(process)
        elif opening is not None and opening.is_hopeless:
            self.hooks.changed()

    def take_in(self, process: WireProcess) -> None:
        """A process that was connected to, unless it ended meanwhile or is there already."""
        if process.facts.id in self.members:
            process.close()
            return
        self._listen(process)
        if not process.ended:
            self.add(process)

    def _listen(self, process: WireProcess) -> None:
        process.on_loaded = lambda paths: self._learned(process, paths)
        process.on_reloaded = lambda report: self.hooks.reloaded(process, report)
        process.on_gone = lambda: self.remove(process)
        process.on_unrun = lambda lines: self.hooks.unrun(process, lines)
        process.on_ended = lambda findings: self.hooks.ended(process, findings)

    def _learned(self, process: Process, paths: Sequence[str]) -> None:
        self.hooks.changed()
        member = self.members.get(process.facts.id)
        if member is not None:
            self.hooks.loaded(member, paths)
