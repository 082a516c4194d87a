"""`del name` at the top level: what it took away is made again where it no longer does, and nothing is deleted twice."""

from __future__ import annotations

import ast

from ..plan.impact import Effect
from ..source.statement import Statement, parse
from .batch import Batch
from .edit import ModuleEdit
from .view import View


def undelete(batch: Batch, view: View, edit: ModuleEdit) -> None:
    """Names that the old text deleted and the new one leaves: what binds them runs again."""
    before = {n for s in edit.old for n in _deleted(s)}
    kept = before - {n for s in edit.new for n in _deleted(s)} if before else set[str]()
    for name in sorted(kept - view.ns.keys()):
        for index in view.binders(name)[-1:]:
            if batch.effects.of(view.node(index), view.module).effect <= Effect.LOCAL:
                batch.mark(view, index, "rebuild", f"{name} is not deleted any more")


def _deleted(statement: Statement) -> set[str]:
    node = parse(statement) if statement.text[:3] == "del" else None
    return {t.id for t in _targets(node) if isinstance(t, ast.Name)} if isinstance(node, ast.Delete) else set()


def _targets(node: ast.Delete) -> list[ast.expr]:
    return [t for d in node.targets for t in (d.elts if isinstance(d, (ast.Tuple, ast.List)) else [d])]


def what_is_there(view: View, node: ast.stmt) -> ast.stmt:
    """A `del` statement without the names that are deleted already."""
    if not isinstance(node, ast.Delete):
        return node
    left = [t for t in _targets(node) if not isinstance(t, ast.Name) or t.id in view.ns]
    return ast.copy_location(ast.Delete(left) if left else ast.Pass(), node)
