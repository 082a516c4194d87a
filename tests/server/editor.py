"""An editor for tests: pytest-lsp's client with a real editor's capabilities, buffers and saves.

Nothing sleeps: `until` looks again whenever the server has said something.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Union
from urllib.parse import unquote, urlsplit

from lsprotocol import types as t
from pytest_lsp import client_capabilities, make_test_lsp_client

ROOT = Path(__file__).parents[2]
SECONDS = 20.0
SERVER = [sys.executable, "-m", "reload_lsp.server.main", "--stdio"]
Manual = t.TextDocumentSaveReason.Manual


class Editor:
    """One client with one server process."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.client = make_test_lsp_client()
        self.notes: list[tuple[str, Any]] = []
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self._news = asyncio.Event()
        self.capabilities = client_capabilities(name)
        self._wrap()
        mend_code_actions(self.client.protocol._converter)
        self.client.feature(t.WORKSPACE_APPLY_EDIT)(lambda params: self._apply_edit(params))

    def _wrap(self) -> None:
        protocol = self.client.protocol
        handle = protocol._handle_notification

        def heard(method: str, params: Any) -> None:
            handle(method, params)
            self.notes.append((method, params))
            self._news.set()

        protocol._handle_notification = heard

    def _apply_edit(self, params: t.ApplyWorkspaceEditParams) -> t.ApplyWorkspaceEditResult:
        self.apply(params.edit)
        return t.ApplyWorkspaceEditResult(applied=True)

    async def start(self, *, options: Any = None, folders: list[Path] | None = None) -> Editor:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        await self.client.start_io(*SERVER, env=env, cwd=str(self.folder))
        roots = folders if folders is not None else [self.folder]
        self.result = await self.client.initialize_session(
            t.InitializeParams(
                capabilities=self.capabilities,
                workspace_folders=[t.WorkspaceFolder(uri=root.as_uri(), name=root.name) for root in roots],
                initialization_options=options,
            )
        )
        return self

    async def stop(self) -> None:
        await self.client.shutdown_session()

    @property
    def encoding(self) -> str:
        agreed = self.result.capabilities.position_encoding
        return str(getattr(agreed, "value", agreed))

    async def until(self, holds: Callable[[], Any]) -> Any:
        """The first true value of `holds`, tried after each message of the server."""

        async def wait() -> Any:
            while not (value := holds()):
                self._news.clear()
                await self._news.wait()
            return value

        try:
            return await asyncio.wait_for(wait(), SECONDS)
        except asyncio.TimeoutError:
            raise AssertionError(f"never came; heard {self.notes[-12:]}") from None

    def heard(self, method: str) -> list[Any]:
        return [params for name, params in self.notes if name == method]

    async def attached(self, count: int = 1) -> Any:
        """The status that names `count` processes."""

        def last() -> Any:
            said = self.heard("reloadLsp/status")
            return said[-1] if said and len(said[-1].processes) == count else None

        return await self.until(last)

    async def reloaded(self, batches: int = 1) -> Any:
        """The params of the `batches`-th `reloadLsp/didReload`."""
        return (await self.until(lambda: self.heard("reloadLsp/didReload")[batches - 1 : batches]))[0]

    def reloads_of(self, path: Path) -> list[Any]:
        """The batches so far that a file had part in."""
        return [told for told in self.heard("reloadLsp/didReload") if path.as_uri() in told.files]

    async def watching(self, path: Path) -> Any:
        """Wait until the server watches: give a loaded file news until the news arrives; the batch it made."""
        for number in range(100):
            path.write_text(f"news = {number}\n", encoding="utf-8")
            try:
                return await asyncio.wait_for(self.reloaded(), 0.5)
            except asyncio.TimeoutError:
                continue
        raise AssertionError("the watcher never reported")

    def diagnostics(self, path: Path) -> list[t.Diagnostic]:
        return list(self.client.diagnostics.get(path.as_uri(), []))

    async def diagnosed(self, path: Path, *codes: str) -> list[t.Diagnostic]:
        """Wait until exactly `codes` are shown on a file."""
        await self.until(lambda: [d.code for d in self.diagnostics(path)] == list(codes) and self._said(path))
        return self.diagnostics(path)

    def _said(self, path: Path) -> bool:
        return any(note.uri == path.as_uri() for note in self.heard("textDocument/publishDiagnostics"))

    def open(self, path: Path) -> None:
        uri, text = path.as_uri(), path.read_text(encoding="utf-8")
        self.versions[uri], self.texts[uri] = 1, text
        self.client.text_document_did_open(t.DidOpenTextDocumentParams(t.TextDocumentItem(uri, "python", 1, text)))

    def write(self, path: Path, text: str) -> None:
        """Replace the whole buffer."""
        self.change(path, t.TextDocumentContentChangeWholeDocument(text))
        self.texts[path.as_uri()] = text

    def insert(self, path: Path, line: int, text: str) -> None:
        """Put `text` before a line of the buffer, as typing does."""
        place = t.Position(line, 0)
        self.change(path, t.TextDocumentContentChangePartial(t.Range(place, place), text))
        lines = self.texts[path.as_uri()].splitlines(True)
        self.texts[path.as_uri()] = "".join([*lines[:line], text, *lines[line:]])

    def change(self, path: Path, change: Any) -> None:
        uri = path.as_uri()
        self.versions[uri] += 1
        self.client.text_document_did_change(
            t.DidChangeTextDocumentParams(t.VersionedTextDocumentIdentifier(self.versions[uri], uri), [change])
        )

    def save(self, path: Path, text: str | None = None, reason: t.TextDocumentSaveReason = Manual) -> None:
        """Save the buffer, with `text` in it if given."""
        uri = path.as_uri()
        if text is not None:
            self.write(path, text)
        document = t.TextDocumentIdentifier(uri)
        if self.result.capabilities.text_document_sync.will_save:
            self.client.text_document_will_save(t.WillSaveTextDocumentParams(document, reason))
        path.write_bytes(self.texts[uri].encode("utf-8"))
        self.said_saved(path)

    def apply(self, change: t.WorkspaceEdit) -> None:
        """Make a workspace edit in the buffers, as an editor does; positions are taken to be of plain ASCII lines."""
        edits = dict(change.changes or {})
        for document in change.document_changes or ():
            edits[document.text_document.uri] = list(document.edits)
        for uri, listed in edits.items():
            text = self.texts[uri]
            for edit in sorted(listed, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
                start, end = (_offset(text, place) for place in (edit.range.start, edit.range.end))
                text = text[:start] + edit.new_text + text[end:]
            self.write(Path(unquote(urlsplit(uri).path)), text)

    def said_saved(self, path: Path) -> None:
        self.client.text_document_did_save(t.DidSaveTextDocumentParams(t.TextDocumentIdentifier(path.as_uri())))

    async def actions(self, path: Path, line: int, **context: Any) -> list[t.CodeAction]:
        where = t.Range(t.Position(line, 0), t.Position(line, 0))
        found = await self.client.text_document_code_action_async(
            t.CodeActionParams(t.TextDocumentIdentifier(path.as_uri()), where, t.CodeActionContext([], **context))
        )
        return list(found or [])

    async def lens(self, path: Path) -> str | None:
        found = await self.client.text_document_code_lens_async(
            t.CodeLensParams(t.TextDocumentIdentifier(path.as_uri()))
        )
        return found[0].command.title if found else None

    async def run(self, command: str, *arguments: Any) -> Any:
        return await self.client.workspace_execute_command_async(
            t.ExecuteCommandParams(command, arguments=list(arguments))
        )


def _offset(text: str, place: t.Position) -> int:
    lines = text.splitlines(True)
    return sum(map(len, lines[: place.line])) + place.character


def mend_code_actions(converter: Any) -> None:
    """lsprotocol takes whatever has a `command` for a Command, though a CodeAction may have one too."""

    def structure(data: Any, _: Any) -> Any:
        return converter.structure(data, t.Command if isinstance(data.get("command"), str) else t.CodeAction)

    converter.register_structure_hook(Union[t.Command, t.CodeAction], structure)  # noqa: UP007
