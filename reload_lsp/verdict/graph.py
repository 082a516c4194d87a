"""Which modules read which, in what order a change travels, and where they read each other in a circle. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from .module import ModuleText
from .program import Program

Edges = Mapping[str, frozenset[str]]  # a module's name, and the names of the modules that it imports


def edges_of(program: Program, among: Container[str] | None = None) -> dict[str, frozenset[str]]:
    """The imports among the program's own modules, or some of them; one that cannot be parsed imports nothing."""
    modules = [m for m in program.all() if among is None or m.name in among]
    return {m.name: frozenset(_imported(program, m)) for m in modules}


def _imported(program: Program, module: ModuleText) -> Iterable[str]:
    try:
        entries = [*module.imports.values(), *module.stars()]
    except (SyntaxError, ValueError):
        return
    for entry in entries:
        full = module.absolute(entry)
        for name in (f"{full}.{entry.name}", full) if entry.name else _prefixes(full):
            if name != module.name and program.named(name) is not None:
                yield name
                break


def _prefixes(name: str) -> list[str]:
    """`import a.b.c` reads the innermost of these that is the program's."""
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


def load_order(edges: Edges) -> list[str]:
    """All modules, each after those it imports; circles are entered at the first name."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(edges):
        stack = [(start, iter(sorted(edges[start])))] if start not in seen else []
        seen.add(start)
        while stack:
            name, rest = stack[-1]
            following = next((n for n in rest if n not in seen and n in edges), None)
            if following is None:
                order.append(name)
                stack.pop()
                continue
            seen.add(following)
            stack.append((following, iter(sorted(edges[following]))))
    return order


def readers(edges: Edges) -> dict[str, frozenset[str]]:
    """The edges the other way: a module's name, and the names of the modules that import it."""
    found: dict[str, set[str]] = {name: set() for name in edges}
    for name, imported in edges.items():
        for other in imported:
            found.setdefault(other, set()).add(name)
    return {name: frozenset(others) for name, others in found.items()}


def dependents(edges: Edges, names: Iterable[str]) -> list[str]:
    """`names` and every module that a change of them may reach, in the order of reloading."""
    back = readers(edges)
    reached: set[str] = set()
    stack = [name for name in names if name in edges]
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(back.get(name, ()))
    return [name for name in load_order(edges) if name in reached]


def circles(edges: Edges) -> list[tuple[str, ...]]:
    """The modules that read each other, directly or through others: strongly connected, two or more (R. Tarjan, 1972)."""
    return sorted(tuple(sorted(c)) for c in _Tarjan(edges).components() if len(c) > 1)


class _Tarjan:
    def __init__(self, edges: Edges) -> None:
        self.edges = edges
        self.index: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.path: list[str] = []
        self.found: list[list[str]] = []

    def components(self) -> list[list[str]]:
        for name in self.edges:
            if name not in self.index:
                self._walk(name)
        return self.found

    def _walk(self, start: str) -> None:
        stack = [(start, iter(self.edges[start]))]
        self._enter(start)
        while stack:
            name, rest = stack[-1]
            following = next((n for n in rest if n in self.edges), None)
            if following is None:
                stack.pop()
                self._leave(name, stack[-1][0] if stack else None)
            elif following not in self.index:
                self._enter(following)
                stack.append((following, iter(self.edges[following])))
            elif following in self.path:
                self.low[name] = min(self.low[name], self.index[following])

    def _enter(self, name: str) -> None:
        self.index[name] = self.low[name] = len(self.index)
        self.path.append(name)

    def _leave(self, name: str, parent: str | None) -> None:
        if parent is not None:
            self.low[parent] = min(self.low[parent], self.low[name])
        if self.low[name] == self.index[name]:
            at = self.path.index(name)
            self.found.append(self.path[at:])
            del self.path[at:]
