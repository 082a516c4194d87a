"""What a statement binds, reads, calls and changes when it runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from .carried import carried
from .changing import FILLERS, MUTATORS
from .named import Chain as Chain
from .named import Found
from .named import Import as Import
from .named import Names as Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def names_of(node: ast.AST, lazy_annotations: bool = False) -> Names:
    """What a module-level or class-level statement does with names; `lazy_annotations` where PEP 563 or 649 holds."""
    found, rebinds = Found(), set[str]()
    _Scan(found, lazy_annotations).visit(node)
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        rebinds = found.binds & {chain[0] for chain in found.reads | found.calls}
    elif isinstance(node, (ast.For, ast.While, ast.If)):
        rebinds = carried(node)
    return found.names(rebinds)


def binds_of(node: ast.stmt) -> frozenset[str]:
    """The names that a statement binds."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset((node.name,))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return frozenset()
    return names_of(node, lazy_annotations=True).binds


def chain_of(node: ast.AST) -> Chain | None:
    """`a.b.c` as a chain, None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return tuple(reversed(parts))


def locals_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The names that are local to a function (arguments, assigned names), without those declared global."""
    found = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
    declared: set[str] = set()
    stack: list[ast.AST] = list(node.body) if isinstance(node.body, list) else [node.body]
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(current.name)
            continue
        if isinstance(current, ast.Lambda):
            continue
        if isinstance(current, _COMPREHENSIONS):
            walrus = (n.target for n in ast.walk(current) if isinstance(n, ast.NamedExpr))
            found.update(t.id for t in walrus)
            continue
        _local(current, found, declared)
        if not isinstance(current, (ast.Name, ast.Constant)):
            stack.extend(ast.iter_child_nodes(current))
    return found - declared


def _local(node: ast.AST, found: set[str], declared: set[str]) -> None:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        found.add(node.id)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        found.update((a.asname or a.name).split(".")[0] for a in node.names)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        found.add(node.name)
    elif isinstance(node, ast.pattern):
        found.update(captured(node))
    elif isinstance(node, ast.Global):
        declared.update(node.names)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def captured(pattern: ast.pattern) -> set[str]:
    """The names that a `match` pattern itself binds (PEP 634); those of its parts are their own."""
    name = pattern.rest if isinstance(pattern, ast.MatchMapping) else getattr(pattern, "name", None)
    return {name} if isinstance(name, str) else set()


