"""Objects that know no weak references: whether anything but their own parts holds them."""

from __future__ import annotations

import gc
import sys
from types import FrameType, ModuleType

from .kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEPTH, _MOST = 12, 1_000


def holds_itself_alone(watcher: Any) -> bool:
    """Whether all who hold `watcher.value`, but for the watcher, are reached from nowhere else: the collector would free them.

    It looks at the heap once for each step away from the object, and gives up where many hold it.
    """
    value = watcher.value
    inside: list[Any] = [value]
    known, fresh = {id(value), id(watcher)}, [value]
    for _ in range(_DEPTH):
        asked = tuple(fresh)
        holders = [
            h for h in gc.get_referrers(*asked) if id(h) not in known and not _is_passing(h, inside, fresh, asked)
        ]
        del asked  # it would hold them, too
        if any(_is_root(h) for h in holders) or len(inside) > _MOST:
            return False
        if not holders:
            fresh.clear()
            return _is_closed(inside)
        fresh = list({id(h): h for h in holders}.values())
        known |= {id(h) for h in fresh}
        inside += fresh
        del holders
    return False


def _is_passing(holder: Any, *lists: Any) -> bool:
    """Our own lists, and frames: what those hold shows in the counts."""
    return kind_of(holder) is FrameType or any(holder is one for one in lists)


def _is_root(value: Any) -> bool:
    kind = kind_of(value)
    return kind is ModuleType or (kind is dict and "__builtins__" in value)


def _is_closed(inside: list[Any]) -> bool:
    """Whether the references among some objects are all that each has; the first one is known to who asks, too."""
    counts = dict.fromkeys(map(id, inside), 0)
    _count(inside, counts)
    return all(
        sys.getrefcount(inside[i]) - counts[id(inside[i])] <= _LISTED + (0 if i else _ASKED) for i in range(len(inside))
    )


def _count(inside: list[Any], counts: dict[int, int]) -> None:
    for one in inside:
        for part in gc.get_referents(one):
            if id(part) in counts:
                counts[id(part)] += 1


_LISTED = 2  # the list, and the call that counts
_ASKED = 2  # the watcher, and the variable of who asks
