"""Findings as LSP diagnostics: the one place where the two are converted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lsprotocol import types

from ..findings.values import Finding, Range
from .positions import range_to_client
from .store import Merged

SOURCE = "reload-lsp"
# Where the project's documentation is published; each code has a section of its own there.
DOCS = "https://reload-lsp.readthedocs.io/en/latest"

SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}

LinesOf = Callable[[str], Sequence[str]]
UriOf = Callable[[str], str]


def docs_page(code: str) -> str:
    """The section of docs/diagnostics.md on one code."""
    return f"{DOCS}/diagnostics/#{code.lower()}"


class Converter:
    """Converts for one client: its position encoding, its URIs, what it understands."""

    def __init__(self, encoding: str, lines_of: LinesOf, uri_of: UriOf, capabilities: types.ClientCapabilities):
        self.encoding = encoding
        self._lines_of = lines_of
        self._uri_of = uri_of
        text = capabilities.text_document
        self._can = text.publish_diagnostics if text else None

    def diagnostic(self, merged: Merged, attached: int) -> types.Diagnostic:
        """One diagnostic; `attached` is how many processes there are."""
        finding = merged.finding
        return types.Diagnostic(
            range=self.range(finding.path, finding.range),
            message=message(merged, attached),
            severity=SEVERITIES[finding.severity],
            code=finding.code,
            code_description=types.CodeDescription(href=docs_page(finding.code)),
            source=SOURCE,
            related_information=self._related(finding),
            data={
                "finding": finding.id,
                "process": merged.processes[0] if merged.processes else None,
                "processes": list(merged.processes),
            },
        )

    def range(self, path: str, where: Range) -> types.Range:
        return range_to_client(self._lines_of(path), where, self.encoding)

    def _related(self, finding: Finding) -> list[types.DiagnosticRelatedInformation] | None:
        if not finding.related or not (self._can and self._can.related_information):
            return None
        return [
            types.DiagnosticRelatedInformation(
                location=types.Location(self._uri_of(place.path), self.range(place.path, place.range)),
                message=place.message,
            )
            for place in finding.related
        ]


def message(merged: Merged, attached: int) -> str:
    """The finding's message; with several processes, in how many of them it holds."""
    said = merged.finding.message
    if attached < 2 or not merged.processes:
        return said
    return f"{said} (in {len(merged.processes)} of {attached} processes)"
