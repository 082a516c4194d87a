"""Virtual subclasses (`Base.register(Cls)`, PEP 3119): one that an edit no longer registers is none any more."""

from __future__ import annotations

import abc
import ast
import sys

from ..source.names import chain_of
from .batch import Batch
from .dirty import Dirty
from .kinds import is_a

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def unregister(batch: Batch, dirty: Dirty) -> None:
    """Take back what an edited `Base.register(Cls)`, or `@Base.register` above a class, registered before."""
    old = dirty.view.old(dirty.index) if "edited" in dirty.reasons else None
    before = dirty.view.old_node(dirty.index) if old is not None and "register" in old.text else None
    if before is None:
        return
    now = set(_registered(batch, dirty, dirty.view.node(dirty.index)))
    for base, cls in set(_registered(batch, dirty, before)) - now:
        _forget(batch, base, cls)


def register_live(batch: Batch, dirty: Dirty) -> None:
    """A class statement that ran has registered the class that it made: it is the living one that stands for it."""
    for base, cls in (
        _registered(batch, dirty, dirty.view.node(dirty.index)) if "register" in dirty.statement.text else ()
    ):
        if base not in type.__dict__["__mro__"].__get__(cls) and not issubclass(cls, base):
            base.register(cls)
            batch.journal.record(_forget, batch, base, cls)


def _registered(batch: Batch, dirty: Dirty, node: ast.stmt) -> list[tuple[abc.ABCMeta, type]]:
    calls: list[tuple[ast.expr, Any]] = []
    module = dirty.view.module
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.args:
        chain = chain_of(node.value.args[0])
        calls = [(node.value.func, batch.resolver.target_of(module, chain) if chain else None)]
    elif isinstance(node, ast.ClassDef):
        calls = [(decorator, module.ns.get(node.name)) for decorator in node.decorator_list]
    found: list[tuple[abc.ABCMeta, type]] = []
    for function, cls in calls:
        chain = chain_of(function)
        base = batch.resolver.target_of(module, chain[:-1]) if chain and chain[1:] and chain[-1] == "register" else None
        if is_a(base, abc.ABCMeta) and is_a(cls, type):
            found.append((base, cls))
    return found


def _forget(batch: Batch, base: Any, cls: type) -> None:
    """Registries of ABCs can only be emptied: the others are registered again."""
    machinery: Any = sys.modules.get("_abc")  # CPython's: nothing public takes one out
    registry: list[Any] = [known() for known in machinery._get_dump(base)[0]] if machinery is not None else []
    if machinery is None or not any(known is cls for known in registry):
        return
    batch.journal.record(base.register, cls)
    machinery._reset_registry(base)
    for known in registry:
        if known is not None and known is not cls:
            base.register(known)
    for ancestor in type.__dict__["__mro__"].__get__(base):
        if is_a(ancestor, abc.ABCMeta):
            machinery._reset_caches(ancestor)
