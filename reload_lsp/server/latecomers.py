"""Saves that reach a process late: it was being connected to, was loading the file just then, or did not answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence

from ..sessions.batch import FileChange
from ..sessions.opening import Opening
from ..sessions.roster import Member, Roster
from ..watch.contents import sha256
from ..wire.handshake import HANDSHAKE_SECONDS
from .texts import read_bytes

ARRIVAL = HANDSHAKE_SECONDS  # that a save waits for a process that is being connected to

Send = Callable[[Member, Sequence[str]], Awaitable[object]]


class Latecomers:
    """Sees to it that each process runs what was saved last; `send` makes one process run some files as they are now."""

    def __init__(self, roster: Roster, send: Send) -> None:
        self._roster = roster
        self._send = send
        self._saved: dict[str, str | None] = {}
        self._under_way: Counter[str] = Counter()
        self._put_off: list[tuple[Member, str]] = []
        self._tasks: set[asyncio.Future[object]] = set()

    @contextlib.contextmanager
    def saved(self, changes: Mapping[str, FileChange]) -> Generator[None, None, None]:
        """These files are on their way to all processes that are known to run them; what one of them tells meanwhile waits."""
        self._saved.update((path, change.sha256) for path, change in changes.items())
        self._under_way.update(list(changes))
        try:
            yield
        finally:
            self._under_way -= Counter(list(changes))
            put_off, self._put_off = self._put_off, []
            for member, path in put_off:
                self.learned(member, [path])

    async def arrived(self, opening: Opening, changes: Iterable[str]) -> Member | None:
        """A process once it is connected to, where it loaded one of `changes` before it was saved.

        One that takes longer is compared with what is on disk when it comes (`drift`).
        """
        try:
            await asyncio.wait_for(opening.settled.wait(), ARRIVAL)
        except asyncio.TimeoutError:
            return None
        member = self._roster.member_of(opening)
        return member if member is not None and self._older(member, changes) else None

    def learned(self, member: Member, paths: Iterable[str]) -> None:
        """A process tells of files that it has loaded since: one that it read just before its save is sent again."""
        self._put_off += [(member, path) for path in paths if self._under_way[path]]
        settled = [path for path in paths if not self._under_way[path] and not member.queue.is_due(path)]
        older = self._older(member, settled)
        late = [path for path in older if _differs(path, member.process.loaded[path].sha256)]
        if late and self._roster.is_attached(member):
            self._begin(member, late)

    def answers_again(self, member: Member) -> None:
        """A process answers that did not: it gets what was saved meanwhile, in one batch."""
        member.overdue = False
        unsent, member.unsent = sorted(member.unsent), set()
        if unsent and member.process.facts.id in self._roster.members:
            self._begin(member, unsent)

    def _older(self, member: Member, paths: Iterable[str]) -> list[str]:
        """Of some files, those that a process runs otherwise than they were saved last."""
        loaded = member.process.loaded
        return [p for p in paths if p in loaded and p in self._saved and loaded[p].sha256 != self._saved[p]]

    def _begin(self, member: Member, paths: Sequence[str]) -> None:
        task = asyncio.ensure_future(self._send(member, paths))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _differs(path: str, digest: str) -> bool:
    """Has a file on disk other bytes than those of a hash? Where nobody saw what was loaded, that is not known."""
    data = read_bytes(path)
    return bool(digest) and data is not None and sha256(data) != digest
