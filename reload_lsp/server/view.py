"""What the server shows of its own accord: diagnostics, notifications, code lenses, messages."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..sessions.roster import Member
from ..verdict.drift import CODE as DRIFT
from . import notices
from .diagnostics import Converter
from .lines import split_lines
from .progress import Progress
from .reloader import Outcome
from .roots import uri_of
from .store import Merged
from .texts import read_bytes
from .unreachable import sentences

if TYPE_CHECKING:
    from .app import ReloadServer


class ServerView:
    """Shows things through one server's client."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self._published: set[str] = set()
        self._last_status: dict[str, Any] = {}
        self._progress = Progress(server, self.status)
        self.lenses: dict[str, str] = {}

    def publish(self, paths: Iterable[str]) -> None:
        """Push the diagnostics of `paths` (LSP "PublishDiagnostics")."""
        converter = self.converter()
        attached = len(self._server.roster.attached)
        for path in sorted(paths):
            told = self.told(path) if self.is_pulled(path) else self.shown(path)
            found = [converter.diagnostic(merged, attached) for merged in told]
            if found or path in self._published:
                self._send(path, found)

    def shown(self, path: str) -> list[Merged]:
        """What there is to say about a file, as the user wants to hear it."""
        return [*self.told(path), *self.foreseen(path)]

    def told(self, path: str) -> list[Merged]:
        """What has come of saves."""
        also = self._server.unrun.store.at(path) if self._server.settings.not_run == "hint" else ()
        return self._wanted([*self._server.store.at(path), *also])

    def foreseen(self, path: str) -> list[Merged]:
        """What would come of a save."""
        return self._wanted(self._server.verdicts.at(path))

    def _wanted(self, found: Iterable[Merged]) -> list[Merged]:
        rules, lines_of = self._server.settings.rules, self.lines_of
        return [replace(m, finding=f) for m in found for f in rules.applied([m.finding], lines_of)]

    def is_pulled(self, path: str) -> bool:
        """Does the client itself ask for what is foreseen for a file (LSP "Pull Diagnostics")?"""
        capabilities = self._server.client_capabilities
        text, workspace = capabilities.text_document, capabilities.workspace
        refreshes = workspace.diagnostics.refresh_support if workspace and workspace.diagnostics else None
        return bool(text and text.diagnostic and refreshes and self._server.documents.of(path))

    def _send(self, path: str, found: list[types.Diagnostic]) -> None:
        document = self._server.documents.of(path)
        self._published.add(path) if found else self._published.discard(path)
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=self.uri_of(path), diagnostics=found, version=document.version if document else None
            )
        )

    def converter(self) -> Converter:
        server = self._server
        return Converter(server.encoding, self.lines_of, self.uri_of, server.client_capabilities)

    def uri_of(self, path: str) -> str:
        """The URI of a canonical path: the client's own where the file is open."""
        document = self._server.documents.of(path)
        return document.uri if document else uri_of(self._server.roots.spelled(path))

    def lines_of(self, path: str) -> Sequence[str]:
        """The text of a file as the client has it, else as it is on disk."""
        document = self._server.documents.of(path)
        return document.lines if document else split_lines(_disk_text(path))

    def submitted(self, member: Member) -> None:
        self._server.waiting.watch(member)

    def batch_began(self, number: int, files: Sequence[str]) -> None:
        self._progress.began(number, len(files))

    def batch_ended(self, outcome: Outcome) -> None:
        self._progress.ended(outcome.number)
        for result in outcome.results:
            self.publish(self._server.store.drop_code(result.process.id, DRIFT))  # compared before this batch
        if outcome.results:
            title = notices.lens_title(outcome)
            self.lenses.update(dict.fromkeys(outcome.files, title))
            self._server.protocol.notify(notices.DID_RELOAD, notices.did_reload(outcome, self.uri_of))
            self.refresh_lenses()
            self._server.verdicts.again()
            self._server.restarts.consider(outcome)
            self._server.rivals.consider(outcome)
        self.status()

    def status(self) -> None:
        """Tell the status, when it is another than the last told."""
        server = self._server
        levels = server.settings.rules.levels(server.store.all())
        lost = sentences(server.roster.unreachable, server.roots)
        now = notices.status(server.roster.attached, server.roster.paused, levels, server.fault, lost)
        if now != self._last_status:
            self._last_status = now
            server.protocol.notify(notices.STATUS, now)

    def say(self, text: str) -> None:
        """Something the user should be able to look up, but need not see at once."""
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))

    def warn(self, text: str) -> None:
        """Something the user must see: it asks them to act."""
        self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))

    def forget_lenses(self) -> None:
        """Nothing is attached any more: what the lenses say holds for no process."""
        if self.lenses:
            self.lenses.clear()
            self.refresh_lenses()

    def refresh_lenses(self) -> None:
        """Have the client ask again, where it can be asked to."""
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)


def _disk_text(path: str) -> str:
    data = read_bytes(path) or b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding, "replace")
    except (SyntaxError, LookupError):
        return ""
