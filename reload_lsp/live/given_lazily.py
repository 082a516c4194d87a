"""Modules whose `__getattr__` gives a name of another module, and may have put it among their own names since (PEP 562)."""

from __future__ import annotations

from .loaded import LoadedModule
from .product import PASSED_ON, Product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .batch import Batch
    from .view import View


def lazy_givers(batch: Batch, product: Product, before: Any) -> list[LoadedModule]:
    """The modules that may give the product when asked; a copy of what it was is forgotten, so that they are asked anew."""
    others = [m for m in batch.modules.importers.lazy if m is not product.module]
    for module in others if product.kind not in PASSED_ON else ():
        kept = product.name in module.ns and module.ns[product.name] is before
        if kept and not batch.view_of(module).binders(product.name):
            batch.journal.del_item(module.ns, product.name)
    return [m for m in others if product.name not in m.ns]


def tell_who_asked(batch: Batch, product: Product, before: Any) -> None:
    """A product is not what it was: those who have it of the `__getattr__` of another module are told, too."""
    if product.name == "__getattr__":
        for view, index in batch.resolver.given_lazily(product.module):
            batch.mark(view, index, "input", f"__getattr__ of {product.module.name} changed")
    for lazy in lazy_givers(batch, product, before):
        for view, index in list(batch.resolver.given_lazily(lazy, product.name)):
            _given(batch, view, index, product, before)


def _given(batch: Batch, view: View, index: int, product: Product, before: Any) -> None:
    """A statement takes a changed name through the `__getattr__` of another module (`from package import f`)."""
    taken = [e.bound for e in view.names(index).imports if e.name == product.name]
    bound = [name for name in taken if view.ns.get(name) is before]
    for name in bound if product.kind in PASSED_ON else ():
        if (view.module.name, name) not in batch.changes:
            batch.changed(Product(view.module, name, product.kind), before, before)
    if product.kind not in PASSED_ON and (bound or view.statements[index].kind != "import"):
        batch.mark(view, index, "input", f"{product.name} of {product.module.name} changed")
