"""A process found with older text than what is on disk: saved before it was attached."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ..findings.values import Finding, Range
from ..sessions.roster import Member
from ..watch.contents import sha256
from .texts import read_bytes

if TYPE_CHECKING:
    from .app import ReloadServer


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
        finding = older_finding(path, f"{facts.name} (pid {facts.pid})")
        server.view.publish(server.store.replace(facts.id, path, [finding]))


def older_files(server: ReloadServer, member: Member) -> list[str]:
    """The project's files whose bytes on disk the process does not run."""
    loaded = list(member.process.loaded)
    return [path for path in loaded if server.is_project_file(path) and is_older(member, path)]


def is_older(member: Member, path: str) -> bool:
    data = read_bytes(path)
    return data is not None and sha256(data) != member.process.loaded[path].sha256


def older_finding(path: str, process: str) -> Finding:
    """The process runs a text of the file from before it was attached."""
    return Finding(
        f"older:{path}",
        "RLD801",
        "stale",
        "warning",
        f"stale: {process} runs an older text of this file, from before this editor found it. "
        "Reload the file, or save any file of the program.",
        path,
        Range.of(0, 0, 1, 0),
        data={"fixes": [{"kind": "reload", "path": path}]},
    )
