"""Programs with the real agent in a process of their own, for the tests of agent and commands.

A program says on its standard output how far it is; tests wait for those lines, never for time to pass.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from reload_lsp.wire.client import Client
from reload_lsp.wire.folder import existing_folder
from reload_lsp.wire.records import Record, living

ROOT = Path(__file__).parents[1]
PATIENCE = 30.0
CLI = [
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from reload_lsp.cli import main; sys.exit(main())",
]
STARTED = "import reload_lsp; reload_lsp.start(); print('ready', flush=True)\n"
WAIT = "import sys; sys.stdin.readline()\n"


def environment(**changes: str | None) -> dict[str, str]:
    """The test's own environment without anything of ours, and `changes` (None takes a variable out)."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("RELOAD_LSP", "PYTHON"))}
    for name, value in changes.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


class Program:
    """A child process whose output arrives line by line."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.errors = ""
        self._readers = [threading.Thread(target=r, daemon=True) for r in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self) -> str:
        """The next line of output; fails loudly where the program ended."""
        line = self._lines.get(timeout=PATIENCE)
        assert line is not None, f"the program ended: {self.finish()}"
        return line

    def say(self, text: str = "") -> None:
        """One line to its standard input."""
        assert self.process.stdin
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def finish(self) -> tuple[int, str]:
        """Let it end; exit code and what it wrote to stderr."""
        assert self.process.stdin
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        return code, self.errors

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.finish()

    def record(self) -> Record:
        """Its agent's record."""
        [found] = [r for r in records() if r.pid == self.pid]
        return found

    def client(self) -> Client:
        return Client(self.record(), PATIENCE)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr
        self.errors = self.process.stderr.read()


def records() -> list[Record]:
    """All living agents of this test."""
    folder = existing_folder()
    return living(folder) if folder else []


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Short, because socket paths are; pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="rl-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder / "reload-lsp"
    shutil.rmtree(folder)


@pytest.fixture
def program(runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """`program(text, **environment)`: a script with `import reload_lsp` at hand."""
    started: list[Program] = []

    def start(text: str, *options: str, **changes: str) -> Program:
        script = tmp_path / f"script{len(started)}.py"
        script.write_text(text, encoding="utf-8")
        env = environment(PYTHONPATH=str(ROOT), **changes)
        started.append(Program([sys.executable, *options, str(script)], env, tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def run(runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """`run(command, ..., **environment)`: under `reload-lsp run`."""
    started: list[Program] = []

    def start(*command: str, **changes: str | None) -> Program:
        started.append(Program([*CLI, "run", *command], environment(**changes), tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.kill()
