"""The two processes of the demo: the shop under `reload-lsp run`, and what both are started with."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PATIENCE = 10.0
_HOME = str(Path(__file__).resolve().parents[2])
# The installation that runs now, whatever the current folder is.
COMMAND = [
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {_HOME!r}); from reload_lsp.cli import main; sys.exit(main())",
]


class DemoError(Exception):
    """A step of the demo is not what it says."""


def environment(folder: Path) -> dict[str, str]:
    """The user's environment with a runtime folder of the demo's own, so that no other program is touched."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("RELOAD_LSP")}
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    return {
        **env,
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Shop:
    """The running program: a request in, an answer out."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        command = [*COMMAND, "run", "--", sys.executable, "main.py"]
        self.process = start(command, folder, env)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def ask(self, request: str) -> str:
        """The program's answer to one line."""
        assert self.process.stdin
        self.process.stdin.write(f"{request}\n".encode())
        self.process.stdin.flush()
        return self.line()

    def line(self) -> str:
        """The next line that the program prints."""
        try:
            line = self._lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise DemoError(f"the program said nothing for {PATIENCE:.0f} s") from None
        if not line:
            raise DemoError(f"the program ended with exit code {self.process.wait(PATIENCE)}")
        return line.rstrip()

    def stop(self) -> int:
        """Let the program come to its end, as a closed terminal would."""
        return stop(self.process)

    def end(self) -> None:
        """Whatever happened, it does not outlive the demo."""
        kill(self.process)

    def _read(self, output: IO[bytes]) -> None:
        for line in output:
            self._lines.put(line.decode("utf-8", "replace"))
        self._lines.put("")


def start(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A child on pipes; what it has to complain of goes to our standard error."""
    return subprocess.Popen(list(command), cwd=folder, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def stop(process: subprocess.Popen[bytes]) -> int:
    """Close the child's input and wait for its end; one that does not end is killed."""
    try:
        if process.stdin:
            process.stdin.close()
    except OSError:
        pass
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a child that may still run, and let go of its pipes."""
    if process.poll() is None:
        process.kill()
        process.wait()
