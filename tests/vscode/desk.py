"""The window that many stories have in common, one after the other."""

from __future__ import annotations

import shutil
from pathlib import Path

from codeserver import CodeServer
from playwright.sync_api import BrowserContext
from workbench import Workbench


class Desk:
    """One window after another on one folder: the same one, cleared, for as long as nothing went wrong in it."""

    def __init__(self, context: BrowserContext, server: CodeServer, folder: Path, shots: Path) -> None:
        self._context, self._server, self._folder, self._shots = context, server, folder, shots
        self.window: Workbench | None = None

    def cleared(self, file: str, **texts: str) -> Workbench:
        """The window with these files (by name, without the suffix), one of them open, and no process."""
        if self.window is not None:
            self.window.clear()
        self._fill({f"{name}.py": text for name, text in texts.items()})
        if self.window is None:
            self._server.configure({})
            self.window = Workbench(self._context, self._server, self._folder, self._shots)
            self.window.open(file)
        else:
            self.window.open_file(file)
        self.window.ready()
        return self.window

    def close(self) -> None:
        """Close the window; the next story has a new one."""
        if self.window is not None:
            self.window.close()
            self.window = None

    def _fill(self, texts: dict[str, str]) -> None:
        self._folder.mkdir(exist_ok=True)
        for path in self._folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in texts:
                path.unlink()
        for name, text in texts.items():
            (self._folder / name).write_text(text, encoding="utf-8")
