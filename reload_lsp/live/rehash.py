"""Objects whose class computes another hash now: the dictionaries and sets that hold them find them again."""

from __future__ import annotations

import gc

from ..source.codes import walk
from .batch import Batch
from .classes import members_of
from .family import methods_in, with_callers
from .heap import subclasses, survey
from .kinds import is_a, kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


HASHING = frozenset(("__hash__", "__eq__"))


def hashes(cls: type) -> bool:
    """Whether a class, or a relative of it, says itself what its objects are equal to, and they can be in a set."""
    lineage, heirs = type.__dict__["__mro__"].__get__(cls)[:-1], subclasses(cls)
    hashable = any(c.__hash__ is not None for c in (cls, *heirs))
    return hashable and any(not HASHING.isdisjoint(members_of(c)) for c in (*lineage, *heirs))


def rehash_users(batch: Batch) -> None:
    """Classes whose objects compute another hash for what changed outside of them, whenever those objects were made."""
    for change in list(batch.changes.values()):
        product = change.product
        for view, index in batch.resolver.mentioning(product):
            text, name = view.statements[index].text, view.statements[index].name
            if view.statements[index].kind != "class" or ("__hash__" not in text and "__eq__" not in text):
                continue
            cls = view.ns.get(name)
            if cls is change.after or not is_a(cls, type) or not hashes(cls):
                continue
            methods = [m for body in view.codes(index) for m in methods_in(body)]
            using = {m.co_name for m in methods if any(product.name in c.co_names for c in walk(m))}
            if using and not HASHING.isdisjoint(with_callers(batch, cls, methods, using)):
                rehash(batch, cls)


def rehash(batch: Batch, cls: type) -> None:
    """Fill every dictionary and set that has objects of `cls` among its keys anew, in its order."""
    instances = survey((), [cls]).instances.get(cls, [])
    ids = {id(i) for i in instances}
    holders = [h for h in gc.get_referrers(*instances) if kind_of(h) in (dict, set)] if instances else []
    for holder in holders:
        if any(id(key) in ids for key in holder):
            batch.journal.record_last(_fill_again, holder)
            _fill_again(holder)


def _fill_again(holder: Any) -> None:
    content: Any = list(holder.items()) if kind_of(holder) is dict else list(holder)
    holder.clear()
    holder.update(content)
