"""A process found with older text than what is on disk: saved before it was attached."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..findings.values import Finding, Range
from ..sessions.roster import Member
from ..watch.contents import sha256
from . import ways
from .texts import read_bytes

if TYPE_CHECKING:
    from .app import ReloadServer

CODE = "RLD801"
LEAVE = "reloadLsp.leaveAsItRuns"


async def check(server: ReloadServer, member: Member) -> None:
    """Say which of the project's files a process runs an older text of; its next batch brings them along."""
    if not server.roster.is_attached(member):
        return
    older = await asyncio.to_thread(older_files, server, member)
    facts = member.process.facts
    for path in older:
        if path in member.behind or not is_older(member, path):
            continue  # a save went by while the files were read, and has been answered by itself
        member.behind.add(path)
        finding = older_finding(path, f"{facts.name} (pid {facts.pid})", seen=bool(member.process.loaded[path].sha256))
        server.view.publish(server.store.replace(facts.id, path, [finding]))


def older_files(server: ReloadServer, member: Member) -> list[str]:
    """The project's files whose bytes on disk the process does not run."""
    loaded = list(member.process.loaded)
    return [path for path in loaded if server.is_project_file(path) and is_older(member, path)]


def is_older(member: Member, path: str) -> bool:
    data = read_bytes(path)
    return data is not None and sha256(data) != member.process.loaded[path].sha256


def older_finding(path: str, process: str, seen: bool = True) -> Finding:
    """The process runs another text of the file, from before it was attached; not `seen` where only its code tells so."""
    what = (
        "an older text of this file"
        if seen
        else "other code than this file has now; it was edited while the program ran"
    )
    return Finding(
        f"older:{path}",
        CODE,
        "stale",
        "warning",
        f"stale: {process} runs {what}, from before this editor found it. "
        "Reload the file, or save any file of the program; or leave it as it runs until the file is saved.",
        path,
        Range.of(0, 0, 1, 0),
        data={"fixes": [{"kind": "reload", "path": path}, {"kind": "leave", "path": path}, {"kind": "restart"}]},
    )


async def leave(server: ReloadServer, arguments: Sequence[Any]) -> dict[str, Any]:
    """Let processes run what they run of a finding's file; the next save of the file brings it along whole."""
    found = [one for one in ways.shown(server, arguments) if one.finding.code == CODE]
    for one in found:
        member = server.roster.members.get(one.producer)
        if member is not None:
            member.behind.discard(one.finding.path)
        server.view.publish(server.store.drop(one.finding.id, one.producer))
    return {"left": [one.producer for one in found]}
