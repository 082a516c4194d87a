"""What a statement made again holds of objects that were made anew beside those that live: their twins."""

from __future__ import annotations

from .kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def substitute(value: Any, twins: dict[int, Any], depth: int = 4) -> Any:
    """`value` with live objects in the place of their discarded twins; fresh containers are changed in place."""
    if id(value) in twins:
        return twins[id(value)]
    kind = kind_of(value)
    if depth < 0 or not twins:
        return value
    if kind is tuple:
        items = tuple(substitute(x, twins, depth - 1) for x in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if kind is list:
        value[:] = [substitute(x, twins, depth - 1) for x in value]
    elif kind is dict:
        for key, item in list(value.items()):
            value[key] = substitute(item, twins, depth - 1)
    return value
