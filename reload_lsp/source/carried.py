"""What a block carries from one turn to the next: names that it makes of what they were when it began."""

from __future__ import annotations

import ast


def carried(node: ast.stmt) -> set[str]:
    """The names that a block makes of what they were when it began: `for x in items: total = total + x`."""
    found: set[str] = set()
    bound: set[str] = set()
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(current.name)
            continue
        if isinstance(current, ast.Assign):
            targets = {n.id for t in current.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            read = {n.id for n in ast.walk(current.value) if isinstance(n, ast.Name)}
            found |= (targets & read) - bound
            bound |= targets
        elif isinstance(current, ast.For):
            bound |= {n.id for n in ast.walk(current.target) if isinstance(n, ast.Name)}
        stack.extend(reversed([n for n in ast.iter_child_nodes(current) if isinstance(n, ast.stmt)]))
    return found
