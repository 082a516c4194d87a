"""Plain SVG: bars and lines on logarithmic scales, readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH = 760
OURS = "#2f81f7"
OTHERS = ("#8b949e", "#d29922", "#a371f7", "#3fb950", "#f85149", "#db61a2", "#39c5cf", "#bc8cff")
TEXT = "#7d8590"


def bars(title: str, rows: Sequence[tuple[str, float, str, bool]]) -> str:
    """Rows of (name, milliseconds, what stands at the end, whether it counts): what does not count is drawn hollow."""
    top, step, left, right = 46, 30, 190, 240
    low = 10 ** math.floor(math.log10(min(ms for _, ms, _, _ in rows)))
    high = max(ms for _, ms, _, _ in rows)
    scale = (WIDTH - left - right) / math.log10(high / low)
    parts = [_text(12, 24, title, 15, weight="600")]
    for index, (name, ms, note, counts) in enumerate(rows):
        y = top + index * step
        color = OURS if name == "reload-lsp" else OTHERS[0]
        fill = color if counts else "none"
        width = max(math.log10(ms / low) * scale, 2)
        parts.append(_text(left - 10, y + 15, name, 13, "end", color if name == "reload-lsp" else TEXT))
        parts.append(
            f'<rect x="{left}" y="{y}" width="{width:.1f}" height="20" rx="3" fill="{fill}" stroke="{color}" stroke-width="1.5"/>'
        )
        parts.append(_text(left + width + 8, y + 15, note, 12))
    return _svg(parts, top + len(rows) * step + 12)


def lines(title: str, below: str, series: Mapping[str, Sequence[tuple[float, float]]], unit: str = "ms") -> str:
    """Lines through points (size, value), both scales logarithmic."""
    top, left, right, height = 50, 70, 170, 330
    points = [p for found in series.values() for p in found]
    (x0, x1), (y0, y1) = (_decades([p[axis] for p in points]) for axis in (0, 1))
    wide = (WIDTH - left - right) / max(x1 - x0, 1)
    tall = (height - top - 50) / max(y1 - y0, 1)

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (math.log10(x) - x0) * wide, height - 50 - (math.log10(y) - y0) * tall

    parts = [_text(12, 24, title, 15, weight="600"), _text(left, height - 8, below, 12)]
    for decade in range(y0, y1 + 1):
        _, y = place(10**x0, 10**decade)
        parts.append(
            f'<line x1="{left}" x2="{WIDTH - right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{TEXT}" stroke-opacity=".25"/>'
        )
        parts.append(_text(left - 8, y + 4, f"{10**decade:,g} {unit}", 11, "end"))
    for decade in range(x0, x1 + 1):
        x, _ = place(10**decade, 10**y0)
        parts.append(_text(x, height - 30, f"{10**decade:,g}", 11, "middle"))
    labels: list[tuple[float, str, str]] = []
    colors = iter(OTHERS * 3)
    for name, found in series.items():
        color = OURS if name == "reload-lsp" else next(colors)
        placed = [place(*point) for point in found]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        width = 3 if name == "reload-lsp" else 1.6
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in placed]
        labels.append((placed[-1][1], name, color))
    last = 0.0
    for y, name, color in sorted(labels):
        last = max(y, last + 14)
        parts.append(_text(WIDTH - right + 8, last + 4, name, 12, fill=color))
    return _svg(parts, height)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def _text(
    x: float, y: float, text: str, size: int, anchor: str = "start", fill: str = TEXT, weight: str = "400"
) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {where} fill="{fill}" font-weight="{weight}">{escape(text)}</text>'


def _svg(parts: Sequence[str], height: int) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return f'{head} font-family="system-ui, sans-serif">\n' + "\n".join(parts) + "\n</svg>\n"
