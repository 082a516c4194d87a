"""The ways out of a finding, as commands: each does it, and what came of it decides whether the finding goes.

Their arguments are a finding's id and the process that reported it (a diagnostic's `data.finding` and `data.process`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from ..findings.values import Finding, Position, Range
from ..sessions.batch import Command
from ..sessions.paths import canonical
from . import notices
from .comments import insertion
from .edits import moved_by_all
from .store import Shown

if TYPE_CHECKING:
    from .app import ReloadServer

RERUN = "reloadLsp.rerunStatement"
KEEP = "reloadLsp.keepValue"
APPLY_HELD = "reloadLsp.applyHeld"
REBIND = "reloadLsp.rebind"
CLEAR_CACHES = "reloadLsp.clearCaches"

Json = dict[str, Any]
GONE = "this finding is no longer shown; there is nothing to do"


async def rerun(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Run the statement of a finding again, in every process that holds it."""
    found = shown(server, arguments)
    commands = {s.producer: Command("rerun", (loaded_place(server, s.finding),)) for s in found if s.producer}
    return await perform(server, commands)


async def keep_value(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Put `# reload: keep` on the statement of a finding; once that is saved, the finding goes."""
    found = shown(server, arguments)
    if not found:
        return {"applied": False, "message": GONE}
    finding = found[0].finding
    place, text = insertion(server.view.lines_of(finding.path), finding.range.start.line, "keep")
    return await edit(server, finding.path, place, text, "Keep this value on reload")


async def apply_held(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Do what a finding holds back: run its statement, or reload its file."""
    found = shown(server, arguments)
    kinds = {str(fix.get("kind")) for s in found for fix in fixes_of(s.finding)}
    if "reload" in kinds:
        path = canonical(found[0].finding.path)
        server.explicit.add(path)
        outcome = await server.reloader.reload([path], "command")
        return notices.did_reload(outcome, server.view.uri_of) if outcome else {"batch": None, "message": GONE}
    if found and "rerun" not in kinds:
        return {"batch": None, "message": f"{found[0].finding.code} cannot be applied to the running process"}
    return await rerun(server, arguments)


async def rebind(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Give what still holds the class or function from before a classic reload the new one."""
    return await _settled(server, "rebind", arguments)


async def clear_caches(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Drop what the caches of a finding's function or class hold: the next calls compute it again."""
    return await _settled(server, "clearCaches", arguments)


async def _settled(server: ReloadServer, method: str, arguments: Sequence[Any]) -> Json:
    """Have a command done at a finding's statement; where it was, the finding is dealt with."""
    found = [one for one in shown(server, arguments) if one.producer]
    answer = await perform(server, {s.producer: Command(method, (loaded_place(server, s.finding),)) for s in found})
    taken = {process["id"] for process in answer.get("processes", ()) if process["outcome"] == "applied"}
    for one in found:
        if one.producer in taken:
            server.view.publish(server.store.drop(one.finding.id, one.producer))
    return answer


async def perform(server: ReloadServer, commands: dict[str, Command]) -> Json:
    """What processes, by id, made of their commands, as `reloadLsp/didReload` tells it."""
    outcome = await server.reloader.perform(commands) if commands else None
    if outcome is None:
        return {"batch": None, "message": GONE}
    return notices.did_reload(outcome, server.view.uri_of)


async def edit(server: ReloadServer, path: str, place: Position, text: str, label: str) -> Json:
    """Put `text` into a file by way of the editor; where that cannot, the edit is the answer."""
    made = types.TextEdit(server.view.converter().range(path, Range(place, place)), text)
    change = types.WorkspaceEdit(changes={server.view.uri_of(path): [made]})
    workspace = server.client_capabilities.workspace
    if not (workspace and workspace.apply_edit):
        return {"applied": False, "edit": change}
    answer = await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(change, label))
    return {"applied": answer.applied, "message": answer.failure_reason or "save the file to have it count"}


def fixes_of(finding: Finding) -> list[Json]:
    """The ways out that the engine names in a finding."""
    return cast("list[Json]", finding.data.get("fixes", []))


def shown(server: ReloadServer, arguments: Sequence[Any]) -> list[Shown]:
    """The finding that a command's arguments name, as each process said it; none where it is gone."""
    finding, process = [*map(_text, arguments[:2]), None, None][:2]
    if finding is None:
        return []
    return server.store.find(finding, process) or server.store.find(finding)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def loaded_place(server: ReloadServer, finding: Finding) -> tuple[str, int]:
    """The statement of a finding as the process has it: findings move with text that is not saved yet."""
    document = server.documents.of(finding.path)
    where = moved_by_all(finding.range, document.unsaved_edits_undone()) if document else finding.range
    return finding.path, where.start.line
