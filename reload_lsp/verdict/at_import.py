"""Which modules do more than define things when they are imported, as far as texts tell. Pure."""

from __future__ import annotations

import ast

from ..plan.effects import Effects
from ..plan.impact import Effect
from ..source.names import chain_of
from .graph import Edges, edges_of, readers
from .module import ModuleText
from .program import Program


def effects_at_import(program: Program) -> dict[str, str]:
    """The modules whose import opens, starts or writes something, and what has that effect: `open`, `app.listen`.

    A module that imports such a one brings the effect about too.
    """
    effects = Effects(program.called)
    found = {m.name: what for m in program.all() if (what := _effect(effects, m))}
    return _with_importers(edges_of(program), found)


def _effect(effects: Effects, module: ModuleText) -> str:
    for index, statement in enumerate(module.statements):
        if statement.kind in ("bind", "effect", "block") and "(" in statement.text:
            node = module.node(index)
            impact = effects.of(node, module) if not is_main_guard(node) else None
            if impact is not None and impact.effect == Effect.RESOURCE:
                return f"{impact.what} on line {statement.line + 1}"
    return ""


def is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and chain_of(node.test.left) == ("__name__",)


def _with_importers(edges: Edges, found: dict[str, str]) -> dict[str, str]:
    back, waiting = readers(edges), list(found)
    while waiting:
        name = waiting.pop()
        for reader in sorted(back.get(name, ())):
            if reader not in found:
                found[reader] = f"it imports {name}"
                waiting.append(reader)
    return found
