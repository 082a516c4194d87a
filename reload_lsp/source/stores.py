"""What statements store in objects that stand elsewhere: attributes (`m.f = g`) and items under constant keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..values import dataclass
from .names import Chain, chain_of


@dataclass(frozen=True, slots=True)
class Target:
    """`owner.name` or `owner[name]` as a statement spells it; `name` is a constant's `repr` for an item."""

    owner: Chain
    name: str
    is_item: bool

    def __str__(self) -> str:
        owner = ".".join(self.owner)
        return f"{owner}[{self.name}]" if self.is_item else f"{owner}.{self.name}"


def stored_in(node: ast.stmt) -> set[Target]:
    """The targets that a statement stores in when it runs, those in functions left out."""
    found: set[Target] = set()
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        found.update(_target(current))
        stack.extend(ast.iter_child_nodes(current))
    return found


def _target(node: ast.AST) -> Iterator[Target]:
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        owner = chain_of(node.value)
        if owner is not None:
            yield Target(owner, node.attr, False)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        owner = chain_of(node.value)
        if owner is not None and isinstance(node.slice, ast.Constant):
            yield Target(owner, repr(node.slice.value), True)
    elif isinstance(node, ast.Call) and chain_of(node.func) == ("setattr",) and len(node.args) == 3:
        owner, name = chain_of(node.args[0]), node.args[1]
        if owner is not None and isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield Target(owner, name.value, False)