class _Scan(ast.NodeVisitor):
    """Walks one statement. `hidden` are the names that inner scopes bind; function bodies are passed over.

    `members` are the names that the class bodies around have bound so far, `binding` those of the statement under way.
    """

    def __init__(self, names: Found, lazy: bool) -> None:
        self.names = names
        self.lazy = lazy
        self.binding: list[set[str]] = []
        self.hidden: list[set[str]] = []
        self.members: list[set[str]] = []
        self.in_class = 0
        self.assigned: set[str] = set()  # by `:=`
        self.evaluated: list[
            bool
        ] = []  # whether somebody takes part in making the class, and so may ask for annotations

    def visit(self, node: ast.AST) -> None:
        """As `NodeVisitor` does it, with one look at a table for each node; nothing stands in constants and operators."""
        kind = type(node)
        method = _METHODS.get(kind)
        if method is None:
            method = _METHODS[kind] = getattr(type(self), f"visit_{kind.__name__}", ast.NodeVisitor.generic_visit)
        method(self, node)

    def visit_Constant(self, node: ast.AST) -> None: ...

    visit_Load = visit_Store = visit_Constant

    def _is_hidden(self, name: str) -> bool:
        """Whether a comprehension, the class body around or the statement itself (`:=`) binds `name`."""
        return name in self.assigned or any(name in s for s in self.hidden) or any(name in s for s in self.members)

    # reads -----------------------------------------------------------------------------------------------------
    def _read(self, chain: Chain) -> None:
        if self._is_hidden(chain[0]):
            return
        self.names.reads.add(chain)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._read((node.id,))
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        elif not self.in_class:
            self.names.deletes.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        chain = chain_of(node)
        if chain is None:
            self.visit(node.value)
        else:
            self._read(chain)
            if len(chain) == 2 and chain[1] in FILLERS and isinstance(node.ctx, ast.Load):
                self._mutated(node.value)  # called here, or handed to who calls it
        if not isinstance(node.ctx, ast.Load):
            self._mutated(node.value, store=True)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._mutated(node.value, store=not isinstance(node.ctx, ast.Del))
            if not isinstance(node.slice, ast.Constant) and isinstance(node.value, ast.Name):
                self.names.keyed.add(node.value.id)
            if _is_globals(node.value):  # `globals()[name] = value` reads none of them
                self.visit(node.slice)
                return
        self.generic_visit(node)

    def _mutated(self, node: ast.AST, store: bool = False) -> None:
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name) and not self._is_hidden(node.id):
            self.names.mutates.add(node.id)
            if store:
                self.names.stores.add(node.id)

    def visit_Call(self, node: ast.Call) -> None:
        chain = chain_of(node.func)
        if chain is not None and not self._is_hidden(chain[0]):
            self.names.calls.add(chain)
            if len(chain) > 1 and chain[-1] in MUTATORS:
                self._mutated(node.func)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_globals(call.func.value):
            self._all([*call.args, *(k.value for k in call.keywords)])  # `globals().update(…)`
            return
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            self._mutated(call.func)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._mutated(node.target)
        if isinstance(node.target, ast.Name):
            self._read((node.target.id,))
            self._bind(node.target.id)
        else:
            self.visit(node.target)
        self.visit(node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target.id)
        self.assigned.add(node.target.id)

    # imports ---------------------------------------------------------------------------------------------------
    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            self._import(Import(alias.name, 0, "", bound))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._import(Import(node.module or "", node.level, alias.name, alias.asname or alias.name))

    def _import(self, entry: Import) -> None:
        self.names.imports.append(entry)
        if entry.name != "*":
            self._bind(entry.bound)

    # scopes ----------------------------------------------------------------------------------------------------
    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name)
        self._decorated(node.decorator_list)
        self._all([*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)])
        if (
            not self.lazy or node.decorator_list
        ):  # decorators evaluate what is lazy: they make parameters and models of it
            self._all(a.annotation for a in _arguments(node.args) if a.annotation is not None)
            self._all([node.returns] if node.returns else [])

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._all([*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name)
        self._decorated(node.decorator_list)
        self._all([*node.bases, *(k.value for k in node.keywords)])
        for base in node.bases:
            chain = chain_of(base)
            if chain:
                self.names.calls.add(chain)
        self.evaluated.append(bool(node.decorator_list or node.bases or node.keywords))
        self._class_body(node)
        self.evaluated.pop()

    def _class_body(self, node: ast.ClassDef) -> None:
        self.in_class += 1
        self.members.append(set())
        self.binding.append(set())
        for child in node.body:
            self.visit(child)
            self.members[-1] |= self.binding[-1]
        self.members.pop()
        self.binding.pop()
        self.in_class -= 1

    def visit_comprehension_scope(self, node: ast.AST, generators: list[ast.comprehension]) -> None:
        targets = {n.id for g in generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        if generators:
            self.visit(generators[0].iter)
        self.hidden.append(targets)
        for index, generator in enumerate(generators):
            self._all([*([generator.iter] if index else []), *generator.ifs])
        self._all(c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.comprehension))
        self.hidden.pop()

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self.visit_comprehension_scope(node, node.generators)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self.visit_comprehension_scope(node, node.generators)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self.visit_comprehension_scope(node, node.generators)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.visit_comprehension_scope(node, node.generators)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)
        if not self.lazy or (self.evaluated and self.evaluated[-1]):
            self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        for name in captured(node):
            self._bind(name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs
    visit_MatchMapping = visit_MatchAs

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        self._all(node.body)

    # helpers ---------------------------------------------------------------------------------------------------
    def _bind(self, name: str) -> None:
        (self.binding[-1] if self.in_class else self.names.binds).add(name)

    def _decorated(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            chain = chain_of(decorator)
            if chain and not self._is_hidden(chain[0]):
                self.names.calls.add(chain)
            self.visit(decorator)

    def _all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def _is_globals(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and chain_of(node.func) == ("globals",)


_METHODS: dict[type[ast.AST], Callable[[_Scan, Any], None]] = {}


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    starred = [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]
