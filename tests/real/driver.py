"""What the tests with real programs share: an environment, the program under `reload-lsp run`, an editor."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from environments import environment_with

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import COMMAND, environment

PATIENCE = 60.0


def installed(name: str, *packages: str) -> Path:
    """A virtual environment with `packages`, made once: its bin folder."""
    return environment_with(name, packages) / "bin"


def packages_of(bin_folder: Path) -> Path:
    """Where the environment keeps its packages."""
    return next((bin_folder.parent / "lib").glob("python3*/site-packages"))


class Real:
    """A real program and an editor on its folder."""

    def __init__(self, process: subprocess.Popen[str], editor: Editor, said: Said, env: Mapping[str, str]) -> None:
        self.process = process
        self.editor = editor
        self.said = said
        self.env = dict(env)
        self.opened: set[Path] = set()

    def open(self, path: Path) -> None:
        """Open a file in the editor."""
        self.opened.add(path)
        self.editor.open(path)

    def save(self, path: Path, old: str, new: str) -> dict[str, Any]:
        """Change one place of a file in the editor and save: what became of it in the program."""
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path.name} has {old!r} {text.count(old)} times"
        if path not in self.opened:
            self.open(path)
        self.editor.forget()
        self.editor.save(path, text.replace(old, new))
        return self.editor.reloaded()


class Said:
    """What a program prints, line by line; every line can be waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def wait_for(self, text: str, after: int = 0) -> str:
        """The first line with `text` in it, beyond the first `after` lines."""

        def found() -> str | None:
            return next((line for line in self.lines[after:] if text in line), None)

        with self._news:
            self._news.wait_for(lambda: found() or self._ended, PATIENCE)
        line = found()
        assert line, f"{text!r} was never said: {self.lines[-20:]}"
        return line

    def _read(self, output: Any) -> None:
        for line in output:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


@contextlib.contextmanager
def running(folder: Path, workspace: Path, command: Sequence[str | Path], ready: str) -> Iterator[Real]:
    """`command` under `reload-lsp run`, and an editor that has found it; both end with the block."""
    env = {**environment(folder), "PYTHONUNBUFFERED": "1"}
    env.pop("PYTHONPATH", None)
    with contextlib.ExitStack() as ending:
        process = subprocess.Popen(
            [*COMMAND, "run", "--", *map(str, command)], cwd=workspace, env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        ending.callback(_end, process)
        said = Said(process)
        said.wait_for(ready)
        editor = Editor(workspace, env)
        ending.callback(editor.end)
        editor.initialize()
        editor.attached()
        yield Real(process, editor, said, env)
        assert process.poll() is None, f"the program ended: {said.lines[-20:]}"
        editor.stop()


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
