"""Documents that the server makes: shown by `window/showDocument` where the client can, and returned in any case."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from . import plans
from .documents import Document
from .roots import uri_of

if TYPE_CHECKING:
    from .app import ReloadServer

SHOW_PLAN = "reloadLsp.showPlan"
Json = dict[str, Any]


class Pages:
    """Files in a folder of their own, made when first needed and gone with the server."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def write(self, name: str, text: str) -> Path:
        """The file that holds `text` now."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="reload-lsp-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


async def show_plan(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """What saving the documents named would do, those edited where none is named."""
    uris = [str(a) for a in arguments if isinstance(a, str)]
    documents = [d for d in map(server.documents.at, uris) if d] if uris else [d for d in server.documents if d.dirty]
    for document in documents:
        await server.verdicts.settled(document.path)
    markdown = "\n".join(_plan(server, document) for document in documents) or "Nothing is edited.\n"
    await show(server, "plan.md", markdown, arguments)
    return {"markdown": markdown}


def _plan(server: ReloadServer, document: Document) -> str:
    names = {m.process.facts.id: f"{m.process.facts.name} (pid {m.process.facts.pid})" for m in server.roster.attached}

    def link(path: str, line: int) -> str:
        return f"[{os.path.basename(path)}:{line + 1}]({server.view.uri_of(path)}#L{line + 1})"

    verdict = server.verdicts.known.get(document.path) if document.dirty else None
    return plans.page(os.path.basename(document.path), verdict, names, link)


async def show(server: ReloadServer, name: str, text: str, arguments: Sequence[Any], external: bool = False) -> None:
    """Show a page, unless the client cannot, shows such pages itself, or was told not to."""
    window = server.client_capabilities.window
    if not (window and window.show_document and window.show_document.support):
        return
    wish = next((cast("Json", a)["show"] for a in arguments if isinstance(a, dict) and "show" in a), None)
    if wish if wish is not None else not _shows_itself(server):
        path = server.pages.write(name, text)
        await server.window_show_document_async(types.ShowDocumentParams(uri_of(str(path)), external=external))


def _shows_itself(server: ReloadServer) -> bool:
    """`experimental.reloadLsp.showsPages` of the client's capabilities."""
    experimental = server.client_capabilities.experimental
    own = cast("Json", experimental).get("reloadLsp") if isinstance(experimental, dict) else None
    return isinstance(own, dict) and bool(cast("Json", own).get("showsPages"))
