"""Applications on a terminal of their own: started, and asked by keys. Screens tell of no event: they are watched."""

from __future__ import annotations

import shlex
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from edits import Broken
from terminal import Terminal

from reload_lsp.demo.processes import COMMAND

LOOK = 0.05
STILL = 0.6
"""Seconds without a change after which a screen counts as drawn."""
UNSEEN = 3.0
"""Seconds until a key counts as one that changes nothing on the screen."""
PATIENCE = 30.0
LINES = str.maketrans("╸╺▌", "━━ ")
"""Ends of lines that are drawn in small steps, and cursors that blink."""


class OnScreen:
    """An application on a terminal. A probe is keys by tmux's names; `!` stands where the screen is looked at."""

    def __init__(
        self, command: Sequence[str | Path], folder: Path, env: Mapping[str, str], live: bool, ready: str
    ) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="rl-")
        words = [*(COMMAND if live else ()), *(("run", "--") if live else ()), *map(str, command)]
        given = {**env, "TERM": "xterm-256color"}
        self._terminal = Terminal(Path(self._own.name) / "tmux", shlex.join(words), folder, given)
        deadline = time.monotonic() + PATIENCE
        while ready not in self._look():
            if time.monotonic() > deadline or not self._look():
                self.close()
                raise Broken(f"{ready!r} never came")
            time.sleep(LOOK)
        self._drawn()
        time.sleep(STILL)  # animations at the start
        self._drawn()

    def ask(self, probe: str) -> str:
        """What was on the screen each time it was looked at; `pid` asks for the process."""
        if probe == "pid":
            return self._terminal._run("display-message", "-p", "#{pane_pid}")
        shown: list[str] = []
        for key in probe.split():
            if key == "!":
                shown.append(self._drawn())
            else:
                self._press(key)
        self._drawn()
        return "\n".join(shown)

    def _press(self, key: str) -> None:
        before, since = self._look(), time.monotonic()
        self._terminal.keys(key)
        while self._look() == before and time.monotonic() - since < UNSEEN:
            time.sleep(LOOK)

    def close(self) -> None:
        self._terminal.close()
        self._own.cleanup()

    def _drawn(self) -> str:
        screen, since = self._look(), time.monotonic()
        while time.monotonic() - since < STILL:
            time.sleep(LOOK)
            now = self._look()
            if now != screen:
                screen, since = now, time.monotonic()
        return screen

    def _look(self) -> str:
        try:
            return self._terminal.screen().translate(LINES)
        except Exception:
            return ""  # the terminal is gone with its program
