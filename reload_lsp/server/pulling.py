"""What a save would do, for clients that ask for it (LSP "Pull Diagnostics"); what saves have done is always pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from .app import ReloadServer


async def diagnose(
    server: ReloadServer, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    """What is foreseen for one document, once it has rested; nothing for a client to which all is pushed."""
    document = server.documents.at(params.text_document.uri)
    if document is None or not server.view.is_pulled(document.path):
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    await server.verdicts.rested(document.path)
    converter, attached = server.view.converter(), len(server.roster.attached)
    found = server.view.foreseen(document.path)
    return types.RelatedFullDocumentDiagnosticReport(items=[converter.diagnostic(m, attached) for m in found])


def register(server: ReloadServer) -> None:
    options = types.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=False, identifier="reload-lsp"
    )
    server.on(types.TEXT_DOCUMENT_DIAGNOSTIC, diagnose, options)
