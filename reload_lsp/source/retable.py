"""The table of an edited text from that of the text before: only the lines around the edit are looked at."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .statement import Statement
from .table import known_table

SHORT = 4_000  # characters; a text that is no longer than this is read as fast as it is compared


def edited_table(before: str, old: Sequence[Statement], text: str, *, check: bool = True) -> list[Statement]:
    """`known_table(text)`, where `old` is that of `before`: statements above and below the edit are taken over.

    Without `check`, what is around the edit is not parsed: for who compiles each statement that differs, and finds errors so.
    """
    if len(text) < SHORT or not old or "\f" in text or "\r" in text:
        return known_table(text)
    same = _same_head(before, text)
    first = before.count("\n", 0, same)
    behind = before.count("\n", len(before) - _same_tail(before, text, same))
    head = _head(old, first)
    tail = _tail(old, head, before.count("\n") + 1 - behind)
    lines = text.split("\n")
    moved = len(lines) - before.count("\n") - 1
    start = old[head - 1].end_line + 1 if head else 0
    end = old[tail].line + moved if tail < len(old) else len(lines)
    middle = _table_of("\n".join(lines[start:end]) + "\n", start, check)
    return known_table(text) if middle is None else [*old[:head], *middle, *_moved(old[tail:], moved)]


def _same_head(before: str, after: str) -> int:
    """How many characters are the same at the beginning: found by halves, for comparing long texts is what is fast."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if before[low:middle] == after[low:middle] else (low, middle - 1)
    return low


def _same_tail(before: str, after: str, head: int) -> int:
    """How many characters are the same at the end, behind the first `head`."""
    low, high = 0, min(len(before), len(after)) - head
    while low < high:
        middle = (low + high + 1) // 2
        a, b = len(before) - middle, len(after) - middle
        same = before[a : len(before) - low] == after[b : len(after) - low]
        low, high = (middle, high) if same else (low, middle - 1)
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


def _table_of(text: str, line: int, check: bool) -> list[Statement] | None:
    """The statements of whole lines that stand at `line`; None where they are no statements by themselves."""
    try:
        if check:
            ast.parse(text)
        return _moved(known_table(text), line)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _moved(statements: Sequence[Statement], lines: int) -> list[Statement]:
    if not lines:
        return list(statements)
    return [s._replace(line=s.line + lines, end_line=s.end_line + lines) for s in statements]
