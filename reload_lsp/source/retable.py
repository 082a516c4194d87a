"""The table of an edited text from that of the text before: only the lines around the edit are looked at."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

from .statement import Statement
from .table import known_table

SHORT = 4_000  # characters; a text that is no longer than this is read as fast as it is compared


def edited_table(before: str, old: Sequence[Statement], text: str) -> list[Statement]:
    """`known_table(text)`, where `old` is that of `before`: statements above and below the edit are taken over."""
    if len(text) < SHORT or not old or "\f" in text or "\r" in text:
        return known_table(text)
    lines_before, lines = before.split("\n"), text.split("\n")
    first = _same(lines_before, lines, lambda seen, n: seen[:n])
    behind = _same(lines_before[first:], lines[first:], lambda seen, n: seen[len(seen) - n :])
    head = _head(old, first)
    tail = _tail(old, head, len(lines_before) - behind)
    moved = len(lines) - len(lines_before)
    start = old[head - 1].end_line + 1 if head else 0
    end = old[tail].line + moved if tail < len(old) else len(lines)
    middle = _table_of("\n".join(lines[start:end]) + "\n", start)
    return known_table(text) if middle is None else [*old[:head], *middle, *_moved(old[tail:], moved)]


def _same(before: list[str], after: list[str], part: Callable[[list[str], int], list[str]]) -> int:
    """How many lines are the same at one end: found by halves, for comparing lists is what Python does fast."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if part(before, middle) == part(after, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _head(old: Sequence[Statement], first: int) -> int:
    """How many statements end above line `first`: one less, for the next line may go on with the last of them."""
    count = 0
    while count < len(old) and old[count].end_line < first:
        count += 1
    count = max(count - 1, 0)
    while count and not _begins_a_line(old, count):
        count -= 1
    return count


def _tail(old: Sequence[Statement], head: int, line: int) -> int:
    """The first statement from `line` on that begins in the first column of a line of its own."""
    index = len(old)
    while index > head and old[index - 1].line >= line:
        index -= 1
    while index < len(old) and not _begins_a_line(old, index):
        index += 1
    return index


def _begins_a_line(old: Sequence[Statement], index: int) -> bool:
    return old[index].column == 0 and old[index].text[:1] not in " \t" and _line_above(old, index) < old[index].line


def _line_above(old: Sequence[Statement], index: int) -> int:
    return old[index - 1].end_line if index else -1


def _table_of(text: str, line: int) -> list[Statement] | None:
    """The statements of whole lines that stand at `line`; None where they are no statements by themselves."""
    try:
        ast.parse(text)
        return _moved(known_table(text), line)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _moved(statements: Sequence[Statement], lines: int) -> list[Statement]:
    if not lines:
        return list(statements)
    return [replace(s, line=s.line + lines, end_line=s.end_line + lines) for s in statements]
