"""Bench adapter: the whole path, as an editor uses it: didSave, the server, the socket, the agent, and back as diagnostics."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from lsp_session import CHANGED, CREATED, DELETED, Session, python_files

KINDS = {"created": CREATED, "modified": CHANGED, "deleted": DELETED}


class Controller:
    """Lives in the bench; the target runs under `reload-lsp run`."""

    def __init__(self) -> None:
        self.editor = Session()

    def wrap(self, argv: list[str], env: dict[str, str], target: str) -> tuple[list[str], dict[str, str]]:
        return self.editor.wrap(argv, env)

    def attach(self, session: Any) -> None:
        self.editor.start(session.dir, session.proc.pid)
        for path in python_files(session.dir):
            self.editor.open(path)

    def apply(self, session: Any, changed: Mapping[str, str]) -> list[str]:
        """Python files that are there are saved in the editor; everything else changed outside of it."""
        saved = [path for path, kind in changed.items() if path.endswith(".py") and kind != "deleted"]
        outside = {
            path: KINDS[kind] for path, kind in changed.items() if kind != "modified" or not path.endswith(".py")
        }
        _, shown = self.editor.apply(saved, outside)
        return [*shown["error"], *shown["warning"]]

    def close(self, session: Any) -> None:
        self.editor.end()
