"""Programs started again: when the user asks, and as `reload-lsp run --restart` says where an edit cannot take effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..findings.values import Finding
from ..sessions.process import ProcessGone, ProcessRefused
from ..sessions.roster import Member
from . import ways
from .reloader import Outcome

if TYPE_CHECKING:
    from .app import ReloadServer

RESTART = "reloadLsp.restart"

Json = dict[str, Any]


async def restart(server: ReloadServer, ids: Sequence[Any]) -> Json:
    """Start the processes named again, or all that can be; what became of each."""
    named = [str(name) for name in ids if name is not None]
    members = [server.roster.members[name] for name in named if name in server.roster.members]
    chosen = members if named else restartable(server, [m.process.facts.id for m in server.roster.attached])
    answers = [{"id": member.process.facts.id, **await _restarted(member)} for member in chosen]
    if not answers:
        return {"processes": [], "message": "nothing to restart: start the program with `reload-lsp run -- COMMAND`"}
    return {"processes": answers}


async def _restarted(member: Member) -> Json:
    try:
        await member.process.restart()
    except ProcessGone:
        pass  # so soon that its answer was lost
    except ProcessRefused as error:
        return {"restarting": False, "message": str(error)}
    return {"restarting": True}


def restartable(server: ReloadServer, ids: Iterable[str]) -> list[Member]:
    """For some processes, those that can be started again: themselves, or what they were forked from."""
    found = [_restartable(server.roster.members, name) for name in ids]
    return list({id(member): member for member in found if member is not None}.values())


def _restartable(members: Mapping[str, Member], name: str | None) -> Member | None:
    member = members.get(name) if name is not None else None
    if member is None or member.process.facts.restart:
        return member
    return _restartable(members, member.process.facts.parent)


class Restarts:
    """Does what `--restart` says after each batch; one question is asked at a time for each process."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self._asking: set[str] = set()

    def consider(self, outcome: Outcome) -> None:
        """Start again, or ask about, the processes in which something of a batch cannot take effect."""
        for result in outcome.results:
            why = [finding for finding in result.report.findings if needs_restart(finding)]
            mode = result.process.restart
            if why and mode == "on-unsafe":
                self._server.view.say(f"{result.process.name} is restarted: {why[0].message}")
                self._server.spawn(restart(self._server, [result.process.id]))
            elif why and mode == "ask" and result.process.id not in self._asking:
                self._server.spawn(self._ask(result.process.id, result.process.name, why[0]))

    async def _ask(self, process: str, name: str, why: Finding) -> None:
        self._asking.add(process)
        try:
            yes = types.MessageActionItem(f"Restart {name}")
            asked = types.ShowMessageRequestParams(
                types.MessageType.Warning, f"{why.code}: {why.message}", [yes, types.MessageActionItem("Not now")]
            )
            answer = await self._server.window_show_message_request_async(asked)
        finally:
            self._asking.discard(process)
        if answer is not None and answer.title == yes.title:
            await restart(self._server, [process])


def needs_restart(finding: Finding) -> bool:
    """Is a restart the way out of a finding that matters?"""
    kinds = {fix.get("kind") for fix in ways.fixes_of(finding)}
    return "restart" in kinds and finding.severity in ("error", "warning")
