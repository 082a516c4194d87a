"""Whether the program itself holds an object: from the names of its modules, through containers and its own objects."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

from .kinds import is_a, kind_of
from .reach import cell_content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .batch import Batch

_ENOUGH = 50_000  # objects looked through; then it counts as held
_LED_THROUGH = frozenset(("builtins", "collections", "functools", "types"))


def is_owned(batch: Batch, value: Any) -> bool:
    """Whether names of the user's modules lead to `value` without going through an object of a library."""
    modules = batch.modules.all()
    ours = {m.name for m in modules}
    waiting: list[Any] = [v for m in modules for v in list(m.ns.values())]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is value or len(seen) > _ENOUGH:
            return True
        if id(one) not in seen:
            seen.add(id(one))
            waiting += _held_by(one, ours)
    return False


def _held_by(value: Any, ours: set[str]) -> list[Any]:
    if is_a(value, ModuleType):
        return []
    if kind_of(value) is FunctionType:
        cells = [cell_content(c) for c in value.__closure__ or ()]
        return [*cells, *(value.__defaults__ or ()), *value.__dict__.values()]
    if is_a(value, type):
        own = str(type.__dict__["__dict__"].__get__(value).get("__module__"))
        return list(type.__dict__["__dict__"].__get__(value).values()) if own in ours else []
    kind = kind_of(value)
    if kind.__module__ in _LED_THROUGH or kind.__module__ in ours:
        return gc.get_referents(value)
    return []
