"""A real Neovim, headless, as the editor of a test: it opens, changes and writes files, and tells what it was sent."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from typing import Any

from editors import HERE, environment, program

PATIENCE = 30.0
SCRIPT = Path(__file__).with_name("neovim.lua")


class Neovim:
    """One Neovim with the settings of docs/editors.md, on one workspace."""

    def __init__(self, workspace: Path, own: Path, env: Mapping[str, str]) -> None:
        self._socket = str(own / "nvim.sock")
        settings = environment(own)
        (own / "config" / "nvim").mkdir()
        copy(HERE / "neovim" / "init.lua", own / "config" / "nvim")
        self._env = {**env, **settings, "XDG_RUNTIME_DIR": env["XDG_RUNTIME_DIR"]}
        self._command = str(program("nvim"))
        self._log = (own / "log").open("wb")
        self._process = subprocess.Popen(
            [self._command, "--headless", "--listen", self._socket, "-c", f"luafile {SCRIPT}"],
            cwd=workspace, env=self._env, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def attached(self, path: Path) -> None:
        """Open a file and wait until the server has found the program."""
        said = self._call("Attached", str(path), int(PATIENCE * 1000))
        assert "attached" in said and "nothing" not in said, said

    def save(self, path: Path, old: str, new: str, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """Change one place of a file and write it: the batches that were reported, none if `patience` seconds brought none."""
        asked = {"path": str(path), "old": old, "new": new, "patience": int(patience * 1000)}
        said = self._call("Save", json.dumps(asked))
        assert said.startswith(("[", "{")), f"{path.name}: {said}"
        batches: list[dict[str, Any]] = list(json.loads(said))
        return batches

    def codes(self, wanted: set[tuple[str, str]]) -> list[str]:
        """The codes of all errors and warnings on the screen, once `wanted` (file and code of each) are there."""
        deadline = time.monotonic() + PATIENCE
        while not wanted <= (shown := self._shown()):
            assert time.monotonic() < deadline, f"Neovim shows {shown}, not {wanted}"
        return sorted({code for _, code in shown})

    def _shown(self) -> set[tuple[str, str]]:
        return {(path, code) for path, code in json.loads(self._call("Shown"))}

    def close(self) -> None:
        """End it, and its server with it."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _call(self, function: str, *arguments: str | int) -> str:
        told = ", ".join(repr(a) if isinstance(a, int) else "'" + a.replace("'", "''") + "'" for a in arguments)
        command = [self._command, "--server", self._socket, "--remote-expr", f"v:lua.{function}({told})"]
        deadline = time.monotonic() + PATIENCE
        while True:
            done = subprocess.run(command, env=self._env, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return done.stdout or done.stderr
            assert self._process.poll() is None and time.monotonic() < deadline, done.stderr
