"""Who reads which members an Enum has, without naming one: `[k.value for k in Kind]`, `Kind.choices`, `Column(Enum(Kind))`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from ..source.names import chain_of
from .batch import Batch
from .classes import members_of
from .enums import is_enum
from .kinds import is_a
from .product import Product
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def has_other_members(value: Any, changed: Set[str]) -> bool:
    """Whether a class is an Enum whose members are others, or have other values."""
    if not (is_a(value, type) and is_enum(value)):
        return False
    own = members_of(value)
    return any(n in own["_member_map_"] or n not in own for n in changed)


def asks_for_members(batch: Batch, view: View, index: int, product: Product, value: Any) -> bool:
    """Whether running a statement asks an Enum for its members in a way that names none; annotations ask nothing."""
    node = view.node(index)
    if is_a(node, ast.ClassDef):
        parts = [p for member in node.body if not is_a(member, _DEFINITIONS) for p in _asking(member)]
    else:
        parts = [p for p in _asking(node) if is_a(p, ast.Attribute)]
    for part in parts:
        named = part.value if is_a(part, ast.Attribute) else part
        chain = chain_of(named)
        computed = named is part or (part.attr not in value._member_map_ and part.attr[:2] != "__")
        if chain and computed and batch.resolver.means(view.module, chain, product):
            return True
    return False


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _asking(member: ast.AST) -> Iterator[Any]:
    """What is iterated over, given to calls, or asked for an attribute."""
    value = member.value if is_a(member, ast.AnnAssign) else member
    for node in ast.walk(value) if value is not None else ():
        if is_a(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield node.iter
        elif is_a(node, ast.Call):
            yield from node.args
            yield from (k.value for k in node.keywords)
        elif is_a(node, ast.Starred):
            yield node.value
        elif is_a(node, ast.Attribute):
            yield node
