"""What a text should be after its uses of an imported name have been rewritten, to hold the new text against. Pure."""

from __future__ import annotations

import ast
from typing import cast


class Meant(ast.NodeTransformer):
    """The tree that the new text should have."""

    def __init__(self, uses: set[int], imports: set[int], name: str, spelled: str) -> None:
        self.uses, self.imports, self.name, self.spelled = uses, imports, name, spelled

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.parse(self.spelled, mode="eval").body if id(node) in self.uses else node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | None:
        if id(node) not in self.imports:
            return node
        return without(node, self.name) if len(node.names) > 1 else None


def rest(tree: ast.AST, spare: str) -> str:
    """A tree as text, without one import (`spare`) and without what only fills a place."""
    for node in ast.walk(tree):
        for _, body in ast.iter_fields(node):
            if isinstance(body, list):
                nodes = cast("list[object]", body)
                nodes[:] = [n for n in nodes if not _is_spare(n, spare)]
    return ast.dump(tree)


def _is_spare(node: object, spare: str) -> bool:
    return isinstance(node, ast.Pass) or (bool(spare) and isinstance(node, ast.stmt) and ast.dump(node) == spare)


def without(node: ast.ImportFrom, name: str) -> ast.ImportFrom:
    """The import without one of the names that it binds."""
    return ast.ImportFrom(node.module, [a for a in node.names if (a.asname or a.name) != name], node.level)
