"""The terminal of `reload-lsp watch`: findings with their source lines, one status line that stays at the bottom, keys.

Nothing is told by colour alone; NO_COLOR and terminals that are none get plain lines.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

from ..findings.values import Finding
from .check_formats import excerpt

COLOURS = {"error": "31;1", "warning": "33;1", "information": "36", "hint": "2", "good": "32", "dim": "2"}
CLEAR = "\r\x1b[2K"
SIGNS = {"error": "✗", "warning": "!", "information": "i", "hint": "·"}


class Screen:
    """Writes lines above a status line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.is_terminal = out.isatty()
        self._coloured = self.is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._status = ""
        self._keys: tuple[int, Any] | None = None

    def line(self, text: str = "", colour: str = "") -> None:
        """One line of ours."""
        self._wipe()
        self._out.write(self._paint(text, colour) + "\n")
        self._show()

    def raw(self, data: str) -> None:
        """What the program writes, as it writes it; the status line comes back with the next line's end."""
        self._wipe()
        self._out.write(data)
        if data.endswith("\n"):
            self._show()
        else:
            self._out.flush()

    def status(self, text: str) -> None:
        """What the last line is to say."""
        if text != self._status:
            self._wipe()
            self._status = text
            self._show()

    def finding(self, finding: Finding, name: str, text: str) -> None:
        """A finding with its place, its line and a caret under it."""
        place = f"{name}:{finding.range.start.line + 1}:{finding.range.start.column + 1}"
        sign = SIGNS[finding.severity]
        self.line(f"{sign} {place}: {finding.severity} {finding.code}: {finding.message}", finding.severity)
        for line in excerpt(finding, text):
            self.line(line, "dim" if "^" not in line else finding.severity)

    def listen(self, on_key: Callable[[str], None]) -> None:
        """Take keys one by one, where there is a terminal to take them from."""
        if not self.is_terminal or not sys.stdin.isatty() or os.name == "nt":
            return
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        self._keys = (descriptor, termios.tcgetattr(descriptor))
        tty.setcbreak(descriptor)
        asyncio.get_running_loop().add_reader(
            descriptor, lambda: on_key(os.read(descriptor, 64).decode(errors="ignore"))
        )

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._wipe()
        self._status = ""
        self._out.flush()
        if self._keys is not None:
            import termios

            asyncio.get_running_loop().remove_reader(self._keys[0])
            termios.tcsetattr(self._keys[0], termios.TCSADRAIN, self._keys[1])
            self._keys = None

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self._coloured and colour else text

    def _wipe(self) -> None:
        if self.is_terminal and self._status:
            self._out.write(CLEAR)

    def _show(self) -> None:
        if self.is_terminal and self._status:
            width = os.get_terminal_size(self._out.fileno()).columns
            self._out.write(self._paint(self._status[: max(width - 1, 10)], "dim"))
        self._out.flush()
