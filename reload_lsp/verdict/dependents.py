"""Who depends on a module-level name, in the order in which a change of it would travel. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .graph import edges_of, load_order
from .module import ModuleText
from .program import Product, Program


@dataclass(frozen=True, slots=True)
class Dependent:
    """A statement that reads a name, directly or through others; `late` where only a function's body does."""

    module: str
    path: str
    label: str
    line: int
    late: bool


def dependents_of(program: Program, module: ModuleText, name: str) -> list[Dependent]:
    """The statements that read `name`, or what they made of it; imports are passed through, not named."""
    found: dict[tuple[str, int], Dependent] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(module.name, name)]
    while waiting:
        product = waiting.pop()
        if product in seen:
            continue
        seen.add(product)
        for reader in program.readers(Product(*product, "identity")):
            own, statement = reader.module, reader.module.statements[reader.index]
            if statement.kind == "import":
                entries = [e for e in own.names(reader.index).imports if e.name in (product[1], "*")]
                waiting += [(own.name, product[1] if e.name == "*" else e.bound) for e in entries]
                continue
            if (own.name, statement.name) in seen:
                continue
            late = bool(reader.late)
            found[own.name, reader.index] = Dependent(own.name, own.path, statement.label, statement.line, late)
            waiting += [(own.name, bound) for bound in own.names(reader.index).binds]
    order = load_order(edges_of(program, {d.module for d in found.values()}))
    return sorted(found.values(), key=lambda d: (order.index(d.module), d.line))
