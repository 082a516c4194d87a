"""Open, edited, saved, closed (LSP "Text Document Synchronization")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from ..sessions.paths import canonical
from ..watch.batches import Change, Kind
from ..watch.contents import sha256
from .documents import Document
from .roots import path_of
from .saving import Reason, reloads
from .texts import read_bytes

if TYPE_CHECKING:
    from .app import ReloadServer


def did_open(server: ReloadServer, params: types.DidOpenTextDocumentParams) -> None:
    given = params.text_document
    path = path_of(given.uri)
    if path is not None:
        document = server.documents.open(given.uri, path, given.version, given.text)
        server.verdicts.opened(document)
        server.view.publish([document.path])  # what the client now asks for itself is no longer pushed
        if not server.is_project_file(document.path):
            server.spawn(server.reloader.opened([document.path]))


def did_change(server: ReloadServer, params: types.DidChangeTextDocumentParams) -> None:
    """Apply the edits; findings move with their text."""
    document = server.documents.at(params.text_document.uri)
    if document is None:
        return
    moved = False
    for change in params.content_changes:
        edit = document.change(params.text_document.version, change, server.encoding)
        if edit is not None:
            for store in (server.store, server.verdicts.store, server.unrun.store):
                moved |= store.edited(document.path, edit)
    server.verdicts.edited(document)
    if moved:
        server.view.publish([document.path])


def did_close(server: ReloadServer, params: types.DidCloseTextDocumentParams) -> None:
    """What was not saved is gone, and with it how far it moved the findings."""
    document = server.documents.close(params.text_document.uri)
    if document is None:
        return
    server.verdicts.forget(document.path)
    server.view.publish([document.path])
    moved = False
    for edit in document.unsaved_edits_undone():
        for store in (server.store, server.verdicts.store, server.unrun.store):
            moved |= store.edited(document.path, edit)
    if moved:
        server.view.publish([document.path])


def will_save(server: ReloadServer, params: types.WillSaveTextDocumentParams) -> None:
    document = server.documents.at(params.text_document.uri)
    if document is not None:
        document.save_reason = params.reason
        server.gather.stir()


def did_save(server: ReloadServer, params: types.DidSaveTextDocumentParams) -> None:
    """Reload, if the save policy says so."""
    uri = params.text_document.uri
    document = server.documents.at(uri)
    path = document.path if document else _path(uri)
    if path is None:
        return
    if path not in server.explicit:
        server.explicit.add(path)
        server.roster.reconsider()
    reason, dirty = _taken(server, document, path)
    server.verdicts.forget(path)
    if server.may_reload(path) and reloads(server.settings.reload_on_save, reason, dirty):
        data = read_bytes(path)
        if data is not None:  # while it waits for the rest of Save All, the watcher leaves it alone
            server.known.note(path, sha256(data))
        server.gather.add(path)


KINDS: dict[int, Kind] = {1: "created", 2: "modified", 3: "deleted"}  # LSP `FileChangeType`


def did_change_watched_files(server: ReloadServer, params: types.DidChangeWatchedFilesParams) -> None:
    """The client watches too, and may see what the server cannot (other machines' file systems)."""
    changes: list[Change] = []
    for event in params.changes:
        path = path_of(event.uri)
        if path is not None:
            changes.append(Change(path, KINDS[event.type.value]))
    server.external.notice(changes)


def _path(uri: str) -> str | None:
    path = path_of(uri)
    return canonical(path) if path else None


def _taken(server: ReloadServer, document: Document | None, path: str) -> tuple[Reason | None, bool]:
    """Why the file was saved, and whether there was anything to save; the document is clean from here on."""
    if document is None:
        return None, True
    reason, dirty = document.save_reason, document.dirty
    document.save_reason, document.saved_version = None, document.version
    return reason, dirty or not _is_live(server, path)


def _is_live(server: ReloadServer, path: str) -> bool:
    """Do the processes run what is on disk? A text the editor brought back unsaved counts as edited."""
    if not server.settings.reload_on_save.endswith("IfDirty"):
        return True
    data = read_bytes(path)
    return data is not None and server.roster.runs_everywhere(path, sha256(data))


def register(server: ReloadServer) -> None:
    server.on(types.TEXT_DOCUMENT_DID_OPEN, did_open)
    server.on(types.TEXT_DOCUMENT_DID_CHANGE, did_change)
    server.on(types.TEXT_DOCUMENT_DID_CLOSE, did_close)
    server.on(types.TEXT_DOCUMENT_WILL_SAVE, will_save)
    server.on(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, did_change_watched_files)
    saving = types.SaveOptions(include_text=False)
    server.on(types.TEXT_DOCUMENT_DID_SAVE, did_save, saving)
