"""`reloadLsp.verify`: is every attached process what a fresh one would be?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from ..sessions.process import ProcessGone, ProcessRefused
from ..sessions.roster import Member
from ..verdict.drift import CODE
from . import verifying
from .verifying import CannotVerify, Verified

if TYPE_CHECKING:
    from .app import ReloadServer

VERIFY = "reloadLsp.verify"
Json = dict[str, Any]


async def verify(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Compare the processes named by id, or all, with fresh ones; `{"effects": true}` imports every module."""
    named = {a for a in arguments if isinstance(a, str)}
    wishes = [cast("Json", a) for a in arguments if isinstance(a, dict)]
    effects = any(bool(wish.get("effects")) for wish in wishes)
    members = [m for m in server.roster.attached if not named or m.process.facts.id in named]
    return {"processes": [await _verified(server, member, effects) for member in members]}


async def _verified(server: ReloadServer, member: Member, effects: bool) -> Json:
    facts = member.process.facts
    try:
        found = await look(server, member, effects)
    except (ProcessGone, ProcessRefused, CannotVerify) as error:
        return {"id": facts.id, "name": facts.name, "problem": str(error)}
    server.view.publish(server.store.drop_code(facts.id, CODE))
    for path in {finding.path for finding in found.findings}:
        told = [finding for finding in found.findings if finding.path == path]
        server.view.publish(server.store.add(facts.id, path, told))
    return {
        "id": facts.id,
        "name": facts.name,
        "compared": list(found.compared),
        "leftOut": [{"module": name, "why": why} for name, why in found.left_out.items()],
        "findings": [finding.as_json() for finding in found.findings],
    }


async def look(server: ReloadServer, member: Member, effects: bool) -> Verified:
    process = member.process
    loaded = list(process.loaded.items())
    hashes = {path: file.sha256 for path, file in loaded}
    texts = await asyncio.to_thread(server.verdicts.programs.of_process, process.facts.id, loaded)
    selection = await asyncio.to_thread(verifying.selected, texts, hashes, server.concerns, effects)
    hot = await process.describe(selection.names)
    cold = await asyncio.to_thread(verifying.fresh, process.facts.executable, process.facts.cwd, hot, selection.names)
    return await asyncio.to_thread(verifying.compared, texts.program, selection, hot, cold)
