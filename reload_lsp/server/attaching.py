"""`reloadLsp.attach`: processes named by id are reloaded too; one named by its number, which has no agent yet, is given one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..attaching.attach import attach as attach_to
from ..attaching.refusal import Refused
from ..wire.errors import WireError
from . import notices

if TYPE_CHECKING:
    from .app import ReloadServer

Json = dict[str, Any]


async def attach(server: ReloadServer, names: Sequence[Any]) -> Json:
    """Reload the processes named too; with none named, look for new ones. A whole number is a process id of the system."""
    entered = [await _enter(server, name) for name in names if _is_number(name)]
    server.runtime.scan()
    await server.roster.settled()
    ids = [answer["id"] for answer in entered if "id" in answer]
    server.roster.choose([*map(str, (n for n in names if not _is_number(n))), *ids], attach=True)
    answer = processes(server)
    return {**answer, "entered": entered} if entered else answer


def processes(server: ReloadServer) -> Json:
    """All processes there are, and whether this server reloads them."""
    members = server.roster.members.values()
    return {
        "paused": server.roster.paused,
        "processes": [
            {**notices.process_state(member), "attached": server.roster.is_attached(member)} for member in members
        ],
    }


async def _enter(server: ReloadServer, pid: int) -> Json:
    """Put the agent into a process that runs; its id, or what keeps it out and what to do."""
    loop = asyncio.get_running_loop()

    def waiting(seconds: float, where: str) -> None:
        text = f"waiting for the main thread of process {pid}, {seconds:.0f} s so far: {where}"
        loop.call_soon_threadsafe(server.view.say, text)

    try:
        record = await asyncio.to_thread(attach_to, pid, server.settings.safe_point_seconds, waiting)
    except (Refused, WireError) as error:
        server.view.warn(str(error))
        return {"pid": pid, "message": str(error)}
    return {"pid": pid, "id": record.id}


def _is_number(name: object) -> bool:
    return isinstance(name, int) and not isinstance(name, bool)
