"""`reloadLsp.showGraph`: the modules that read each other, as data for the client and as a page."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..picture.mermaid import mermaid
from ..picture.page import page
from ..sessions.paths import canonical
from ..verdict.graph import Edges, circles, dependents, edges_of, load_order
from ..verdict.program import Program
from .pages import Json, show
from .roots import path_of

if TYPE_CHECKING:
    from .app import ReloadServer

SHOW_GRAPH = "reloadLsp.showGraph"


async def show_graph(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """The graph of a document's or a module's dependents, of all modules where none is named."""
    named = next((a for a in arguments if isinstance(a, str)), "")
    program = await _program(server, named)
    names = [m.name for m in program.all() if named in (m.name, server.view.uri_of(m.path)) or m.path == _path(named)]
    edges = await asyncio.to_thread(edges_of, program)
    if names:
        reached = set(dependents(edges, names))
        edges = {name: edges[name] & reached for name in reached}
    hot = [name for name in last_batch(server) if name in edges]
    title = f"What reads {names[0]}" if names else "Modules, in the order of reloading"
    await show(server, "graph.html", page(title, edges, hot), arguments, external=True)
    return {**_data(server, program, edges), "last": hot, "mermaid": mermaid(edges, hot)}


def last_batch(server: ReloadServer) -> list[str]:
    """The modules of the last reload, in order."""
    history = server.reloader.history
    return list(dict.fromkeys(n for r in history[-1].results for n in r.report.modules)) if history else []


def _path(named: str) -> str | None:
    path = path_of(named) if ":" in named else None
    return canonical(path) if path else None


async def _program(server: ReloadServer, named: str) -> Program:
    """What the first process runs that has the file, of the workspace where none is attached."""
    path = _path(named)
    members = server.roster.attached
    member = next((m for m in members if path in m.process.loaded), members[0] if members else None)
    if member is None:
        return (await asyncio.to_thread(server.verdicts.programs.of_folders, server.roots.folders)).program
    loaded = [(p, f) for p, f in member.process.loaded.items() if server.is_project_file(p) or p in server.explicit]
    texts = await asyncio.to_thread(server.verdicts.programs.of_process, member.process.facts.id, loaded)
    return texts.program


def _data(server: ReloadServer, program: Program, edges: Edges) -> Json:
    return {
        "nodes": list(_nodes(server, program, edges)),
        "edges": [{"from": read, "to": name} for name in sorted(edges) for read in sorted(edges[name])],
        "circles": [list(members) for members in circles(edges)],
    }


def _nodes(server: ReloadServer, program: Program, edges: Edges) -> Iterator[Json]:
    running = {name for m in server.roster.attached for file in m.process.loaded.values() for name in file.modules}
    for name in load_order(edges):
        module = program.named(name)
        if module is not None:
            yield {"name": name, "uri": server.view.uri_of(module.path), "attached": name in running}
