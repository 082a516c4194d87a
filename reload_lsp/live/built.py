"""Who made the object that a statement changes: what an edited change is built of again, from its beginning."""

from __future__ import annotations

import ast
from types import ModuleType

from ..plan.impact import Effect
from ..source.names import chain_of
from .batch import Batch
from .dirty import Dirty
from .kinds import is_a, kind_of
from .values import CONTAINERS, holds
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_built(batch: Batch, dirty: Dirty, index: int, name: str) -> bool:
    """Whether an object is the product of its statement and of those that change it: one of them alone would add to it twice."""
    if name in dirty.names.binds or kind_of(dirty.view.ns.get(name)) in CONTAINERS:  # `n += step`: whatever n is
        return True
    return "edited" in dirty.reasons and _is_new_of_library(batch, dirty.view, makers_of(dirty.view, index)[-1])


def is_made_here(batch: Batch, dirty: Dirty, makers: list[int], name: str) -> bool:
    """Whether all that a changed object was taken from can be made again by its module."""
    last = makers[-1]
    if dirty.view.statements[last].kind == "import":
        return name in dirty.names.rebinds
    made = [dirty.view.ns.get(n) for n in dirty.view.names(last).binds]
    return (
        len(makers) == 1 or all(kind_of(v) in CONTAINERS for v in made) or _is_new_of_library(batch, dirty.view, last)
    )


def makers_of(view: View, index: int) -> list[int]:
    """A statement that binds an object, and those that made what it took it from: `b = a`, `run = commands.add_parser("run")`."""
    found = [index]
    while (root := _taken_from(view, found[-1])) is not None:
        binders = [i for i in view.binders(root) if i < found[-1] and view.statements[i].kind in ("bind", "import")]
        if not binders:
            break
        found.append(binders[-1])
    return found


def _taken_from(view: View, index: int) -> str | None:
    """The name through which a statement came by an object that was there before."""
    node = view.node(index)
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    root: ast.AST | None = value
    while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
        root = root.func if isinstance(root, ast.Call) else root.value
    if not isinstance(root, ast.Name):
        return None
    giver: Any = view.ns.get(root.id)
    objects = [view.ns.get(name) for name in view.names(index).binds]
    if any(kind_of(v) in CONTAINERS for v in objects):
        gave = isinstance(value, (ast.Name, ast.Attribute)) or any(holds(giver, v) for v in objects)
    else:
        calls = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
        gave = isinstance(value, ast.Name) or (calls and not is_a(giver, (ModuleType, type)))
    return root.id if gave else None


def _is_new_of_library(batch: Batch, view: View, index: int) -> bool:
    """Whether a statement makes an object of a library's class, which leaves no trace elsewhere: `argparse.ArgumentParser()`."""
    node = view.node(index)
    call = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    chain = chain_of(call.func) if isinstance(call, ast.Call) else None
    made = batch.resolver.target_of(view.module, chain) if chain else None
    if not is_a(made, type) or batch.modules.named(made.__module__) is not None:
        return False
    values = [view.ns.get(name) for name in view.names(index).binds]
    return all(kind_of(v) is made for v in values) and batch.effects.of(node, view.module).effect <= Effect.LOCAL
