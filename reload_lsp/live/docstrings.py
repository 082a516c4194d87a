"""Docstrings that were copied when something was made: by `functools.wraps` of another function, by descriptors."""

from __future__ import annotations

import functools
from types import FunctionType

from .attributes import members_changed
from .batch import Batch
from .functions import docstring
from .kinds import is_a, kind_of
from .product import Product
from .reach import functions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def member_docstrings(batch: Batch, live: type) -> None:
    """Descriptors copy the docstring of the function they are made of; one that was given another (`doc=`) keeps it."""
    from .classes import members_of

    before = {docstring(pair.old) for edit in batch.edits for pair in edit.codes}
    changed: set[str] = set()
    for name, value in members_of(live).items():
        function = _documented(value)
        if is_a(function, FunctionType) and value.__doc__ != function.__doc__ and value.__doc__ in before:
            batch.journal.set_plain(value, "__doc__", function.__doc__)
            changed.add(name)
    module = batch.modules.named(live.__module__) if changed else None
    if module is not None and module.ns.get(live.__name__) is live:
        members_changed(batch, module, live.__name__, changed)


def _documented(value: Any) -> Any:
    """The function whose docstring a descriptor copied."""
    kind = kind_of(value)
    if kind is property:
        return value.fget
    return value.func if kind is functools.cached_property else None


def wrapped_docstrings(batch: Batch) -> None:
    """`@wraps(other)` copies the docstring of another function, which was edited."""
    for swap in batch.swapped:
        function: Any = swap.function
        before, after = docstring(swap.pair.old), docstring(swap.pair.new)
        module = batch.modules.of_namespace(function.__globals__) if swap.pair.own and before != after else None
        if module is not None and function.__doc__ == after:
            _copies(batch, Product(module, function.__name__, "code"), function, before)


def _copies(batch: Batch, product: Product, function: FunctionType, before: str | None) -> None:
    for view, index in list(batch.resolver.mentioning(product)):
        statement = view.statements[index]
        if "@" not in statement.text or statement.kind not in ("function", "class"):
            continue
        for copy in functions_of([view.ns.get(statement.name)], view.module.path):
            if copy is not function and copy.__dict__.get("__wrapped__") is function and copy.__doc__ == before:
                batch.journal.set_plain(copy, "__doc__", function.__doc__)
                if "__doc__" in view.text and copy is view.ns.get(statement.name):
                    batch.code_changed(view.module, statement.name, f"the docstring of {statement.name} changed")
