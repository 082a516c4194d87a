"""The live objects of a library's class, between batches: editors ask often, so the heap is not looked through each time."""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterator

from ..live.heap import objects_of, subclasses
from ..live.reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FRESH_SECONDS = 5.0
_seen: dict[type, tuple[float, list[weakref.ref[Any]]]] = {}


def living(kind: type) -> Iterator[Any]:
    """The objects of a class and its subclasses, those of the last seconds perhaps not yet."""
    at, found = _seen.get(kind, (-FRESH_SECONDS, []))
    if time.monotonic() - at >= FRESH_SECONDS:
        mine = objects_of({kind, *subclasses(kind)})
        found = [weakref.ref(o) for o in mine if getattr_raw(o, "__dict__") != {}]  # those that were not just allocated
        _seen[kind] = (time.monotonic(), found)
    for reference in found:
        value = reference()
        if value is not None:
            yield value
