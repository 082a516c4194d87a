"""What the last reload of a file did, above its first line (LSP "Code Lens Request")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from .commands import HISTORY

if TYPE_CHECKING:
    from .app import ReloadServer


def lenses(server: ReloadServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    document = server.documents.at(params.text_document.uri)
    title = server.view.lenses.get(document.path) if document else None
    if title is None or not server.settings.code_lens:
        return []
    start = types.Position(0, 0)
    return [types.CodeLens(types.Range(start, start), types.Command(title, HISTORY))]


def register(server: ReloadServer) -> None:
    server.on(types.TEXT_DOCUMENT_CODE_LENS, lenses)
