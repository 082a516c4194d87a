"""Other reloaders at work on an attached process (RLD716): said on the first of its files, until they are off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings.values import Finding, Range
from ..sessions.process import ProcessGone, ProcessRefused
from ..sessions.roster import Member
from .reloader import Outcome

if TYPE_CHECKING:
    from .app import ReloadServer

CODE = "RLD716"


class Rivals:
    """Asks a process once it runs a file of the project, and after each batch: reloaders come and go."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self._asked: set[str] = set()

    def look(self) -> None:
        """The roster has changed: ask those that were not asked yet."""
        for member in self._server.roster.attached:
            name = member.process.facts.id
            if name not in self._asked and self._place(member) is not None:
                self._asked.add(name)
                self._server.spawn(self._ask(member))

    def consider(self, outcome: Outcome) -> None:
        """A batch is over."""
        members = self._server.roster.members
        for result in outcome.results:
            if result.process.id in members and result.report.outcome != "timed-out":
                self._server.spawn(self._ask(members[result.process.id]))

    def gone(self, process: str) -> None:
        self._asked.discard(process)

    async def _ask(self, member: Member) -> None:
        try:
            found = await member.process.rivals()
        except (ProcessGone, ProcessRefused):
            return  # it ended, or its agent is too old to tell
        path, producer = self._place(member), member.process.facts.id
        if path is None or producer not in self._server.roster.members:
            return
        who = f"{member.process.facts.name} (pid {member.process.facts.pid})"
        touched = self._server.store.drop_code(producer, CODE)
        touched |= self._server.store.add(producer, path, [finding(path, who, name, remedy) for name, remedy in found])
        self._server.view.publish(touched)

    def _place(self, member: Member) -> str | None:
        return next((path for path in member.process.loaded if self._server.is_project_file(path)), None)


def finding(path: str, who: str, name: str, remedy: str) -> Finding:
    """One other reloader."""
    return Finding(
        f"rival:{name}",
        CODE,
        "applied-risk",
        "warning",
        f"{name} is at work on {who} too: at each save it restarts the program or runs its modules again, and what a reload "
        f"keeps is lost. Turn one of the two off: {remedy}.",
        path,
        Range.of(0, 0, 1, 0),
    )
