"""Statements that read a name which is gone: they keep what they were made of, and a fresh process fails at them.

Imports of such a name are `remove`'s.
"""

from __future__ import annotations

import ast
import builtins

from ..findings.values import Count
from ..source.names import chain_of
from .exported import gives_all_the_same
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .batch import Batch
    from .product import Product, Reader
    from .view import View


def read_what_is_gone(batch: Batch, reader: Reader, view: View, product: Product) -> None:
    """Run a statement again that gets the name from elsewhere now or asks whether it is there; say one that would fail."""
    name, own = product.name, reader.view.module is view.module
    elsewhere = hasattr(builtins, name) if own else gives_all_the_same(view, name)
    if elsewhere or reader.view.statements[reader.index].kind == "block":
        batch.mark(reader.view, reader.index, "input", f"{name} is gone from {view.module.name}")
    elif _surely_reads(batch, reader, product):
        label = reader.view.statements[reader.index].label
        say_name_gone(batch, reader, view, name, f"{label} reads it: it stays as it was made", "Change this line")


def say_name_gone(batch: Batch, reader: Reader, view: View, name: str, what: str, way_out: str) -> None:
    """RLD209 at the reader of a name that is gone: `what` it does with it and `way_out` besides undoing the edit."""
    batch.findings.say(
        "RLD209",
        f"{name} is gone from {view.module.name}, but {what}, and a fresh start fails here. {way_out}, or undo the edit of "
        f"{view.module.name}.",
        reader.view.module.path,
        place_of(reader.view.statements[reader.index]),
        count=Count(1),
        data={"name": name, "fixes": [{"kind": "undo"}]},
    )


def _surely_reads(batch: Batch, reader: Reader, product: Product) -> bool:
    """Whether the statement reads the name each time it runs, on whatever way it takes."""
    module = reader.view.module
    names = reader.view.names(reader.index)
    known = names.reads | names.calls
    for node in _evaluated(reader.view.node(reader.index), module.lazy_annotations):
        chain = chain_of(node)
        if chain is None or not batch.resolver.means(module, chain, product):
            continue
        if any(chain[: len(k)] == k or k[: len(chain)] == chain for k in known):
            return True
    return False


def _evaluated(node: ast.AST, lazy: bool) -> Iterator[ast.AST]:
    """The expressions that are evaluated whenever `node` is."""
    yield node
    for part in _parts(node, lazy):
        yield from _evaluated(part, lazy)


def _parts(node: ast.AST, lazy: bool) -> list[ast.AST]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return _of_function(node, lazy)
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return [node.generators[0].iter]
    if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        return [node.test]
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.iter]
    if isinstance(node, ast.BoolOp):
        return [node.values[0]]
    if isinstance(node, ast.AnnAssign):
        return [p for p in (node.target, node.value, None if lazy else node.annotation) if p is not None]
    if type(node).__name__ in ("Try", "TryStar", "Match", "TypeAlias"):
        return []
    return list(ast.iter_child_nodes(node))


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, lazy: bool) -> list[ast.AST]:
    found: list[ast.AST] = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
    if isinstance(node, ast.Lambda):
        return found
    found += node.decorator_list
    if not lazy:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        found += [a.annotation for a in given if a is not None and a.annotation is not None]
        found += [node.returns] if node.returns is not None else []
    return found
