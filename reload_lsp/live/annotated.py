"""What CPython 3.14 has computed of annotations and keeps: computed anew where a name in them is another by now (PEP 649)."""

from __future__ import annotations

from types import FunctionType

from .batch import Batch
from .inspected import inspected
from .kinds import is_a
from .product import PASSED_ON, Product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_ANNOTATED: Any = (FunctionType, type)


def annotations_changed(batch: Batch, told: int) -> int:
    """Go through the changes beyond the first `told`; returns how many there are."""
    changes = [change.product for change in batch.changes.values()]
    for product in changes[told:]:
        if product.kind not in PASSED_ON:
            _evaluate_anew(batch, product)
    return len(changes)


def _evaluate_anew(batch: Batch, product: Product) -> None:
    for view, index in batch.resolver.mentioning(product):
        statement = view.statements[index]
        value: Any = view.ns.get(statement.name) if statement.kind in ("function", "class") else None
        annotate = getattr(value, "__annotate__", None) if is_a(value, _ANNOTATED) else None
        if is_a(annotate, FunctionType) and product.name in annotate.__code__.co_names:
            value.__annotate__ = annotate  # what was computed goes
            inspected(batch, view.module, statement.name, f"{product.name} in its annotations changed")
