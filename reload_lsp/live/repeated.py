"""Plain values that a class adds to lists while it is made, which it did once already: not added a second time."""

from __future__ import annotations

from .batch import Batch
from .kinds import kind_of
from .values import plain, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Repeated:
    """The lists that those who take part in making a class may add to, before its statement is executed again.

    These are the lists among the names of the user's modules that its metaclass and bases come from, and among their
    attributes.
    """

    def __init__(self, batch: Batch, cls: type) -> None:
        self.batch = batch
        makers = [*type.__dict__["__mro__"].__get__(cls), *type.__dict__["__mro__"].__get__(kind_of(cls))]
        modules = {m.name: m for c in makers if (m := batch.modules.named(str(c.__dict__.get("__module__"))))}
        spaces = [
            *(m.ns for m in modules.values()),
            *(c.__dict__ for c in makers if c.__dict__.get("__module__") in modules),
        ]
        found: dict[int, list[Any]] = {id(v): v for space in spaces for v in list(space.values()) if kind_of(v) is list}
        self.lists = [(items, len(items)) for items in found.values()]

    def settle(self) -> None:
        """Take what is there twice out again."""
        for items, length in self.lists:
            before, added = items[:length], items[length:]
            kept = [x for x in added if not (plain(x) and any(same(x, y) for y in before))]
            if len(kept) < len(added):
                self.batch.journal.record(_restore, items, before)
                items[length:] = kept


def _restore(items: list[Any], content: list[Any]) -> None:
    items[:] = content
