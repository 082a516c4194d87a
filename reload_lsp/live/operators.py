"""Operators, `str()`, `with`, `Kind[int]` and the like call methods that no text names."""

from __future__ import annotations

import ast

from .acting import Acting
from .batch import Batch
from .classes import members_of
from .heap import subclasses
from .kinds import is_a, kind_of
from .loaded import LoadedModule
from .product import Change, Product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_DESCRIPTOR = frozenset(("__get__", "__set__", "__delete__"))
_DEFINED = ("function", "class")


def operators_changed(batch: Batch, home: LoadedModule, cls: type, acting: Acting, names: set[str]) -> None:
    """Operators, `str()`, `with` and the like call methods that no text names: whatever uses the class or its objects may.

    An object may stand in a container, or in a class, as descriptors do.
    """
    acting.tell(batch, home, cls.__name__)
    kinds = {cls, *subclasses(cls)}
    for module in batch.resolver.candidates(home):
        for name, value in list(module.ns.items()):
            if kind_of(value) in kinds or any(kind_of(x) in kinds for x in _content(value)):
                acting.tell(batch, module, name)
                _definitions(batch, module, name, acting)
            elif (
                is_a(value, type)
                and value not in kinds
                and any(kind_of(m) in kinds for m in members_of(value).values())
            ):
                owner = batch.modules.named(str(value.__dict__.get("__module__")))
                if owner is module and not names.isdisjoint(_DESCRIPTOR):
                    operators_changed(batch, module, value, acting, set())


def subscripted(batch: Batch, home: LoadedModule, cls: type, acting: Acting) -> None:
    """`Kind[int]` gives something else: in annotations, defaults and members as well."""
    for module in batch.resolver.candidates(home):
        for name in [n for n, v in list(module.ns.items()) if v is cls]:
            product = Product(module, name, "code")
            batch.changes.setdefault((module.name, name), Change(product, cls, cls))
            _definitions(batch, module, name, acting)


def _definitions(batch: Batch, module: LoadedModule, name: str, acting: Acting) -> None:
    """Definitions whose defaults, annotations or members are made with an operator: `x: Kind[int] = a + b`."""
    product = Product(module, name, "content")
    for view, index in batch.resolver.mentioning(product):
        if view.statements[index].kind not in _DEFINED or not _operates_on(view.node(index), name):
            continue
        reader = batch.resolver.reader(view, index, product)
        if reader is not None and not reader.late:
            acting.mark(batch, view, index)


def _operates_on(node: ast.AST, name: str) -> bool:
    """Whether a definition uses an operator on what has a name, when it runs: not in its decorators, nor in functions."""
    return any(
        isinstance(n, _OPERATORS) and any(name in (getattr(m, "id", ""), getattr(m, "attr", "")) for m in ast.walk(n))
        for part in _evaluated(node)
        for n in ast.walk(part)
    )


_OPERATORS = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript, ast.Starred, ast.FormattedValue,
    ast.comprehension,
)  # fmt: skip


def _evaluated(node: ast.AST) -> Iterable[ast.AST]:
    """The defaults and annotations of functions, and the statements of a class body."""
    if isinstance(node, ast.ClassDef):
        for member in node.body:
            yield from _evaluated(member)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.args
        if node.returns is not None:
            yield node.returns
    else:
        yield node


def _content(value: Any) -> Iterable[Any]:
    kind = kind_of(value)
    return value.values() if kind is dict else value if kind in (list, tuple, set, frozenset) else ()
