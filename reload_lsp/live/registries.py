"""Which dictionaries and lists hold the definitions that a batch makes again: one look at the heap for all that wait."""

from __future__ import annotations

import gc
import sys
from collections import OrderedDict, defaultdict

from .heap import subclasses
from .kinds import is_a, kind_of, pairs_of, row_of
from .reach import functions_of
from .registrations import owners_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .dirty import Dirty

    Counts = tuple[list[Any], list[int]]


class Registries:
    """The containers of what waits to be run again, found together and known until a statement lets go of one of them.

    A registry that is built anew (`ALL = [*ALL, cls]`) is not the one that was found: then all are looked for again.
    """

    __slots__ = ("_found", "_known", "_ours", "_parents")

    def __init__(self, *ours: Any) -> None:
        self._ours = {id(o) for o in ours}  # no registries of the program's
        self._known: set[int] = set()
        self._found: list[Any] = []
        self._parents: list[dict[Any, Any]] = []

    def of(self, values: tuple[Any, ...], waiting: Iterable[Dirty]) -> list[Any]:
        """The dictionaries and lists that hold any of `values`; namespaces and the attributes of objects are none."""
        ids = {id(v) for v in values}
        if not ids <= self._known:
            self._look(_together(values, waiting))
        return [c for c in self._found if holds_any(c, ids)]

    def holding(self, items: list[Any]) -> list[dict[Any, Any]]:
        """The dictionaries in which a list stands that `of` has given."""
        return [d for d in self._parents if any(v is items for v in d.values())]

    def counts(self) -> Counts:
        """How often each container is referred to."""
        return self._found, [sys.getrefcount(c) for c in self._found]

    def check(self, before: Counts, done: Iterable[Any] = ()) -> None:
        """`done` have run: should a container of what still waits have fewer referrers than `before`, look again next time."""
        self._known.difference_update(map(id, done))
        if before[0] is self._found:
            dropped = [c for c, b in zip(*before, strict=True) if sys.getrefcount(c) < b]
            if any(holds_any(c, self._known) for c in dropped):
                self.forget()

    def forget(self) -> None:
        self._known, self._found, self._parents = set(), [], []

    def _look(self, values: tuple[Any, ...]) -> None:
        self._known = {id(v) for v in values}
        self._found = [c for c in containers_of(values, rows=True) if id(c) not in self._ours]
        lists = tuple(c for c in self._found if kind_of(c) is list)
        self._parents = [h for h in gc.get_referrers(*lists) if kind_of(h) in _TABLES] if lists else []


_TABLES = (dict, defaultdict, OrderedDict)


def containers_of(values: tuple[Any, ...], rows: bool = False) -> list[Any]:
    """The dictionaries and lists that hold any of `values`; namespaces and the attributes of objects are none.

    With `rows`, those too that hold tuples of them: `PLUGINS.append((priority, function))`.
    """
    ids = {id(v) for v in values}
    referrers = gc.get_referrers(*values) if values else []
    holders = [h for h in referrers if kind_of(h) in (*_TABLES, list)]
    tuples: list[Any] = [h for h in referrers if is_a(h, tuple) and h is not values] if rows else []
    if tuples:
        known = {id(referrers), id(holders), id(tuples), *map(id, holders)}
        holders += [h for h in gc.get_referrers(*tuples) if kind_of(h) in (*_TABLES, list) and id(h) not in known]
    holders = [h for h in holders if not (kind_of(h) is dict and "__name__" in h)]
    owners = owners_of(holders)
    found = [h for h in holders if id(h) not in owners and not (kind_of(h) is dict and "__module__" in h)]
    return [h for h in found if holds_any(h, ids)]


def holds_any(container: Any, ids: set[int]) -> bool:
    """Whether any of some objects stands in a dictionary or list, by itself or in a row."""
    return any(is_entry(x, ids) for x in _items(container))


def is_entry(value: Any, ids: set[int]) -> bool:
    """Whether a value is one of some objects, or a tuple with one in it."""
    return id(value) in ids or not ids.isdisjoint(map(id, row_of(value)))


def _items(container: Any) -> Iterable[Any]:
    return container if kind_of(container) is list else [v for _, v in pairs_of(container)]


def _together(values: tuple[Any, ...], waiting: Iterable[Dirty]) -> tuple[Any, ...]:
    """`values`, the definitions that wait to be run again with the functions behind their decorators, and the subclasses."""
    found = {id(v): v for v in values}
    for dirty in waiting:
        value = dirty.view.ns.get(dirty.statement.name) if dirty.statement.kind in ("class", "function") else None
        if value is not None:
            parts = () if is_a(value, type) else functions_of([value], dirty.view.module.path)
            found.update({id(v): v for v in (value, *parts)})
    classes = [v for v in found.values() if is_a(v, type)]
    found.update({id(s): s for c in classes for s in subclasses(c)})
    return tuple(found.values())
