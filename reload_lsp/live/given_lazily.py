"""Modules whose `__getattr__` gives a name of another module, and may have put it among their own names since (PEP 562)."""

from __future__ import annotations

from .loaded import LoadedModule
from .product import PASSED_ON, Product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .batch import Batch


def lazy_givers(batch: Batch, product: Product, before: Any) -> list[LoadedModule]:
    """The modules that may give the product when asked; a copy of what it was is forgotten, so that they are asked anew."""
    others = [m for m in batch.modules.importers.lazy if m is not product.module]
    for module in others if product.kind not in PASSED_ON else ():
        kept = product.name in module.ns and module.ns[product.name] is before
        if kept and not batch.view_of(module).binders(product.name):
            batch.journal.del_item(module.ns, product.name)
    return [m for m in others if product.name not in m.ns]
