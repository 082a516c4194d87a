"""The objects that a statement finds in the names that it reads: those that it cannot have made itself."""

from __future__ import annotations

from .batch import Batch
from .dirty import Dirty
from .kinds import kind_of
from .values import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

HOLDERS = (dict, list, tuple, set, frozenset)


def given(batch: Batch, dirty: Dirty) -> Iterator[Any]:
    """What the names that a statement reads stand for, and the objects in it."""
    for chain in dirty.names.reads:
        value = batch.resolver.target_of(dirty.view.module, chain)
        yield value
        yield from objects_in(value)


def is_given(batch: Batch, dirty: Dirty, value: Any) -> bool:
    """Whether a statement finds `value` in what it reads, and so did not make it."""
    return any(x is value for x in given(batch, dirty))


def objects_in(value: Any) -> list[Any]:
    """The objects in a value of one or two levels that are more than data."""
    kind = kind_of(value)
    if kind not in HOLDERS:
        return [] if plain(value) else [value]
    items = value.values() if kind is dict else value
    return [x for item in items for x in (item if kind_of(item) in (list, tuple) else (item,)) if not plain(x)]
