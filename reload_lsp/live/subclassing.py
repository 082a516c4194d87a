"""Classes made by more than their bodies: hooks of bases and metaclasses that change, and who is made again with them."""

from __future__ import annotations

import ast

from ..source.codes import nested
from .batch import Batch, Dirty
from .kinds import is_a
from .members import is_plain


def hook_changed(batch: Batch, dirty: Dirty) -> bool:
    """Whether a swapped method takes part in making other classes."""
    cls = dirty.view.ns.get(dirty.statement.name)
    hooks = _METACLASS_HOOKS if is_a(cls, type) and issubclass(cls, type) else _CLASS_HOOKS
    return any(
        id(c) in batch.own_codes and c.co_name in hooks for top in dirty.view.codes(dirty.index) for c in nested(top)
    )


_CLASS_HOOKS = frozenset(("__init_subclass__", "__set_name__"))
_METACLASS_HOOKS = frozenset(("__new__", "__init__", "__prepare__", "__call__"))


def mark_subclasses(batch: Batch, live: type) -> None:
    """Subclasses made by more than their bodies are made again, by whatever way they came to know their base."""
    for sub in type.__subclasses__(live):
        module = batch.modules.named(sub.__module__)
        if module is None or module.ns.get(sub.__name__) is not sub:
            continue
        view = batch.view_of(module)
        for index in view.binders(sub.__name__):
            node = view.node(index) if view.statements[index].kind == "class" else None
            if isinstance(node, ast.ClassDef) and not is_plain(sub, node):
                batch.mark(view, index, "base", f"its base {live.__name__} was made again")
