"""What a decorator that is gone has put on a class or function: `@pytest.mark.skip` leaves `pytestmark` there."""

from __future__ import annotations

import ast
import re

from ..source.names import chain_of
from .kinds import behind, is_a

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType
    from typing import Any

    from .batch import Batch

Decorated = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def given_by_decorators(batch: Batch, old: Decorated, new: Decorated, names: Iterable[str]) -> set[str]:
    """The attributes that none but former decorators can have given: no text sets them."""
    left = {ast.dump(d) for d in new.decorator_list}
    gone = [d for d in old.decorator_list if ast.dump(d) not in left]
    chains = [chain_of(d.func if isinstance(d, ast.Call) else d) for d in gone]
    decorators = {chain[-1] for chain in chains if chain}
    own = [n for n in names if n[:2] != "__" and n[:5] != "_abc_"] if gone else []
    return {n for n in own if not _is_set_by_others(batch, n, decorators)}


def remember_methods(batch: Batch, old: ast.ClassDef, new: ast.ClassDef, members: dict[str, Any]) -> None:
    """Remember what methods have of decorators that are gone, before the methods become what their text says."""
    before = {n.name: n for n in old.body if isinstance(n, _DEFINITIONS)}
    for node in new.body:
        if isinstance(node, _DEFINITIONS) and node.name in before:
            remember(batch, before[node.name], node, behind(members.get(node.name)))


def remember(batch: Batch, old: Decorated, new: Decorated, function: Any) -> None:
    """Remember what a function has of decorators that are gone."""
    attributes: Any = getattr(function, "__dict__", None)
    if type(attributes) is dict and attributes and not is_a(function, type):
        names: list[str] = list(attributes)  # pyright: ignore[reportUnknownArgumentType]
        batch.undecorated[id(function)] = given_by_decorators(batch, old, new, names)


def forget(batch: Batch, function: FunctionType, made: FunctionType) -> None:
    """Take off a function what it had of decorators that are gone, and what made it anew does not give it."""
    for name in batch.undecorated.pop(id(function), set()) - made.__dict__.keys():
        batch.journal.del_item(function.__dict__, name)


def _is_set_by_others(batch: Batch, name: str, decorators: set[str]) -> bool:
    """Whether a text sets an attribute of that name, outside of the decorators themselves."""
    sets = re.compile(_SETS.format(re.escape(name))).search
    return any(
        sets(s.text)
        for module in batch.modules.all()
        if name in module.text and sets(module.text)
        for s in module.statements()
        if not (s.kind == "function" and s.name in decorators)
    )


_SETS = r"""\.{0}\s*(?::[^=\n]+)?[-+*/|&^%@]?=(?!=)|["']{0}["']\s*\]\s*=(?!=)|setattr\([^()]*["']{0}["']"""
