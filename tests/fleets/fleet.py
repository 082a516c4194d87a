"""A program of several processes under `reload-lsp run`, and an editor on its folder."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from driver import Said

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import COMMAND, environment

Json = dict[str, Any]


class Fleet:
    """All processes of one program; every one of them has an agent of its own."""

    def __init__(self, process: subprocess.Popen[str], said: Said, editor: Editor, env: dict[str, str]) -> None:
        self.process, self.said, self.editor, self.env = process, said, editor, env
        self._opened: set[Path] = set()

    def attached(self, count: int) -> list[Json]:
        """Wait until so many processes are attached."""
        found = self.editor._wait(
            "reloadLsp/status", lambda status: len(status["processes"]) == count, f"there never were {count} processes"
        )
        return list(found["processes"])

    def save(self, path: Path, old: str, new: str, *, pids: Iterable[int] = ()) -> list[Json]:
        """Change one place of a file in the editor and save: what became of it, process by process.

        A process that is just loading the file has a batch of its own: those in `pids` are all waited for.
        """
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path.name} has {old!r} {text.count(old)} times"
        if path not in self._opened:
            self._opened.add(path)
            self.editor.open(path)
        self.editor.forget()
        self.editor.save(path, text.replace(old, new))
        told: dict[int, Json] = {}

        def everybody(report: Json) -> bool:
            told.update({process["pid"]: process for process in report["processes"]})
            return told.keys() >= {*pids}

        self.editor._wait("reloadLsp/didReload", everybody, f"no reload was reported of {pids or 'any process'}")
        return list(told.values())

    def command(self, name: str, *arguments: Any) -> Any:
        """One of the server's commands."""
        return self.editor.request("workspace/executeCommand", {"command": name, "arguments": list(arguments)})


@contextlib.contextmanager
def fleet(
    folder: Path, workspace: Path, command: Sequence[str | Path], ready: str, *options: str, ends: bool = False
) -> Iterator[Fleet]:
    """`command` under `reload-lsp run`, in a session of its own that ends with the block; `ends` where it may end by itself."""
    env = {**environment(folder), "PYTHONUNBUFFERED": "1"}
    env.pop("PYTHONPATH", None)
    with contextlib.ExitStack() as ending:
        process = subprocess.Popen(
            [*COMMAND, "run", *options, "--", *map(str, command)], cwd=workspace, env=env, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        ending.callback(_end, process)
        said = Said(process)
        said.wait_for(ready)
        editor = Editor(workspace, env)
        ending.callback(editor.end)
        editor.initialize()
        yield Fleet(process, said, editor, env)
        assert ends or process.poll() is None, f"the program ended: {said.lines[-20:]}"
        editor.stop()


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, count: int) -> dict[int, str]:
    """What the workers answer, by pid, as soon as `count` of them have."""
    found: dict[int, str] = {}
    for _ in range(2000):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            pid, _, text = answer.read().decode().partition(" ")
        found[int(pid)] = text
        if len(found) == count:
            return found
    raise AssertionError(f"only {sorted(found)} answered")


def outcomes(processes: list[Json]) -> dict[int, str]:
    """The table of one batch."""
    return {process["pid"]: process["outcome"] for process in processes}
