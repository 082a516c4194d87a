"""`from m import x` where no statement of the module follows `x`: in code that runs once, or when somebody calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..values import dataclass
from .names import Import

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Copy:
    """An import below the top of a module that binds one of the module's names; `line` from 0, in the tree's numbers."""

    entry: Import
    line: int
    width: int


def copies_in(node: ast.stmt) -> Iterator[Copy]:
    """The imports inside a statement that bind names of its module: in blocks, and in functions that say `global`."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _copies(node, None)


def _copies(node: ast.AST, declared: frozenset[str] | None) -> Iterator[Copy]:
    """`declared` are the names that the function around says are global; None outside of functions."""
    if isinstance(node, (ast.ClassDef, ast.Lambda)):
        return
    if isinstance(node, _FUNCTIONS):
        declared = globals_of(node)
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            bound = alias.asname or alias.name
            if alias.name != "*" and (declared is None or bound in declared):
                width = (node.end_col_offset or 0) - node.col_offset if node.end_lineno == node.lineno else 0
                yield Copy(Import(node.module or "", node.level, alias.name, bound), node.lineno - 1, width)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler)) or type(child).__name__ == "match_case":
            yield from _copies(child, declared)


def globals_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names that a function itself declares global."""
    found: set[str] = set()
    stack: list[ast.AST] = list(node.body)
    while stack:
        current = stack.pop()
        if isinstance(current, ast.Global):
            found.update(current.names)
        elif not isinstance(current, (*_FUNCTIONS, ast.ClassDef, ast.expr)):
            stack.extend(ast.iter_child_nodes(current))
    return frozenset(found)
