"""Code actions: the way out that each finding offers, and what can be done at any time (LSP "Code Action").

The engine names its fixes in `finding.data["fixes"]`: a list of `{"kind": …, …}`. A kind is one entry in
`BUILDERS`; kinds this server does not know are left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from ..findings.values import Finding, Range
from ..sessions.paths import canonical
from . import commands, drift, holders, migrate, qualifying, restarts, ways
from .comments import insertion, module_insertion
from .documents import Document
from .positions import range_from_client
from .store import FAILED, Merged

if TYPE_CHECKING:
    from .app import ReloadServer

SOURCE_RELOAD = "source.reloadLsp"
Fix = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a builder needs: the finding at hand and where it is shown."""

    server: ReloadServer
    document: Document
    merged: Merged
    diagnostic: types.Diagnostic

    @property
    def finding(self) -> Finding:
        return self.merged.finding


Action = types.CodeAction
Builder = Callable[[Asked, Fix], "Action | Awaitable[Action | None] | None"]  # None: not offered here


async def actions(server: ReloadServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """All that is offered for a range of one document."""
    document = server.documents.at(params.text_document.uri)
    if document is None:
        return []
    where = range_from_client(document.lines, params.range, server.encoding)
    found = [action for asked in _asked(server, document, where) for action in await _for_finding(asked)]
    found += _at_any_time(server)
    return [action for action in found if _is_wanted(action, params.context.only)]


def _asked(server: ReloadServer, document: Document, where: Range) -> Iterator[Asked]:
    converter, attached = server.view.converter(), len(server.roster.attached)
    for merged in server.view.shown(document.path):
        shown = merged.finding.range
        if shown.start.line <= where.end.line and where.start.line <= shown.end.line:
            yield Asked(server, document, merged, converter.diagnostic(merged, attached))


async def _for_finding(asked: Asked) -> list[types.CodeAction]:
    if asked.finding.data.get("verdict"):
        return list(_before_the_save(asked))
    found: list[types.CodeAction] = []
    for fix in cast("list[Fix]", asked.finding.data.get("fixes", ())):
        builder = BUILDERS.get(str(fix.get("kind")))
        action = builder(asked, fix) if builder is not None else None
        action = await action if isawaitable(action) else action
        if action is not None:
            found.append(action)
        if fix.get("kind") == "keep":
            found += [_never(asked, {}), _never_module(asked)]
    return [*found, *_for_every_finding(asked)]


def _for_every_finding(asked: Asked) -> Iterator[types.CodeAction]:
    if asked.merged.processes and asked.finding.verdict in FAILED:
        yield _command(asked, "Retry the reload", commands.RETRY)
    elif asked.merged.processes:
        if asked.finding.code in holders.CODES:
            yield _way(asked, "Show who holds it", holders.SHOW_HOLDERS)
        yield _command(asked, "Undo this reload", commands.UNDO)
        yield _comment(asked, f"ignore[{asked.finding.code}]", f"Never report {asked.finding.code} here")
    if _shows_documents(asked.server):
        yield _command(asked, f"Open the page on {asked.finding.code}", commands.OPEN_DOCS, asked.finding.code)


def _before_the_save(asked: Asked) -> Iterator[types.CodeAction]:
    """Nothing has happened yet: comments are the way out."""
    if any(fix.get("kind") == "keep" for fix in cast("list[Fix]", asked.finding.data.get("fixes", ()))):
        yield _comment(asked, "keep", "Keep this value on reload")
        yield _comment(asked, "rerun", "Always run this again when its inputs change")
    yield _comment(asked, f"ignore[{asked.finding.code}]", f"Never report {asked.finding.code} here")


def _at_any_time(server: ReloadServer) -> Iterator[types.CodeAction]:
    if server.roster.attached:
        yield _source_action("Reload all changed files", commands.RELOAD)
        if server.store.failed_files():
            yield _source_action("Retry what failed to reload", commands.RETRY)


def _keep(asked: Asked, fix: Fix) -> types.CodeAction:
    return _comment(asked, "keep", "Keep this value on reload", fix)


def _never(asked: Asked, fix: Fix) -> types.CodeAction:
    return _comment(asked, "never", "Never reload this statement", fix)


def _never_module(asked: Asked) -> types.CodeAction:
    place, text = module_insertion(asked.document.lines, "never")
    return _text_edit(asked, "Never reload this module", Range(place, place), text)


def _rerun_always(asked: Asked, fix: Fix) -> types.CodeAction:
    return _comment(asked, "rerun", "Always run this again when its inputs change", fix)


def _rerun(asked: Asked, fix: Fix) -> types.CodeAction:
    return _way(asked, "Run this statement again", ways.RERUN)


def _rebind(asked: Asked, fix: Fix) -> types.CodeAction:
    return _way(asked, "Give what holds the old one the new one", ways.REBIND)


def _clear_caches(asked: Asked, fix: Fix) -> types.CodeAction:
    return _way(asked, "Clear the caches", ways.CLEAR_CACHES)


def _migrate(asked: Asked, fix: Fix) -> types.CodeAction:
    return _way(asked, "Write __reload_instance__ for the live objects", migrate.MIGRATE)


def _restart(asked: Asked, fix: Fix) -> types.CodeAction | None:
    """Only where the program can be started again."""
    members = restarts.restartable(asked.server, asked.merged.processes)
    names = ", ".join(dict.fromkeys(member.process.facts.name for member in members))
    ids = [member.process.facts.id for member in members]
    return _command(asked, f"Restart {names}", restarts.RESTART, *ids) if members else None


async def _qualify(asked: Asked, fix: Fix) -> types.CodeAction | None:
    change = await qualifying.change_for(asked.server, asked.finding, fix)
    if change is None:
        return None
    edits = [
        types.TextEdit(
            asked.server.view.converter().range(asked.document.path, Range.of(*replacement.span)), replacement.text
        )
        for replacement in change.replacements
    ]
    return _text_edits(asked, f"Read {change.spelled} instead of a copy of it", edits)


def _reload(asked: Asked, fix: Fix) -> types.CodeAction:
    uri = asked.server.view.uri_of(canonical(str(fix.get("path", asked.finding.path))))
    return _command(asked, "Reload this file", commands.RELOAD, uri)


def _retry(asked: Asked, fix: Fix) -> types.CodeAction:
    return _command(asked, "Retry the reload", commands.RETRY)


def _leave(asked: Asked, fix: Fix) -> types.CodeAction:
    return _way(asked, "Leave it as it runs until the next save", drift.LEAVE)


def _edit(asked: Asked, fix: Fix) -> types.CodeAction:
    """`{"kind": "edit", "title": …, "range": …, "text": …}`: any change to the finding's own file."""
    where = Range.from_json(fix["range"])
    return _text_edit(asked, str(fix["title"]), where, str(fix["text"]))


BUILDERS: dict[str, Builder] = {
    "rerun": _rerun,
    "rebind": _rebind,
    "clear-caches": _clear_caches,
    "migrate": _migrate,
    "qualify": _qualify,
    "restart": _restart,
    "keep": _keep,
    "never": _never,
    "rerun-always": _rerun_always,
    "reload": _reload,
    "leave": _leave,
    "retry": _retry,
    "edit": _edit,
}


def _comment(asked: Asked, word: str, title: str, fix: Fix | None = None) -> types.CodeAction:
    """Put `# reload: word` on the statement."""
    line = asked.finding.range.start.line
    place, text = insertion(asked.document.lines, line, word)
    return _text_edit(asked, str((fix or {}).get("title", title)), Range(place, place), text)


def _text_edit(asked: Asked, title: str, where: Range, text: str) -> types.CodeAction:
    return _text_edits(
        asked, title, [types.TextEdit(asked.server.view.converter().range(asked.document.path, where), text)]
    )


def _text_edits(asked: Asked, title: str, edits: Sequence[types.TextEdit]) -> types.CodeAction:
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[asked.diagnostic],
        edit=_workspace_edit(asked, edits),
    )


