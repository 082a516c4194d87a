"""Methods that use what changed outside of their class."""

from __future__ import annotations

from types import CodeType

from ..source.codes import walk
from ..source.late import late_chains
from .acting import Acting
from .batch import Batch, Dirty
from .family import methods_in, with_callers
from .kinds import is_a
from .methods import by_factories, followed, with_edited_functions
from .product import Product
from .view import View


def follow_users(batch: Batch) -> None:
    """Methods that use what changed outside their class give another result, as functions do: so do those who call them."""
    while batch.users:
        (name, index), products = batch.users.popitem()
        module = batch.modules.named(name)
        view = batch.view_of(module) if module is not None else None
        cls = view.ns.get(view.statements[index].name) if view is not None else None
        if view is None or not is_a(cls, type):
            continue
        methods = [m for body in view.codes(index) for m in methods_in(body)]
        for product in products:
            key, changed = ((name, index), product), batch.changes[product.module.name, product.name]
            if key in batch.followed or changed.after is cls:
                continue
            batch.followed.add(key)
            using = {m.co_name for m in methods if _uses(batch, view, m, product)}
            using |= by_factories(using)
            using |= with_edited_functions(batch, cls) if product.kind in ("code", "inner") else set()
            names = with_callers(batch, cls, methods, using) if using else using
            acting = Acting(f"{product.name} changed, which {cls.__name__} uses", product.kind in ("code", "inner"))
            followed(batch, Dirty(view, index), cls, names, acting)


def _uses(batch: Batch, view: View, method: CodeType, product: Product) -> bool:
    if not any(product.name in c.co_names for c in walk(method)):
        return False
    home = product.module.name.rpartition(".")[2]
    if (
        any(n.rpartition(".")[2] == home for c in walk(method) for n in c.co_names)
        and view.module is not product.module
    ):
        return True  # it imports it, or reads it off its module
    chains = (c for found in late_chains([method], product.name) for c in found)
    return any(batch.resolver.means(view.module, c, product) for c in chains)
