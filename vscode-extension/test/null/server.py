"""A language server that does nothing: a save is a diagnostic on the last line, an edit takes it away."""

from lsprotocol import types as t
from pygls.lsp.server import LanguageServer

server = LanguageServer("null", "0")


@server.feature(t.TEXT_DOCUMENT_DID_SAVE, t.SaveOptions(include_text=False))
def saved(ls: LanguageServer, params: t.DidSaveTextDocumentParams) -> None:
    line = len(ls.workspace.get_text_document(params.text_document.uri).lines) - 1
    where = t.Range(t.Position(line, 0), t.Position(line, 40))
    found = t.Diagnostic(where, "saved", severity=t.DiagnosticSeverity.Warning, source="null")
    ls.text_document_publish_diagnostics(t.PublishDiagnosticsParams(params.text_document.uri, [found]))


@server.feature(t.TEXT_DOCUMENT_DID_CHANGE)
def changed(ls: LanguageServer, params: t.DidChangeTextDocumentParams) -> None:
    ls.text_document_publish_diagnostics(t.PublishDiagnosticsParams(params.text_document.uri, []))


server.start_io()