def _workspace_edit(asked: Asked, edits: Sequence[types.TextEdit]) -> types.WorkspaceEdit:
    workspace = asked.server.client_capabilities.workspace
    uri = asked.document.uri
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        target = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=asked.document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(target, list(edits))])
    return types.WorkspaceEdit(changes={uri: list(edits)})


def _command(asked: Asked, title: str, name: str, *arguments: Any) -> types.CodeAction:
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[asked.diagnostic],
        command=types.Command(title, name, arguments=list(arguments)),
    )


def _way(asked: Asked, title: str, name: str) -> types.CodeAction:
    """A command about the finding itself."""
    process = asked.merged.processes[0] if asked.merged.processes else None
    return _command(asked, title, name, asked.finding.id, process)


def _source_action(title: str, name: str) -> types.CodeAction:
    return types.CodeAction(title, kind=SOURCE_RELOAD, command=types.Command(title, name))


def _shows_documents(server: ReloadServer) -> bool:
    window = server.client_capabilities.window
    return bool(window and window.show_document and window.show_document.support)


def _is_wanted(action: types.CodeAction, only: Sequence[Any] | None) -> bool:
    """Kinds are hierarchical: `source` asks for `source.reloadLsp` too."""
    kind = _name(action.kind)
    return not only or any(kind == _name(k) or kind.startswith(f"{_name(k)}.") for k in only)


def _name(kind: Any) -> str:
    return str(getattr(kind, "value", kind))


def register(server: ReloadServer) -> None:
    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, SOURCE_RELOAD])
    server.on(types.TEXT_DOCUMENT_CODE_ACTION, actions, options)
