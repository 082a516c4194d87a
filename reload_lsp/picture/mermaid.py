"""A graph of modules as Mermaid text, for editors and pages that draw it."""

from __future__ import annotations

from collections.abc import Collection

from ..verdict.graph import Edges, circles, load_order


def mermaid(edges: Edges, hot: Collection[str] = ()) -> str:
    """A `flowchart`: from what is read to who reads it, circles as subgraphs, `hot` modules with a heavy line."""
    ids = {name: f"m{number}" for number, name in enumerate(load_order(edges), 1)}
    ring = {name: number for number, members in enumerate(circles(edges), 1) for name in members}
    lines = ["flowchart TD"]
    for number in sorted(set(ring.values())):
        inside = [f"    {ids[name]}[{_quoted(name)}]" for name in ids if ring.get(name) == number]
        lines += [f"  subgraph c{number}[circle]", *inside, "  end"]
    lines += [f"  {ids[name]}[{_quoted(name)}]" for name in ids if name not in ring]
    lines += [f"  {ids[read]} --> {ids[name]}" for name in ids for read in sorted(edges[name]) if read in ids]
    found = [ids[name] for name in ids if name in hot]
    if found:
        lines += [f"  class {','.join(found)} hot", "  classDef hot stroke-width:3px"]
    return "\n".join([*lines, ""])


def _quoted(name: str) -> str:
    return f'"{name.replace(chr(34), "#quot;")}"'
