"""How places move when text is edited: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..findings.values import Position, Range
from .lines import split_lines


@dataclass(frozen=True, slots=True)
class Edit:
    """The text in `old` was replaced; what replaced it ends at `new_end`."""

    old: Range
    new_end: Position


def edit_of(old: Range, text: str) -> Edit:
    """The edit that puts `text` in the place of `old`."""
    lines = split_lines(text)
    last = len(lines[-1])
    if len(lines) == 1:
        return Edit(old, Position(old.start.line, old.start.column + last))
    return Edit(old, Position(old.start.line + len(lines) - 1, last))


def inverse(edit: Edit) -> Edit:
    """The edit that takes `edit` back, as far as places are concerned."""
    return Edit(Range(edit.old.start, edit.new_end), edit.old.end)


def moved(where: Range, edit: Edit) -> Range:
    """Where `where` is after `edit`; text put in at its start pushes it on, at its end it does not grow."""
    end = where.end if _before(where.end, edit.old.start) else _shifted(where.end, edit)
    start = where.start
    if not _before(start, edit.old.start) or start == edit.old.start:
        start = _shifted(start, edit)
    return Range(start, end if _key(end) > _key(start) else start)


def moved_by_all(where: Range, edits: Sequence[Edit]) -> Range:
    """`where` after each of `edits` in turn."""
    for edit in edits:
        where = moved(where, edit)
    return where


def _shifted(place: Position, edit: Edit) -> Position:
    old, new = edit.old.end, edit.new_end
    if _key(place) < _key(old):
        return min(new, place, key=_key) if _key(place) > _key(edit.old.start) else place
    if place.line > old.line:
        return Position(place.line + new.line - old.line, place.column)
    return Position(new.line, new.column + place.column - old.column)


def _before(place: Position, other: Position) -> bool:
    return _key(place) <= _key(other)


def _key(place: Position) -> tuple[int, int]:
    return (place.line, place.column)


def whole_edit(old: Sequence[str], new: Sequence[str]) -> Edit | None:
    """The smallest edit, in whole lines, from one text to another; None when they are the same."""
    if old == new:
        return None
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    first = Position(head, 0)
    return Edit(Range(first, Position(len(old) - tail, 0)), Position(len(new) - tail, 0))


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items at the start are equal."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
