"""One line above a document's first: what saving it would do, or what the last reload of it did (LSP "Code Lens Request")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from . import plans
from .commands import HISTORY
from .documents import Document
from .pages import SHOW_PLAN

if TYPE_CHECKING:
    from .app import ReloadServer


def lenses(server: ReloadServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    document = server.documents.at(params.text_document.uri)
    command = _command(server, document) if document and server.settings.code_lens else None
    if command is None:
        return []
    start = types.Position(0, 0)
    return [types.CodeLens(types.Range(start, start), command)]


def _command(server: ReloadServer, document: Document) -> types.Command | None:
    verdict = server.verdicts.known.get(document.path) if server.settings.verdict else None
    plan = plans.lens(verdict) if verdict else ""
    if plan:
        return types.Command(plan, SHOW_PLAN, arguments=[document.uri, {"show": True}])
    title = server.view.lenses.get(document.path)
    return types.Command(title, HISTORY) if title else None


def register(server: ReloadServer) -> None:
    server.on(types.TEXT_DOCUMENT_CODE_LENS, lenses)
