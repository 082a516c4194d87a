"""Places as the client counts them, and as everything inside does: lines and code points.

LSP "Position": `character` counts the units of the encoding that was negotiated at `initialize`.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from ..findings.values import Position, Range


def units(text: str, encoding: str) -> int:
    """How long `text` is in the client's units."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def column(line: str, character: int, encoding: str) -> int:
    """The code point at which `character` client units of `line` have gone by; at most the line's length."""
    text = line.rstrip("\r\n")
    if encoding == "utf-32" or text.isascii():
        return min(character, len(text))
    gone = 0
    for index, letter in enumerate(text):
        if gone >= character:
            return index
        gone += units(letter, encoding)
    return len(text)


def from_client(lines: Sequence[str], place: types.Position, encoding: str) -> Position:
    """A client's position as ours; beyond the text it is the text's end."""
    if place.line >= len(lines):
        return Position(len(lines) - 1, len(lines[-1])) if lines else Position(0, 0)
    return Position(place.line, column(lines[place.line], place.character, encoding))


def to_client(lines: Sequence[str], place: Position, encoding: str) -> types.Position:
    """Our position as the client's; beyond a line it is the line's end."""
    if place.line >= len(lines):
        return types.Position(place.line, 0)
    text = lines[place.line].rstrip("\r\n")
    return types.Position(place.line, units(text[: place.column], encoding))


def range_from_client(lines: Sequence[str], where: types.Range, encoding: str) -> Range:
    return Range(from_client(lines, where.start, encoding), from_client(lines, where.end, encoding))


def range_to_client(lines: Sequence[str], where: Range, encoding: str) -> types.Range:
    return types.Range(to_client(lines, where.start, encoding), to_client(lines, where.end, encoding))
