"""A graph of modules laid out in rows: each module below those it reads, those that read each other in one box."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..verdict.graph import Edges, circles, load_order

WIDTH = 1180  # pixels of a row, before it is broken
GAP, MARGIN = 14, 24
HEIGHT, BETWEEN = 26, 34
LETTER = 7.3  # pixels, of the font that the picture asks for


@dataclass(frozen=True, slots=True)
class Box:
    """A module, or several that read each other, at a place in pixels; `number` is its turn in a reload."""

    names: tuple[str, ...]
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes, the edges between them by their places in `boxes` (from what is read to who reads), and the whole's size."""

    boxes: tuple[Box, ...]
    edges: tuple[tuple[int, int], ...]
    width: float
    height: float


def draw(edges: Edges) -> Drawing:
    """The layout of a graph."""
    groups = _groups(edges)
    home = {name: index for index, group in enumerate(groups) for name in group}
    reads = {
        index: {home[other] for name in group for other in edges[name] if other in home} - {index}
        for index, group in enumerate(groups)
    }
    rows = _rows(reads)
    boxes: dict[int, Box] = {}
    y = float(MARGIN)
    for row in range(max(rows.values(), default=-1) + 1):
        y = _place([i for i in range(len(groups)) if rows[i] == row], groups, y, boxes) + BETWEEN
    found = sorted((source, index) for index, sources in _essential(reads).items() for source in sources)
    width = max((b.x + b.width for b in boxes.values()), default=0) + MARGIN
    return Drawing(tuple(boxes[i] for i in range(len(groups))), tuple(found), width, y - BETWEEN + MARGIN)


def _groups(edges: Edges) -> list[tuple[str, ...]]:
    """The modules in the order of reloading, those of a circle together."""
    circle = {name: members for members in circles(edges) for name in members}
    groups: dict[tuple[str, ...], None] = {}
    for name in load_order(edges):
        groups.setdefault(circle.get(name, (name,)))
    return list(groups)


def _rows(reads: Mapping[int, Collection[int]]) -> dict[int, int]:
    """The row of each group: one more than that of the lowest it reads."""
    rows: dict[int, int] = {}
    waiting = list(reads)
    while waiting:
        index = waiting.pop()
        missing = [other for other in reads[index] if other not in rows]
        if missing:
            waiting += [index, *missing]
        else:
            rows[index] = 1 + max((rows[other] for other in reads[index]), default=-1)
    return rows


def _essential(reads: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """Without the edges that a longer way says too: those make a picture of many modules unreadable."""
    above: dict[int, set[int]] = {}
    rows = _rows(reads)
    for index in sorted(reads, key=lambda i: rows[i]):
        above[index] = set(reads[index]).union(*(above[other] for other in reads[index]))
    return {
        index: {other for other in mine if not any(other in above[third] for third in mine if third != other)}
        for index, mine in reads.items()
    }


def _place(row: Sequence[int], groups: Sequence[tuple[str, ...]], y: float, boxes: dict[int, Box]) -> float:
    """Place one row, on several lines where it is long; where it ends."""
    x, bottom = float(MARGIN), y
    for index in row:
        names = groups[index]
        width = max(len(f"{index + 1} {name}") for name in names) * LETTER + 2 * GAP
        if x + width > WIDTH and x > MARGIN:
            x, y = float(MARGIN), bottom + GAP
        height = HEIGHT + (len(names) - 1) * 18
        boxes[index] = Box(names, index + 1, x, y, width, height)
        bottom = max(bottom, y + height)
        x += width + GAP
    return bottom
