"""Texts as lines: they end at "\\n", "\\r\\n" and "\\r" only, which `str.splitlines` does not know."""

from __future__ import annotations

import re

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their ends; a text that ends with a line's end has an empty last line."""
    lines = _LINES.findall(text)
    if not lines or lines[-1].endswith(("\r", "\n")):
        lines.append("")
    return lines
