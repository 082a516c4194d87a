"""Calls that fill a container which they are given: `fill(items, 3)`, `insort(items, 4)`, `rng.shuffle(items)`."""

from __future__ import annotations

import ast

from ..source.changing import MUTATORS
from ..source.names import chain_of
from .batch import Batch
from .kinds import kind_of
from .values import CONTAINERS
from .view import View

_OF_LIBRARY = frozenset(
    ("insort", "insort_left", "insort_right", "heapify", "heappush", "heappop", "heappushpop", "heapreplace", "shuffle")
)
_LIBRARIES = frozenset(("bisect", "heapq", "random"))


def filled_by(batch: Batch, view: View, index: int) -> set[str]:
    """The names of the containers that the call of a statement changes, though no method of theirs is called."""
    statement = view.statements[index]
    if statement.kind not in ("effect", "bind", "block") or "(" not in statement.text:
        return set()
    node = view.node(index)
    parts = (
        [n for n in ast.walk(node) if isinstance(n, (ast.Expr, ast.Assign))] if statement.kind == "block" else [node]
    )
    return {name for part in parts for name in filled_in(batch, view, part)}


def filled_in(batch: Batch, view: View, node: ast.stmt) -> set[str]:
    """The same, of a statement that may be one of an earlier text."""
    call = getattr(node, "value", None)
    chain = chain_of(call.func) if isinstance(call, ast.Call) else None
    given = (
        [(n, a.id) for n, a in enumerate(call.args) if isinstance(a, ast.Name)] if isinstance(call, ast.Call) else []
    )
    given = [(n, name) for n, name in given if kind_of(view.ns.get(name)) in CONTAINERS]
    if not given or chain is None:
        return set()
    called = batch.resolver.called(view.module, chain)
    library, _, function = (called.qualified if called is not None else "").rpartition(".")
    if chain[-1] == "shuffle" or (library.lstrip("_") in _LIBRARIES and function in _OF_LIBRARY):
        return {given[0][1]}
    body = called.node if called is not None else None
    if not isinstance(body, ast.FunctionDef):
        return set()
    parameters = [a.arg for a in (*body.args.posonlyargs, *body.args.args)][1 if called and called.member else 0 :]
    changed = {name for part in ast.walk(body) if (name := _changed(part)) is not None}
    return {name for n, name in given if n < len(parameters) and parameters[n] in changed}


def _changed(node: ast.AST) -> str | None:
    """The name of what a part of a function changes in place."""
    target: ast.AST | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        target = node.func.value
    elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        target = node.value
    elif isinstance(node, ast.AugAssign):
        target = node.target
    return target.id if isinstance(target, ast.Name) else None
