"""Methods that use what changed outside of their class."""

from __future__ import annotations

from operator import attrgetter
from types import CodeType

from ..source.codes import walk
from ..source.late import late_chains
from .acting import Acting
from .batch import Batch
from .dirty import Dirty
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
        for code in (True, False):
            alike = {p for p in products if (p.kind in _CODE) is code}
            _follow(batch, Dirty(view, index), cls, alike, code)


_CODE = ("code", "inner")


def _follow(batch: Batch, dirty: Dirty, cls: type, products: set[Product], code: bool) -> None:
    """All products that make methods act otherwise for one reason at once."""
    methods = [m for body in dirty.view.codes(dirty.index) for m in methods_in(body)]
    using: set[str] = set()
    reasons: list[str] = []
    for product in sorted(products, key=attrgetter("name")):
        changed = batch.changes.get((product.module.name, product.name))  # none of a container: what it holds changed
        if (dirty.key, product) in batch.followed or (changed is not None and changed.after is cls):
            continue
        batch.followed.add((dirty.key, product))
        used = {m.co_name for m in methods if batch.ran.may_have(m) and _uses(batch, dirty.view, m, product)}
        used |= by_factories(used)
        decorated = with_edited_functions(batch, cls) if code else {}
        used |= {n for n, codes in decorated.items() if any(map(batch.ran.may_have, codes))}
        using |= used
        reasons += [product.name] if used else []
    if using:
        acting = Acting(f"{reasons[0]} changed, which {cls.__name__} uses", code)
        followed(batch, dirty, cls, with_callers(batch, cls, methods, using, ran=True), acting)


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
