"""Reloads that wait for a safe point of the program: shown with their age, and given up in time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..findings.values import Finding, Range
from ..sessions.process import ProcessGone, ProcessRefused
from ..sessions.roster import Member

if TYPE_CHECKING:
    from .app import ReloadServer

LOOK = 1.0  # seconds between looks at a batch that has not ended
PLACES = {
    "checkpoint": "the program's next reload_lsp.checkpoint()",
    "main": "the main thread to come to Python code",
    "loop": "the event loop to come to its next turn",
}


class Waiting:
    """Watches every process that has a batch in flight; the common batch is over before the first look."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self._watched: set[str] = set()

    def watch(self, member: Member) -> None:
        """A batch was submitted to a process."""
        if member.process.facts.id not in self._watched:
            self._watched.add(member.process.facts.id)
            self._server.spawn(self._watch(member))

    async def _watch(self, member: Member) -> None:
        try:
            await asyncio.sleep(LOOK)
            while member.queue.busy:
                await self._look(member)
                await asyncio.sleep(LOOK)
        except (ProcessGone, ProcessRefused):
            pass  # it ended, or its agent is too old to tell
        finally:
            self._watched.discard(member.process.facts.id)
            self._show(member, None)

    async def _look(self, member: Member) -> None:
        state = await self._answer(member)
        if state is not None and state["seconds"] >= self._server.settings.safe_point_seconds:
            await member.process.cancel()
            state = None
        self._show(member, state if member.queue.busy else None)

    async def _answer(self, member: Member) -> Mapping[str, Any] | None:
        question = asyncio.ensure_future(member.process.waiting())
        said = False
        while not (await asyncio.wait([question], timeout=LOOK))[0]:
            if member.overdue and not said and self._is_alone(member):
                said = True
                found = [silent(path, line, member) for path, line in member.queue.places[:1]]
                self._server.view.publish(self._server.store.pending(member.process.facts.id, found))
        return question.result()

    def _is_alone(self, member: Member) -> bool:
        """Does no other process follow its files? Where one does, that they differ is said already (RLD806)."""
        paths = {path for path, _ in member.queue.places}
        others = (m.process.loaded for m in self._server.roster.attached if m is not member)
        return not any(paths & loaded.keys() for loaded in others)

    def _show(self, member: Member, state: Mapping[str, Any] | None) -> None:
        server, process = self._server, member.process.facts.id
        found = [] if state is None else [finding(path, line, state) for path, line in member.queue.places[:1]]
        server.view.publish(server.store.pending(process, found))
        if member.waiting != bool(found):
            member.waiting = bool(found)
            server.view.status()


def finding(path: str, line: int, state: Mapping[str, Any]) -> Finding:
    """A batch that waits: for what, for how long, and what the main thread is at meanwhile."""
    place = PLACES.get(str(state["for"]), str(state["for"]))
    return Finding(
        f"{PENDING}:{path}",
        PENDING,
        "held",
        "hint",
        f"waiting for {place}, {state['seconds']:.0f} s so far; the main thread is at {state['at']}. Nothing has changed yet.",
        path,
        Range.of(line, 0, line, 1),
    )


def silent(path: str, line: int, member: Member) -> Finding:
    """A batch that a process has not answered."""
    facts = member.process.facts
    return Finding(
        f"{PENDING}:{path}",
        PENDING,
        "held",
        "warning",
        f"waiting for {facts.name} (pid {facts.pid}) to answer: it is stopped, or busy in code that is not Python's. "
        "What is saved reaches it when it answers.",
        path,
        Range.of(line, 0, line, 1),
    )


PENDING = "RLD908"
