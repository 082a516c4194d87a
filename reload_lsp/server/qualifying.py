"""The way out of a copy that `from m import x` made: `m.x`, wherever the file uses it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..findings.values import Finding
from ..verdict.program import Product
from ..verdict.qualify import Qualified, qualify

if TYPE_CHECKING:
    from .app import ReloadServer
    from .programs import Texts


async def change_for(server: ReloadServer, finding: Finding, fix: dict[str, Any]) -> Qualified | None:
    """The change to the finding's file as it is on the screen; None where it would change more than how the name is read."""
    name, text = str(fix["name"]), "".join(server.view.lines_of(finding.path)).replace("\r\n", "\n").replace("\r", "\n")
    line = finding.range.start.line + _further_down(finding, fix)
    programs = await server.verdicts.programs_for(finding.path)
    return await asyncio.to_thread(_change, [texts for _, _, texts in programs], finding.path, text, line, name)


def _further_down(finding: Finding, fix: dict[str, Any]) -> int:
    """How many lines below the finding the import stands: a held block is said of on its first line."""
    statement: dict[str, Any] = finding.data.get("statement") or {}
    return int(fix["line"]) - int(statement["line"]) if "line" in statement else 0


def _change(programs: list[Texts], path: str, text: str, line: int, name: str) -> Qualified | None:
    if any(_is_read_elsewhere(texts, path, name) for texts in programs):
        return None  # others take the name from this module, and would miss it
    return qualify(text, line, name)


def _is_read_elsewhere(texts: Texts, path: str, name: str) -> bool:
    modules = texts.program.at(path)
    readers = (r for m in modules for r in texts.program.readers(Product(m.name, name, "identity")))
    return any(reader.module.path != path for reader in readers)
