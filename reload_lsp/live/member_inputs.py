"""Members of a class that are made of others, or of what changed outside: `LIMIT = SIZE * 2`, `TABLE = build(3)`."""

from __future__ import annotations

import ast
import builtins
import re

from ..source.codes import walk
from ..source.names import Names, names_of
from .batch import Batch
from .consumed import called_edited
from .dirty import Dirty
from .family import methods_in
from .members import is_step, mangled, member_names
from .product import Product

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def member_inputs(batch: Batch, dirty: Dirty, node: ast.ClassDef, edited: set[str]) -> set[str]:
    """The members whose statements read another member that is edited, call an edited method, or read what changed outside."""
    products: list[Product] = []
    if dirty.reasons & {"input", "called", "derived"}:
        products = [change.product for change in batch.changes.values()]
    methods = {n.name for n in node.body if isinstance(n, Function)}
    called = edited_methods(batch, dirty) | (edited & methods)
    found: set[str] = set()
    made = edited - methods
    known = (
        {n for member in node.body for n in member_names(node.name, member)}
        | dirty.view.ns.keys()
        | vars(builtins).keys()
    )
    for member in node.body:
        names = names_of(member, dirty.view.module.lazy_annotations)
        bound = member_names(node.name, member)
        own = {mangled(node.name, chain[0]) for chain in names.reads | names.calls}
        if dirty.reasons & {"called", "base"} and not own <= known:
            found |= bound  # `__prepare__` gave what it reads
        if (
            (own & (made | found))
            or _calls(names, called)
            or _reads(batch, dirty, names, products)
            or _calls_edited_lambda(batch, dirty, member)
        ):
            found |= bound
    return found


def steps_read_changes(batch: Batch, dirty: Dirty, node: ast.ClassDef) -> bool:
    """Whether a statement in the body of a class that is no member of its own reads what changed: `fill(locals())`."""
    products = [c.product for c in batch.changes.values()] if dirty.reasons & {"input", "called", "derived"} else []
    steps = [n for n in node.body if is_step(n)] if products else []
    return any(_reads(batch, dirty, names_of(n), products) for n in steps)


def annotated_otherwise(batch: Batch, dirty: Dirty, node: ast.ClassDef) -> bool:
    """Whether an annotation in the body of a class reads what changed outside."""
    products = [c.product for c in batch.changes.values()] if dirty.reasons & {"input", "called", "derived"} else []
    annotations = [n.annotation for n in node.body if isinstance(n, ast.AnnAssign)] if products else []
    return any(_reads(batch, dirty, names_of(ast.Expr(a)), products) for a in annotations)


def calls_edited_method(batch: Batch, dirty: Dirty) -> bool:
    """Whether the body of a class calls a method of its own that does something else now."""
    edited = edited_methods(batch, dirty)
    outline = dirty.view.outline(dirty.index)
    if not any(len(re.findall(rf"\b{name}\b", outline)) > 1 for name in edited):
        return False
    node = dirty.view.node(dirty.index)
    members = node.body if isinstance(node, ast.ClassDef) and edited else ()
    return any(_calls(names_of(m), edited) for m in members if not isinstance(m, (*Function, ast.ClassDef)))


def edited_methods(batch: Batch, dirty: Dirty) -> set[str]:
    """The names of the methods of a class whose code is new."""
    methods = (m for body in dirty.view.codes(dirty.index) for m in methods_in(body))
    return {m.co_name for m in methods if any(id(c) in batch.own_codes for c in walk(m))}


def _calls_edited_lambda(batch: Batch, dirty: Dirty, member: ast.stmt) -> bool:
    """Whether `ORDER = sorted(ROWS, key=lambda row: row.n)` is another for its `lambda`, which nobody holds."""
    if isinstance(member, (*Function, ast.ClassDef)) or "lambda" not in dirty.statement.text:
        return False
    lines = range(member.lineno, (member.end_lineno or member.lineno) + 1)
    return called_edited(dirty.view.codes(dirty.index), batch.own_codes, lines)


def _calls(names: Names, methods: set[str]) -> bool:
    return any((name,) in names.calls for name in methods)


def _reads(batch: Batch, dirty: Dirty, names: Names, products: list[Product]) -> bool:
    module, chains = dirty.view.module, names.reads | names.calls
    spelled = {part for chain in chains for part in chain}
    return any(
        (names.imports and batch.resolver.imports(module, names, p) is not None)
        or (p.name in spelled and any(batch.resolver.means(module, c, p) for c in chains))
        for p in products
    )
