"""Where a module's text uses one of its own global names: by scopes, so that what shadows the name is left alone. Pure."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..source.copies import globals_of
from ..source.names import captured, locals_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Rebound(Exception):
    """The name means more than one thing, or cannot be told: `line` (0-based) says where."""

    def __init__(self, line: int) -> None:
        super().__init__(f"it is bound on line {line + 1}, too")
        self.line = line


Import = ast.Import | ast.ImportFrom


def uses_of(tree: ast.Module, name: str, imports: Sequence[ast.stmt]) -> list[ast.Name]:
    """The reads of the global `name`, which nothing but `imports` may bind. Raises Rebound where something else does."""
    walk = _Uses(name, imports)
    walk.visit(tree)
    return walk.found


class _Uses(ast.NodeVisitor):
    """One walk. `hidden`: is the name a local one here? `is_global`: does what is bound here belong to the module?"""

    def __init__(self, name: str, imports: Sequence[ast.stmt]) -> None:
        self.name, self.imports = name, imports
        self.found: list[ast.Name] = []
        self.hidden = False
        self.is_global = True

    # names -----------------------------------------------------------------------------------------------------
    def visit_Name(self, node: ast.Name) -> None:
        if node.id != self.name:
            return
        if not isinstance(node.ctx, ast.Load):
            self._bound(node)
        elif not self.hidden:
            self.found.append(node)

    def _bound(self, node: ast.stmt | ast.expr | ast.excepthandler | ast.pattern) -> None:
        if self.is_global:
            raise Rebound(node.lineno - 1)

    def _imported(self, node: Import) -> None:
        if node not in self.imports and self.name in bound_by(node):
            self._bound(node)

    visit_Import = visit_ImportFrom = _imported

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name == self.name:
            self._bound(node)
        self.generic_visit(node)

    def visit_pattern(self, node: ast.pattern) -> None:
        if self.name in captured(node):
            self._bound(node)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = visit_pattern

    # scopes ----------------------------------------------------------------------------------------------------
    def _inside(self, nodes: Sequence[ast.AST], hidden: bool, is_global: bool = False) -> None:
        before = self.hidden, self.is_global
        self.hidden, self.is_global = hidden, is_global
        for node in nodes:
            self.visit(node)
        self.hidden, self.is_global = before

    def _function(self, node: Function) -> None:
        if node.name == self.name:
            self._bound(node)
        for outer in (*node.decorator_list, *_defaults(node.args)):
            self.visit(outer)
        generic = self.hidden or any(_named(p) == self.name for p in getattr(node, "type_params", ()))
        self._inside(_annotations(node), generic)
        declared = self.name in globals_of(node)
        self._inside(node.body, not declared and (generic or self.name in locals_of(node)), declared)

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if node.name == self.name:
            self._bound(node)
        for outer in node.decorator_list:
            self.visit(outer)
        generic = self.hidden or any(_named(p) == self.name for p in getattr(node, "type_params", ()))
        # A class that binds the name for itself reads it from there, or from the module before that: neither can be told.
        before = self.is_global
        self._inside([*node.bases, *node.keywords], generic, before)
        self._inside(node.body, generic, is_global=True)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for outer in _defaults(node.args):
            self.visit(outer)
        self._inside([node.body], self.hidden or self.name in _arguments(node.args), self.is_global)

    def _comprehension(self, node: Comprehension) -> None:
        targets = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        self.visit(node.generators[0].iter)
        if self.name not in targets:
            rest = [n for g in node.generators for n in (g.target, *g.ifs)]
            rest += [g.iter for g in node.generators[1:]]
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            self._inside([*rest, *parts], self.hidden, self.is_global)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def bound_by(node: Import) -> set[str]:
    """The names that an import binds; of a star import, the star."""
    return {(a.asname or a.name).partition(".")[0] for a in node.names}


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]


def _arguments(arguments: ast.arguments) -> set[str]:
    return {a.arg for a in ast.walk(arguments) if isinstance(a, ast.arg)}


def _annotations(node: Function) -> list[ast.expr]:
    found = [a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg) and a.annotation is not None]
    return [*found, node.returns] if node.returns is not None else found


def _named(parameter: object) -> str:
    return str(getattr(parameter, "name", ""))
