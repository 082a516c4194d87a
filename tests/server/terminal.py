"""A program on a terminal of its own (tmux): keys in, screen out. Screens tell of no event: it is watched."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

SECONDS = 20.0
LOOK = 0.05
TMUX = shutil.which("tmux")


class Terminal:
    """One tmux server with one window."""

    def __init__(self, socket: Path, command: str, cwd: Path, env: Mapping[str, str]) -> None:
        self._tmux = [TMUX or "tmux", "-S", str(socket), "-f", "/dev/null"]
        self._env = dict(env)
        self._run("new-session", "-d", "-s", "t", "-x", "110", "-y", "30", "-c", str(cwd), command)

    def screen(self) -> str:
        return self._run("capture-pane", "-p", "-t", "t")

    def keys(self, *keys: str) -> None:
        """Press keys by tmux's names; what is no name is typed."""
        self._run("send-keys", "-t", "t", *keys)

    def type(self, text: str) -> None:
        self._run("send-keys", "-t", "t", "-l", text)

    async def shows(self, text: str) -> None:
        """Wait until the screen shows `text`."""
        await self.until(lambda screen: text in screen, text)

    async def hides(self, text: str) -> None:
        await self.until(lambda screen: text not in screen, f"no {text}")

    async def until(self, holds: Callable[[str], bool], what: str) -> None:
        """Wait until the screen is as `holds` wants it."""
        deadline = asyncio.get_running_loop().time() + SECONDS
        while not holds(self.screen()):
            assert asyncio.get_running_loop().time() < deadline, f"{what!r} never came:\n{self.screen()}"
            await asyncio.sleep(LOOK)

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], env=self._env, check=False, capture_output=True)

    def _run(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], env=self._env, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "replace")
