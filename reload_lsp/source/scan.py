"""Where the statements at the top level of a text begin and end, without parsing it: a twentieth of the time.

Strings and comments are blanked out, then a statement begins at every line whose first column holds something that cannot
go on with the line above. What a line that looks so really is decides the parser, which sees every statement that is
looked into: the caller falls back to it for the whole text where the two disagree.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

_TRIPLE = r"[^{q}\\]*(?:(?:\\.|{q}(?!{q}{q}))[^{q}\\]*)*{q}{q}{q}"
_SINGLE = r"[^{q}\\\n]*(?:\\.[^{q}\\\n]*)*{q}"
_HIDDEN = re.compile(
    "("
    + "|".join(
        [
            r"#[^\n]*",
            '"""' + _TRIPLE.format(q='"'),
            "'''" + _TRIPLE.format(q="'"),
            '"' + _SINGLE.format(q='"'),
            "'" + _SINGLE.format(q="'"),
        ]
    )
    + ")",
    re.DOTALL,
)
_INSIDE = "\x01"  # stands for the text of a string: never the beginning of a line's statement
_BEGINS = re.compile(
    r"\n(?=[^\s)\]}\x01])(?!(?:else|elif|except|finally)\b)"
)  # faster than `^`, which is tried everywhere


def blanked(text: str) -> str:
    """`text` with its comments as blanks and the inside of its strings filled in, every place where it was."""
    parts = _HIDDEN.split(text)
    parts[1::2] = map(_blank, parts[1::2])
    return "".join(parts)


def _blank(hidden: str) -> str:
    if hidden[0] == "#":
        return " " * len(hidden)
    if "\n" not in hidden:
        return f"'{_INSIDE * (len(hidden) - 2)}'"
    first, *rest = hidden.split("\n")
    return "\n".join(["'" + _INSIDE * (len(first) - 1), *(_INSIDE * len(line) for line in rest)])


def spans(blank: str) -> Iterator[tuple[int, int]]:
    """The statements of a blanked text, as offsets: their first character and the one after their last."""
    begins = [found.start() for found in _BEGINS.finditer("\n" + blank)]
    begins.append(len(blank))
    brackets = blank.translate(_BRACKETS)
    start, depth = begins[0], 0
    for at, end in itertools.pairwise(begins):
        depth += brackets.count("(", at, end) - brackets.count(")", at, end)
        if depth > 0 or blank[at] == "@" or blank.endswith("\\\n", at, end):
            continue
        yield start, at + len(blank[at:end].rstrip(_TAIL))
        start = end
    if start < len(blank):  # no end was found: the parser will say why
        yield start, start + len(blank[start:].rstrip(_TAIL))


_TAIL = " \t\n\\"
_BRACKETS = str.maketrans("[{]}", "(())")


_DEFINITION = re.compile(r"\n([ \t]*)(?:async[ \t]+)?def\b")
_PUNCTUATION = re.compile(r"[()\[\]{}:]")
_PLAIN, _INNER = r"[^()\[\]{}:]*", r"[^()\[\]{}]*"
_SIGNATURE = re.compile(  # nearly all heads of definitions: brackets within the parentheses, none in those
    rf"{_PLAIN}\({_INNER}(?:[(\[{{]{_INNER}[)\]}}]{_INNER})*\){_PLAIN}(?:\[{_PLAIN}\]{_PLAIN})*:"
)


def skeleton(text: str) -> str:
    """`text` with `pass` for the body of every function: enough to see what it does when it runs."""
    text = "\n" + text  # every line begins behind a line break
    blank = blanked(text)
    pieces: list[str] = []
    done = 1
    for found in _DEFINITION.finditer(blank):
        if found.start() + 1 < done:
            continue
        colon = _colon(blank, found.end())
        end = _body_end(blank, colon, found.group(1))
        pieces += (text[done:colon], " pass\n")
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _colon(blank: str, start: int) -> int:
    """Where the head of a definition ends: after its colon."""
    usual = _SIGNATURE.match(blank, start)
    if usual is not None:
        return usual.end()
    depth = 0
    for found in _PUNCTUATION.finditer(blank, start):
        mark = found.group()
        if mark == ":":
            if not depth:
                return found.end()
        else:
            depth += 1 if mark in "([{" else -1
    return len(blank)


def _body_end(blank: str, start: int, indent: str) -> int:
    """The beginning of the first line after `start` that stands no deeper than `indent`."""
    line = blank.find("\n", start)
    outer = _OUTER.get(indent)
    if outer is None:
        outer = _OUTER[indent] = re.compile(rf"\n(?!{indent}[ \t])(?=[ \t]*[^\s\x01])")
    found = outer.search(blank, line) if line >= 0 else None
    return found.start() + 1 if found else len(blank)


_OUTER: dict[str, re.Pattern[str]] = {}
