"""The way of a batch through the server: read, route, wait, record what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from ..findings.values import Cause, Finding, Report
from ..sessions.batch import UNDO, Batch, Command, Times
from ..sessions.dispatch import PATIENCE, Result, submit, timed_out
from ..sessions.opening import Opening
from ..sessions.process import Process, ProcessGone, ProcessRefused
from ..sessions.roster import Member, Roster
from ..watch.contents import KnownContents
from . import diverged
from .asking import Asking
from .batches import (
    FilesRead,
    grammar_finding,
    part_for,
    read_files,
    refused_result,
    syntax_finding,
    uncompilable,
)
from .changed import changed_since
from .checks import Checks
from .latecomers import Latecomers
from .placing import Placing
from .store import SERVER, TAKEN, Store

if TYPE_CHECKING:
    from .documents import Documents

HISTORY = 100
OLDER = "RLD801"  # the process runs an older text of the file: whatever comes of this batch says more


@dataclass(frozen=True, slots=True)
class Outcome:
    """One batch, when every process has answered or timed out; `ended` is seconds since 1970."""

    number: int
    cause: Cause
    files: tuple[str, ...]
    results: tuple[Result, ...]
    ended: float = field(default_factory=time.time)


class View(Protocol):
    """What the reloader shows things with."""

    def publish(self, paths: Iterable[str]) -> None: ...
    def submitted(self, member: Member) -> None: ...
    def batch_began(self, number: int, files: Sequence[str]) -> None: ...
    def batch_ended(self, outcome: Outcome) -> None: ...
    def status(self) -> None: ...
    def say(self, text: str) -> None: ...


class Reloader:
    """Makes batches and keeps account of them."""

    def __init__(self, roster: Roster, documents: Documents, store: Store, known: KnownContents, view: View) -> None:
        self.history: deque[Outcome] = deque(maxlen=HISTORY)
        self._roster, self._documents, self._store, self._view = roster, documents, store, view
        self._known = known
        self._number = 0
        self._reading = asyncio.Lock()
        self._checks = Checks()
        self._asking = Asking(documents, self._answers_again)
        self._placing = Placing(documents)
        self.latecomers = Latecomers(roster, lambda member, paths: self.reload(paths, "save", only=member))

    async def reload(
        self, paths: Sequence[str], cause: Cause, noticed: int = 0, only: Member | None = None
    ) -> Outcome | None:
        """Reload files in every attached process that runs them, or in one of them; None when none does.

        `noticed`: see `Times`.
        """
        times = Times(noticed, time.perf_counter_ns())
        async with self._reading:  # who comes first is sent first
            found = await read_files(paths, cause != "save", self._checks)
        self._tell_vanished(found.vanished)
        for change in found.changes.values():
            self._known.note(change.path, change.sha256 or "")
        self._view.publish(self._judge(found))
        if not found.changes:
            return None
        number, marks = self._next(), self._documents.marks()
        self._view.batch_began(number, paths)
        arriving = [] if only is not None else self._roster.arriving()
        there = self._roster.members.values() if only is None else [only]
        members = [member for member in there if member.chosen is not False]
        with self.latecomers.saved(found.changes):
            answers = await asyncio.gather(
                *[self._reload_in(member, number, cause, found, marks, times) for member in members],
                *[self._reload_when_there(opening, number, cause, found, marks, times) for opening in arriving],
            )
        results = tuple(result for result in answers if result is not None)
        self._compare(found.changes, results)
        ended = self._ended(Outcome(number, cause, tuple(found.changes), results))
        await self._shown(members, number)
        return ended

    async def _shown(self, members: Iterable[Member], number: int) -> None:
        for member in members:
            with contextlib.suppress(ProcessGone, ProcessRefused):
                await member.process.shown(number)

    async def opened(self, paths: Iterable[str], members: Iterable[Member] | None = None) -> None:
        """Let processes remember what they run of a library's files now, before they are edited."""
        asked = list(paths)
        among = self._roster.members.values() if members is None else members
        await asyncio.gather(*[self._asking.ask(member, asked) for member in among if member.chosen is not False])

    async def undo(self) -> Outcome | None:
        """Take the last batch back in every attached process; where only some followed it, in those."""
        last = self.history[-1].results if self.history else ()
        return await self.perform(dict.fromkeys(diverged.followers(self._roster.attached, last), UNDO))

    async def perform(self, commands: Mapping[str, Command]) -> Outcome | None:
        """Have processes, by id, do what is no save; None when none of them is there."""
        number, marks = self._next(), self._documents.marks()
        members = [self._roster.members[name] for name in commands if name in self._roster.members]
        before = [dict(member.process.loaded) for member in members]
        self._view.batch_began(number, ())
        results = await asyncio.gather(*[self._have(m, commands[m.process.facts.id], marks) for m in members])
        files = {path for command in commands.values() for path in command.files}
        touched = tuple(sorted(files.union(changed_since(before, members))))
        return self._ended(Outcome(number, "command", touched, tuple(results)))

    async def _have(self, member: Member, command: Command, marks: Mapping[str, int]) -> Result:
        def late(result: Result) -> None:
            self._late(member, result, command.files, marks)

        self._view.submitted(member)
        result = await submit(member.queue, command, late, PATIENCE)
        member.overdue = result.report.outcome == "timed-out"
        if command == UNDO:
            self._view.publish(self._store.undone(result.process.id))
        elif command.whole and result.report.outcome in TAKEN:
            self._view.publish(self._store.drop_about(result.process.id, self._made_again(member, result)))
        self._take(result, command.files, marks)
        return result

    def foreign(self, process: Process, report: Report) -> None:
        """Another client, or the program itself, reloaded `process`."""
        by_module = {name: path for path, file in process.loaded.items() for name in file.modules}
        files = tuple(by_module[name] for name in report.modules if name in by_module)
        self._store_report(process.facts.id, report, frozenset(files), frozenset(), self._documents.marks())
        number = self._next()
        work = UNDO if report.cause == "command" else Batch(number, report.cause, ())
        self._ended(Outcome(number, report.cause, files, (Result(process.facts, work, report),)))

    def behind(self) -> set[str]:
        """The files whose saved text some attached process does not run."""
        return {path for member in self._roster.attached for path in member.behind}

    def _made_again(self, member: Member, result: Result) -> frozenset[str]:
        """The files of the modules that a report names."""
        names = set(result.report.modules)
        return result.files | {p for p, file in member.process.loaded.items() if not names.isdisjoint(file.modules)}

    async def _reload_when_there(
        self, opening: Opening, number: int, cause: Cause, found: FilesRead, marks: Mapping[str, int], times: Times
    ) -> Result | None:
        member = await self.latecomers.arrived(opening, found.changes)
        return await self._reload_in(member, number, cause, found, marks, times) if member is not None else None

    async def _reload_in(
        self, member: Member, number: int, cause: Cause, found: FilesRead, marks: Mapping[str, int], times: Times
    ) -> Result | None:
        await self._asking.ask(member, found.changes)
        if member.overdue:
            member.unsent |= found.changes.keys()
        part = part_for(member, number, cause, found.changes) if self._roster.is_attached(member) else None
        if part is None:
            return None
        paths = {file.path for file in part.files}
        if member.paused:
            member.behind |= paths
            return None
        bad = [path for path in uncompilable(part, found.problems) if not self._newer(member)]
        if bad:
            member.behind |= paths
            return refused_result(member, part, [syntax_finding(p, found.problems[p]) for p in bad])
        loaded = member.process.loaded
        same = frozenset(f.path for f in part.files if f.path in loaded and loaded[f.path].sha256 == f.sha256)
        member.behind |= paths
        if member.overdue:
            result = Result(member.process.facts, part, timed_out(part, member.process))
        else:
            self._view.submitted(member)
            part = replace(part, times=times)
            result = await submit(member.queue, part, lambda late: self._late(member, late, same, marks), PATIENCE)
            member.overdue = result.report.outcome == "timed-out"
        self._take(result, same, marks)
        return result

    def _answers_again(self, member: Member) -> None:
        self.latecomers.answers_again(member)
        self._view.status()

    def _late(self, member: Member, late: Result, same: frozenset[str], marks: Mapping[str, int]) -> None:
        self._take(late, same, marks)
        if isinstance(late.work, Batch):
            self._compare(late.files, [late])
        self._answers_again(member)

    def _compare(self, paths: Iterable[str], results: Iterable[Result]) -> None:
        self._view.publish(diverged.compare(self._store, self._roster.attached, paths, results))

    def _take(self, result: Result, same: frozenset[str], marks: Mapping[str, int]) -> None:
        member = self._roster.members.get(result.process.id)
        if member is None:
            return
        if isinstance(result.work, Batch) and result.report.outcome in TAKEN:
            member.behind -= {f.path for f in result.work.files if self._known.is_latest(f.path, f.sha256)}
        self._store_report(result.process.id, result.report, result.files, same, marks)

    def _store_report(
        self,
        producer: str,
        report: Report,
        files: frozenset[str],
        same: frozenset[str],
        marks: Mapping[str, int],
    ) -> None:
        answered = self._answered(producer, report, files, marks)
        touched = self._store.report(producer, report, files, same, lambda f: self._placing.finding(f, marks), answered)
        self._view.publish(touched)

    def _answered(
        self, producer: str, report: Report, files: frozenset[str], marks: Mapping[str, int]
    ) -> frozenset[tuple[str, int]]:
        """The statements of which a report says what became of them, by path and present line.

        Findings of a file that is not open do not move with its text: new text there answers all of them.
        """
        member = self._roster.members.get(producer)
        if member is None or not self._store.holds_back(producer):
            return frozenset()
        paths = {name: path for path, file in member.process.loaded.items() for name in file.modules}
        steps = [(paths[s.module], s.line) for s in report.statements if s.module in paths]
        unmoved = {path for path in files if self._documents.of(path) is None}
        lost = [place for path in unmoved for place in self._store.lines_held(producer, path)]
        return frozenset([*(self._placing.line(path, line, marks) for path, line in steps), *lost])

    def _judge(self, found: FilesRead) -> set[str]:
        """Show, or clear, what this Python has against each text."""
        touched: set[str] = set()
        for path in found.changes:
            problem = found.problems.get(path)
            findings: list[Finding] = []
            if problem is not None:
                newer = self._newest(path)
                findings = [
                    grammar_finding(path, problem, platform.python_version(), newer)
                    if newer
                    else syntax_finding(path, problem)
                ]
            touched |= self._store.replace(SERVER, path, findings)
            touched |= self._store.superseded(path, OLDER)
        return touched

    def _newest(self, path: str) -> str | None:
        """The version of an attached process that runs `path` and may read what this Python cannot."""
        running = [m for m in self._roster.attached if path in m.process.loaded and self._newer(m)]
        return running[0].process.facts.python if running else None

    def _newer(self, member: Member) -> bool:
        return member.process.facts.grammar > sys.version_info[:2]

    def _tell_vanished(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._view.say(
                f"{path} could not be read after the save; nothing was reloaded from it. "
                "The running program keeps the code it has; save the file again."
            )

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _ended(self, outcome: Outcome) -> Outcome | None:
        self._view.batch_ended(outcome)
        if not outcome.results:
            return None
        self.history.append(outcome)
        return outcome
