"""The window that many stories have in common, one after the other."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from codeserver import CodeServer
from playwright.sync_api import BrowserContext
from workbench import Workbench


class Desk:
    """A window, cleared from story to story for as long as nothing goes wrong in it, then another.

    Each has a folder of its own: of a folder that was open before, the workbench remembers what it showed.
    """

    def __init__(self, context: BrowserContext, server: CodeServer, room: Path, shots: Path) -> None:
        self._context, self._server, self._room, self._shots = context, server, room, shots
        self.window: Workbench | None = None

    def cleared(self, file: str, **texts: str) -> Workbench:
        """The window with these files (by name, without the suffix), one of them open, and no process."""
        files = {f"{name}.py": text for name, text in texts.items()}
        if self.window is None:
            self._server.configure({})
            folder = Path(tempfile.mkdtemp(dir=self._room)) / "shop"
            fill(folder, files)
            self.window = Workbench(self._context, self._server, folder, self._shots)
            self.window.open(file)
        else:
            self.window.clear()
            fill(self.window.folder, files)
            self.window.open_file(file)
        self.window.ready()
        return self.window

    def close(self) -> None:
        """Close the window; the next story has a new one."""
        if self.window is not None:
            self.window.close()
            self.window = None


def fill(folder: Path, texts: dict[str, str]) -> None:
    """Have these files and no others in a folder."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
