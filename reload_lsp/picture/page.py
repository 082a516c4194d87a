"""A drawing as one file that needs nothing from outside: HTML with an SVG picture, and the same as Mermaid text."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from ..verdict.graph import Edges
from .drawing import Box, Drawing, draw
from .mermaid import mermaid

STYLE = """
:root { color-scheme: light dark; --line: #9aa4b2; --box: #f4f6f9; --ink: #1d2733; --hot: #d9480f; --ring: #7048e8; }
@media (prefers-color-scheme: dark) { :root {
  --line: #5b6675; --box: #252b33; --ink: #dde3ea; --hot: #ff922b; --ring: #b197fc; } }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink); }
header { padding: 16px 24px 0; } header p { margin: 4px 0; max-width: 70em; }
svg { display: block; } svg text { font: 12px ui-monospace, monospace; fill: var(--ink); }
.box rect { fill: var(--box); stroke: var(--line); }
.circle rect { stroke: var(--ring); stroke-dasharray: 5 3; stroke-width: 1.6; }
.hot rect { stroke: var(--hot); stroke-width: 2.4; } .hot text { font-weight: 700; }
path { fill: none; stroke: var(--line); opacity: .55; } path.lit { stroke: var(--hot); opacity: 1; stroke-width: 1.8; }
.faint { opacity: .25; } .key { font-size: 12px; } details { padding: 0 24px 24px; } pre { overflow: auto; }
"""
SCRIPT = """
const boxes = [...document.querySelectorAll('.box')], lines = [...document.querySelectorAll('path')];
const reach = (start, from, to) => {
  const found = new Set([start]), waiting = [start];
  for (let at; (at = waiting.pop()) !== undefined; )
    for (const l of lines) if (l.dataset[from] === at && !found.has(l.dataset[to])) {
      found.add(l.dataset[to]); waiting.push(l.dataset[to]);
    }
  return found;
};
for (const box of boxes) {
  box.addEventListener('mouseenter', () => {
    const below = reach(box.dataset.at, 'from', 'to'), above = reach(box.dataset.at, 'to', 'from');
    for (const b of boxes) b.classList.toggle('faint', !below.has(b.dataset.at) && !above.has(b.dataset.at));
    for (const l of lines) l.classList.toggle('lit', (below.has(l.dataset.from) && below.has(l.dataset.to))
      || (above.has(l.dataset.from) && above.has(l.dataset.to)));
  });
  box.addEventListener('mouseleave', () => {
    for (const b of boxes) b.classList.remove('faint');
    for (const l of lines) l.classList.remove('lit');
  });
}
"""


def page(title: str, edges: Edges, hot: Collection[str] = ()) -> str:
    """The whole file; `hot` are the modules of the last reload."""
    drawing = draw(edges)
    circles = sum(1 for box in drawing.boxes if len(box.names) > 1)
    said = f"{len(edges)} modules, numbered in the order of reloading: a change travels downwards."
    ring = (
        f" Dashed boxes: {circles} circle{'s' if circles != 1 else ''} of modules that read each other."
        if circles
        else ""
    )
    last = " Bold frames: the last reload." if hot else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(title)}</h1><p>{said}{ring}{last} Edges that a longer way says too are left out; "
        "point at a module to see what it reads and what reads it.</p></header>\n"
        f"{svg(drawing, hot)}\n"
        f"<details><summary>As Mermaid</summary><pre>{escape(mermaid(edges, hot))}</pre></details>\n"
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def svg(drawing: Drawing, hot: Collection[str] = ()) -> str:
    """The picture alone."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width:.0f}" height="{drawing.height:.0f}" '
        f'viewBox="0 0 {drawing.width:.0f} {drawing.height:.0f}" role="img">'
    ]
    parts += [_edge(drawing.boxes, source, reader) for source, reader in drawing.edges]
    parts += [_box(index, box, hot) for index, box in enumerate(drawing.boxes)]
    return "\n".join([*parts, "</svg>"])


def _edge(boxes: tuple[Box, ...], source: int, reader: int) -> str:
    a, b = boxes[source], boxes[reader]
    x, y, to_x, to_y = a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y
    bend = max((to_y - y) / 2, 12)
    curve = f"M{x:.1f} {y:.1f}C{x:.1f} {y + bend:.1f} {to_x:.1f} {to_y - bend:.1f} {to_x:.1f} {to_y:.1f}"
    return f'<path d="{curve}" data-from="{source}" data-to="{reader}"/>'


def _box(index: int, box: Box, hot: Collection[str]) -> str:
    kinds = ["box", *(["circle"] if len(box.names) > 1 else []), *(["hot"] if set(box.names) & set(hot) else [])]
    labels = [f"{box.number} {name}" if not row else f"  {name}" for row, name in enumerate(box.names)]
    lines = [
        f'<text x="{box.x + 12:.1f}" y="{box.y + 17 + 18 * row:.1f}">{escape(label)}</text>'
        for row, label in enumerate(labels)
    ]
    frame = f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="6"/>'
    return f'<g class="{" ".join(kinds)}" data-at="{index}">{frame}{"".join(lines)}</g>'
