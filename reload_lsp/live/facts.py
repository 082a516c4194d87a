"""Small facts about named things, asked for while a text is being edited: no user code runs, and the pause is bounded.

Instances are counted without a look at the heap where reference counts show that there are none, or where the heap is too
big to be looked at within the budget: then the count is an upper bound.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from types import FunctionType

from ..source.digests import digest
from .heap import subclasses, survey
from .kinds import behind, is_a, kind_of
from .lingering import every_frame
from .loaded import LoadedModule
from .modules import Modules
from .reach import cell_content, functions_of, getattr_raw
from .values import CONTAINERS, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

Name = tuple[str, str]  # module, dotted name in it
NANOSECONDS = 50  # what the pass over the heap takes for each object, about
BLOCKS = 2  # allocated blocks for each object that the collector tracks, at least
COLLECTED = 1 << 14  # of `type.__flags__`: instances are known to the collector, so that a look at the heap finds them
ITEMS = 2_000  # a value with more items is not judged here


def instances(modules: Modules, names: Sequence[Name], budget_ms: float) -> Iterator[tuple[str, str, int, bool]]:
    """How many live objects each class has: module, name, count, and whether it is exact."""
    bounds = {name: bound for name in names if (bound := _bound(partial(_named, modules, *name), _SPARE)) is not None}
    asked = {name: _named(modules, *name) for name, bound in bounds.items() if bound > 0}
    heap = survey((), asked.values()) if asked and is_affordable(budget_ms) else None
    for (module, name), bound in bounds.items():
        if bound <= 0:
            yield module, name, 0, True
        elif heap is not None and asked[module, name].__flags__ & COLLECTED:
            seen = len(heap.instances.get(asked[module, name], ()))
            # Frozen objects are not seen, so that this is the least; where it is the most, too, it is exact.
            yield (module, name, seen, True) if heap.exact or seen >= bound else (module, name, bound, False)
        else:
            yield module, name, bound, False


def is_affordable(budget_ms: float) -> bool:
    """Does a look at the heap take no longer than this?"""
    return sys.getallocatedblocks() // BLOCKS * NANOSECONDS / 1e6 <= budget_ms


def _bound(look: Callable[[], Any], spare: int) -> int | None:
    """At most how many instances the class that `look` gives and those below it have; None for what is no class."""
    cls = look()
    if not is_a(cls, type):
        return None
    kinds = (cls, *subclasses(cls))
    del cls  # it would be counted
    return sum(_held(kind) - spare for kind in kinds)


def _held(cls: type) -> int:
    """References to a class without those of its parts, of the classes below it and of its module."""
    members = list(type.__dict__["__dict__"].__get__(cls).values())
    owned = sum(1 for m in members if getattr_raw(m, "__objclass__") is cls)
    cells = {id(c) for f in functions_of(members, "") for c in f.__closure__ or () if cell_content(c) is cls}
    below = sum(1 + (cls in s.__bases__) + (s.__base__ is cls) for s in subclasses(cls))
    return sys.getrefcount(cls) - owned - len(cells) - below - _in_modules(cls)


def _in_modules(cls: type) -> int:
    """How often the module of a class, or the script, holds it under a name."""
    modules = [sys.modules.get(cls.__module__), sys.modules.get("__main__")]
    tables = [m.__dict__ for m in dict.fromkeys(modules) if m is not None]
    return sum(1 for table in tables for value in list(table.values()) if value is cls)


def _spare() -> int:
    """What `_bound` gives for a class that nothing holds but one table: the fewest that any form of class has, less one."""
    table: dict[str, type] = {"plain": type("Plain", (), {}), "slotted": type("Slotted", (), {"__slots__": ("x",)})}
    return min(_bound(partial(table.get, name), 0) or 0 for name in table) - 1


_SPARE = _spare()


def plainness(modules: Modules, names: Sequence[Name]) -> Iterator[tuple[str, str, bool]]:
    """Whether each value is data alone, so that it can be made again; values too big to be judged here are left out."""
    for module, name in names:
        loaded = modules.named(module)
        if loaded is not None and name in loaded.ns and _is_small(loaded.ns[name]):
            yield module, name, plain(loaded.ns[name])


def digests(modules: Modules, names: Sequence[Name]) -> Iterator[tuple[str, str, str]]:
    """A hash of each value that is data alone (`source.digests`); others, and those too big, are left out."""
    for module, name in names:
        loaded = modules.named(module)
        there = loaded is not None and name in loaded.ns and _is_small(loaded.ns[name])
        told = digest(loaded.ns[name]) if loaded is not None and there else None
        if told is not None:
            yield module, name, told


def _is_small(value: Any) -> bool:
    left = ITEMS
    stack: list[Any] = [value]
    while stack and left >= 0:
        current = stack.pop()
        if kind_of(current) in CONTAINERS or kind_of(current) in (tuple, frozenset):
            left -= len(current)
            if left >= 0:
                stack.extend(list(current.values()) if kind_of(current) is dict else list(current))
    return left >= 0


def frames(modules: Modules, names: Sequence[Name]) -> Iterator[tuple[str, str, list[list[Any]]]]:
    """Which threads are in each function now, and at which 0-based line."""
    codes = {id(f.__code__): (m, n) for m, n in names for f in functions_named(modules, m, n)}
    found: dict[Name, list[list[Any]]] = {name: [] for name in codes.values()}
    threads = {t.ident: t.name for t in threading.enumerate()}
    for ident, frame in every_frame():
        name = codes.get(id(frame.f_code))
        if name is not None:
            found[name].append([threads.get(ident, str(ident)), frame.f_lineno - 1])
    for (module, name), running in found.items():
        yield module, name, running


def functions_named(modules: Modules, module: str, name: str) -> list[FunctionType]:
    """The functions of the user's behind a name, decorators seen through."""
    value, loaded = _named(modules, module, name), modules.named(module)
    if value is None or loaded is None:
        return []
    last = name.rpartition(".")[2]
    return [
        f
        for f in functions_of([value], "")
        if f.__name__ == last and f.__globals__ is loaded.ns and "__wrapped__" not in f.__dict__
    ]


def _named(modules: Modules, module: str, name: str) -> Any:
    """What a dotted name stands for, through classes alone."""
    loaded: LoadedModule | None = modules.named(module)
    if loaded is None:
        return None
    first, *rest = name.split(".")
    value: Any = loaded.ns.get(first)
    for part in rest:
        if not is_a(value, type):
            return None
        value = behind(type.__dict__["__dict__"].__get__(value).get(part))
    return value
