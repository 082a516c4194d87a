"""A program that answers expressions, an editor that saves without waiting, and what both cost in memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from programs import CLI, ROOT, Program, environment

import reload_lsp.demo.editor as demo
from reload_lsp.demo.editor import Editor
from reload_lsp.sessions.dispatch import PATIENCE

Json = dict[str, Any]
demo.PATIENCE = 60.0

ANSWERING = """
if __name__ == "__main__":
    import sys
    print("ready", flush=True)
    for line in sys.stdin:
        print(eval(line), flush=True)
"""
APP = "import work\n" + ANSWERING


class Running(Program):
    """A program under `reload-lsp run` whose main module evaluates what it is told."""

    def __init__(self, folder: Path, main: str, **changes: str) -> None:
        super().__init__([*CLI, "run", "--", sys.executable, main], environment(**changes), folder)

    def ask(self, expression: str) -> str:
        """The value of an expression in the program."""
        self.say(expression)
        return self.line()

    @property
    def blocks(self) -> int:
        """How many blocks of memory Python has given out in it."""
        return int(self.ask("__import__('gc').collect() * 0 + sys.getallocatedblocks()"))


class Desk(Editor):
    """An editor with the real server, which reloads what is saved here and does not look for changes of others."""

    def __init__(self, folder: Path, patience: float = PATIENCE, retry: float = 0.5, **changes: str) -> None:
        super().__init__(folder, environment(**changes), server_command(patience, retry))

    def settings(self) -> Json:
        return {"watch": False}

    def attached(self, count: int = 1) -> list[Json]:
        """Wait until so many processes are attached, going by the last status that came."""
        found = self._wait("reloadLsp/status", lambda s: len(s["processes"]) == count, f"never {count} processes")
        return list(found["processes"])

    def said(self, holds: Callable[[Json], bool]) -> Json:
        """The first status for which something holds."""
        return self._wait("reloadLsp/status", holds, "such a status never came")

    def batch(self) -> list[Json]:
        """What became of the next batch, process by process."""
        return list(self._wait("reloadLsp/didReload", lambda _: True, "no reload was reported")["processes"])

    def change(self, path: Path, text: str) -> list[Json]:
        """Save a text and wait for what becomes of it; all that was heard before is forgotten."""
        if path.name not in self._versions:
            self.open(path)
        self.forget()
        self.save(path, text)
        return self.batch()

    def answers(self) -> None:
        """Wait until the server has dealt with all that it was told."""
        self.request("workspace/executeCommand", {"command": "reloadLsp.history", "arguments": []})

    @property
    def memory(self) -> int:
        """What the server holds, in KiB."""
        return resident(self.process.pid)


def server_command(patience: float, retry: float) -> list[str]:
    """The real server, which waits `patience` seconds for a process, and connects to one again after `retry`."""
    text = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from reload_lsp.sessions import dispatch, opening\n"
        f"dispatch.PATIENCE, opening.RETRY_AFTER = {patience}, ({retry},)\n"
        "from reload_lsp.cli import main; sys.exit(main())"
    )
    return [sys.executable, "-c", text, "--stdio"]


def resident(pid: int) -> int:
    """The resident memory of a process, in KiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS"))


def descriptors(pid: int) -> int:
    """How many files a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))
