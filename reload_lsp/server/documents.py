"""The texts open in the editor (LSP "Text Document Synchronization"), and how far they are from the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lsprotocol import types

from ..findings.values import Range
from ..sessions.paths import canonical
from .edits import Edit, edit_of, inverse, moved_by_all, whole_edit
from .lines import split_lines
from .positions import range_from_client

REMEMBERED_EDITS = 4000


@dataclass(slots=True)
class Document:
    """One open text.

    `path` is canonical, `spelled` as the client has it; `edits` holds (version after it, edit), oldest first.
    """

    uri: str
    path: str
    spelled: str
    version: int
    lines: list[str]
    saved_version: int
    save_reason: types.TextDocumentSaveReason | None = None
    edits: deque[tuple[int, Edit]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EDITS))

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def dirty(self) -> bool:
        """Was it edited since it was opened or saved?"""
        return self.version != self.saved_version

    def change(self, version: int, change: types.TextDocumentContentChangeEvent, encoding: str) -> Edit | None:
        """Apply one change; the edit that it was."""
        if isinstance(change, types.TextDocumentContentChangePartial):
            old = range_from_client(self.lines, change.range, encoding)
            edit = edit_of(old, change.text)
            self._splice(old, change.text)
        else:
            lines = split_lines(change.text)
            edit = whole_edit(self.lines, lines)
            self.lines = lines
        self.version = max(self.version, version)  # Helix may send changes out of their order
        if edit is not None:
            self.edits.append((self.version, edit))
        return edit

    def now(self, where: Range, since: int) -> Range:
        """Where a place of version `since` is in the present text."""
        return moved_by_all(where, [edit for version, edit in self.edits if version > since])

    def unsaved_edits_undone(self) -> list[Edit]:
        """The edits that lead from the present text back to the saved one."""
        return [inverse(edit) for version, edit in reversed(self.edits) if version > self.saved_version]

    def _splice(self, old: Range, text: str) -> None:
        first, last = self.lines[old.start.line], self.lines[old.end.line]
        joined = first[: old.start.column] + text + last[old.end.column :]
        after = old.end.line + 1
        at_end = after >= len(self.lines)
        if joined.endswith("\r") and not at_end and self.lines[after].startswith("\n"):
            joined, after = joined + self.lines[after], after + 1  # the two are one line's end
        fresh = split_lines(joined)
        self.lines[old.start.line : after] = fresh if at_end else fresh[:-1] or [""]


class Documents:
    """All open documents, by the client's URI and by canonical path."""

    def __init__(self) -> None:
        self._by_uri: dict[str, Document] = {}
        self._by_path: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._by_uri.values())

    def open(self, uri: str, spelled: str, version: int, text: str) -> Document:
        path = canonical(spelled)
        document = Document(uri, path, spelled, version, split_lines(text), version)
        self._by_uri[uri] = self._by_path[path] = document
        return document

    def close(self, uri: str) -> Document | None:
        document = self._by_uri.pop(uri, None)
        if document is not None and self._by_path.get(document.path) is document:
            del self._by_path[document.path]
        return document

    def at(self, uri: str) -> Document | None:
        return self._by_uri.get(uri)

    def of(self, path: str) -> Document | None:
        """The open document of a canonical path."""
        return self._by_path.get(path)

    def marks(self) -> dict[str, int]:
        """The version of each document that is on disk now: what a batch's findings are about."""
        return {document.path: document.saved_version for document in self}

    def dirty(self, but: Sequence[str] = ()) -> bool:
        """Is any document edited and not saved, those at the paths `but` aside?"""
        return any(document.dirty for document in self if document.path not in but)
