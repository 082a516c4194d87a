"""Where a place of a text that was saved is by now: documents are edited on while a reload is under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..findings.values import Finding, Range
from ..sessions.paths import canonical

if TYPE_CHECKING:
    from .documents import Documents


class Placing:
    """Asks the open documents; `marks` say up to which edit of each the text in question goes (`Documents.marks`)."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def line(self, path: str, line: int, marks: Mapping[str, int]) -> tuple[str, int]:
        """A path, and the line (0-based) that a line of it is now."""
        document, since = self._documents.of(path), marks.get(path)
        if document is None or since is None:
            return path, line
        return path, document.now(Range.of(line, 0, line, 1), since).start.line

    def finding(self, finding: Finding, marks: Mapping[str, int]) -> Finding:
        """The finding on the canonical path, where its text is by now."""
        path = canonical(finding.path)
        document, since = self._documents.of(path), marks.get(path)
        where = document.now(finding.range, since) if document and since is not None else finding.range
        return replace(finding, path=path, range=where)
