"""Where a `# reload: …` comment goes: at the end of a statement's first line, or alone above it. Pure."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence

from ..findings.values import Position


def insertion(lines: Sequence[str], line: int, word: str) -> tuple[Position, str]:
    """Where to put which text so that the statement that begins on `line` carries `# reload: <word>`."""
    text = lines[line].rstrip("\r\n") if line < len(lines) else ""
    if ends_open(lines, line):
        indent = text[: len(text) - len(text.lstrip())]
        return Position(line, 0), f"{indent}# reload: {word}\n"
    return Position(line, len(text.rstrip())), f"  # reload: {word}"


def module_insertion(lines: Sequence[str], word: str) -> tuple[Position, str]:
    """Where to put which text so that `# reload: <word>` stands in the first comment block of the file."""
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    closed = end < len(lines) and not lines[end].strip()
    return Position(end, 0), f"# reload: {word}\n" + ("" if closed else "\n")


def ends_open(lines: Sequence[str], line: int) -> bool:
    """Does a string or a backslash carry the end of this line into the next? No comment can stand there."""
    if line < len(lines) and lines[line].rstrip("\r\n").endswith("\\"):
        return True
    return any(start <= line < end for start, end in _spans(lines))


def _spans(lines: Sequence[str]) -> list[tuple[int, int]]:
    """First and last line of every string that has more than one."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            if token.type == tokenize.STRING and token.end[0] > token.start[0]:
                found.append((token.start[0] - 1, token.end[0] - 1))
            elif tokenize.tok_name[token.type].endswith("STRING_START"):
                opened.append(token.start[0] - 1)
            elif tokenize.tok_name[token.type].endswith("STRING_END"):
                found.append((opened.pop(), token.end[0] - 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # the text is unfinished: what was seen so far is all there is
    return found
