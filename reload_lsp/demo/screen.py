"""What the demo prints: plain ASCII, colour only as an addition and only where it is wanted."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence
from difflib import ndiff
from typing import Any

Json = dict[str, Any]
WIDTH = 100
SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Screen:
    """Prints the steps; `colour` adds escape sequences."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def title(self, text: str) -> None:
        print(self.styled(text, "bold"), flush=True)

    def step(self, number: int, text: str) -> None:
        print(f"\n{self.styled(f'{number}. {text}', 'bold')}", flush=True)

    def say(self, label: str, text: str, style: str = "") -> None:
        """One line under a step: who speaks, and what."""
        first, *more = textwrap.wrap(text, WIDTH - 14) or [""]
        print(f"   {label:<11} {self.styled(first, style)}", flush=True)
        for line in more:
            print(f"   {'':<11} {self.styled(line, style)}", flush=True)

    def edit(self, name: str, old: str, new: str) -> None:
        """The lines that an edit takes away and adds."""
        label = name
        for line in ndiff(old.splitlines(), new.splitlines()):
            if line[0] in "+-":
                self.say(
                    label,
                    f"{line[0]} {line[2:]}" if line[2:] else line[0],
                    "green" if line[0] == "+" else "red",
                )
                label = ""

    def diagnostic(self, name: str, text: str, diagnostic: Json, fixes: Sequence[str]) -> None:
        """A diagnostic as an editor draws it: line, what is underlined, code, message, fixes."""
        start: Json = diagnostic["range"]["start"]
        end: Json = diagnostic["range"]["end"]
        line = text.splitlines()[int(start["line"])]
        until = min(int(end["character"]), len(line)) if end["line"] == start["line"] else len(line)
        number = str(start["line"] + 1)
        column = max(int(start["character"]), len(line) - len(line.lstrip()))
        carets = "^" * max(1, until - column)
        style = "red" if diagnostic["severity"] == 1 else "yellow"
        self.say("editor", f"{name}:{number}:{column + 1}")
        print(f"   {'':<11} {number:>4} | {line}")
        print(f"   {'':<11} {'':>4} | {' ' * column}{self.styled(carets, style)}")
        said = f"{SEVERITIES[diagnostic['severity']]} {diagnostic['code']}: {diagnostic['message']}"
        self.say("", said, style)
        for fix in fixes:
            self.say("", f"fix: {fix}")

    def styled(self, text: str, style: str) -> str:
        if not self.colour or not style:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def wants_colour(choice: str) -> bool:
    """Whether to colour: as asked, else on a terminal, and never with NO_COLOR (see no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()
