"""Edited lines that have not run since: as inlay hints at their ends (LSP "Inlay Hint"), or as hint diagnostics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from ..findings.catalogue import entry
from ..findings.values import Finding, Range
from ..sessions.process import Process, ProcessGone, ProcessRefused
from ..sessions.roster import Member
from .positions import range_from_client, to_client
from .store import Store

if TYPE_CHECKING:
    from .app import ReloadServer

CODE = "RLD413"
LABEL = "not run yet"


class NotRun:
    """What attached processes tell about edited lines."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self.store = Store()
        self._told: dict[str, dict[str, Sequence[int]]] = {}

    async def follow(self, member: Member) -> None:
        """Have a process tell, where it is to be shown at all."""
        if self._server.settings.not_run != "off" and self.is_shown:
            try:
                await member.process.follow_unrun()
            except (ProcessGone, ProcessRefused):
                return  # it ended, or its agent is too old to tell

    @property
    def is_shown(self) -> bool:
        """Can the client show it in the way that is set?"""
        text = self._server.client_capabilities.text_document
        return self._server.settings.not_run == "hint" or bool(text and text.inlay_hint)

    def take(self, process: Process, lines: Mapping[str, Sequence[int]]) -> None:
        """The lines of a process that have not run, all of them."""
        name, before = process.facts.id, self._told.get(process.facts.id, {})
        marks = self._server.documents.marks()
        touched: set[str] = set()
        for path in before.keys() | lines.keys():
            if before.get(path) != lines.get(path):
                found = [self._placed(f, marks) for f in _findings(path, lines.get(path, ()))]
                touched |= self.store.replace(name, path, found)
        self._told[name] = dict(lines)
        self._show(touched)

    def gone(self, process: str) -> None:
        self._told.pop(process, None)
        self._show(self.store.drop_producer(process))

    def hints(self, path: str) -> list[Finding]:
        return [m.finding for m in self.store.at(path)] if self._server.settings.not_run == "inlay" else []

    def _show(self, touched: set[str]) -> None:
        if self._server.settings.not_run == "hint":
            self._server.view.publish(touched)
            return
        workspace = self._server.client_capabilities.workspace
        if touched and workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self._server.workspace_inlay_hint_refresh(None)

    def _placed(self, finding: Finding, marks: Mapping[str, int]) -> Finding:
        """A finding where its text is by now."""
        document = self._server.documents.of(finding.path)
        if document is None:
            return finding
        where = document.now(finding.range, marks[finding.path])
        return Finding(
            finding.id, finding.code, finding.verdict, finding.severity, finding.message, finding.path, where
        )


def _findings(path: str, lines: Sequence[int]) -> Iterator[Finding]:
    """One finding for each run of lines."""
    known = entry(CODE)
    for first, last in _runs(lines):
        what = f"{last - first + 1} edited lines have" if last > first else "this edited line has"
        yield Finding(
            f"unrun:{path}:{first}",
            CODE,
            known.verdict,
            known.severity,
            f"{what} not run since the reload.",
            path,
            Range.of(first, 0, last, 200),
        )


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for at, line in enumerate(lines):
        start = line if start is None else start
        if at + 1 == len(lines) or lines[at + 1] != line + 1:
            yield start, line
            start = None


def inlay_hints(server: ReloadServer, params: types.InlayHintParams) -> list[types.InlayHint]:
    document = server.documents.at(params.text_document.uri)
    if document is None:
        return []
    where = range_from_client(document.lines, params.range, server.encoding)
    return [
        types.InlayHint(to_client(document.lines, found.range.end, server.encoding), LABEL, padding_left=True)
        for found in server.unrun.hints(document.path)
        if where.start.line <= found.range.end.line <= where.end.line
    ]


def register(server: ReloadServer) -> None:
    server.on(types.TEXT_DOCUMENT_INLAY_HINT, inlay_hints)
