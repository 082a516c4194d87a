"""What caches hold was made by the functions behind them, and by whatever those call: when the program runs, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from types import FunctionType, ModuleType

from ..source.codes import walk
from .classes import members_of
from .emptied import is_cache
from .heap import subclasses
from .kinds import behind, is_a, kind_of, names_in
from .lingering import name_of
from .loaded import LoadedModule
from .reach import functions_of, getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Key = tuple[str, str]  # the file and the qualified name of a function


def within_caches(modules: Sequence[LoadedModule]) -> set[Key]:
    """The functions that may run for what a cache holds."""
    files = {m.filename for m in modules}
    found: set[Key] = set()
    stack = [f for m in modules for cache in m.caches(caches_in) for f in functions_behind(cache)]
    while stack:
        function = stack.pop()
        codes = list(walk(function.__code__))
        key = codes[0].co_filename, name_of(codes[0])
        if key not in found and key[0] in files:
            found.update((c.co_filename, name_of(c)) for c in codes)
            stack += _used(function, {name for c in codes for name in c.co_names})
    return found


def caches_in(ns: dict[str, Any]) -> list[Any]:
    """The `lru_cache`s and `cached_property`s that a module's names stand for, and those of its classes."""
    members = (behind(member) for value in list(ns.values()) for member in _members(value))
    return [member for member in members if is_cache(member) or is_a(member, cached_property)]


def _members(value: Any) -> Iterable[Any]:
    return list(value.__dict__.values()) if is_a(value, type) else () if kind_of(value) is FunctionType else (value,)


def functions_behind(cache: Any) -> Iterator[FunctionType]:
    made_of = getattr_raw(cache, "func") if is_a(cache, cached_property) else getattr(cache, "__wrapped__", None)
    return functions_of([made_of], "")


def _used(function: FunctionType, words: set[str]) -> Iterator[FunctionType]:
    """What a function may call: through the names that it spells, and the class that it stands in."""
    ns = function.__globals__
    values: list[Any] = list(_spelled(ns, words))
    first = function.__qualname__.partition(".")[0]
    if "." in function.__qualname__ and is_a(ns.get(first), type):
        values.append(ns[first])
    for value in values:
        cls: type = value if is_a(value, type) else kind_of(value)
        if cls in (FunctionType, dict, list, tuple):
            yield from functions_of([value], "")
        elif cls is not ModuleType and cls.__module__ != "builtins":
            yield from functions_of(_methods(cls, words), "")
            yield from functions_of([] if is_a(value, type) else [value], "")


def _spelled(ns: dict[str, Any], words: set[str]) -> Iterator[Any]:
    """What words stand for, in a namespace and in the modules that they stand for there."""
    spaces, seen = [ns], set[int]()
    while spaces:
        space = spaces.pop()
        seen.add(id(space))
        for value in [space[word] for word in words if word in space]:
            yield value
            if is_a(value, ModuleType) and id(names_in(value)) not in seen:
                spaces.append(names_in(value))


def _methods(cls: type, words: set[str]) -> list[Any]:
    """The methods of a class and its relatives that are spelled, and those that nobody needs to spell."""
    family = (*type.__dict__["__mro__"].__get__(cls)[:-1], *subclasses(cls))
    members = (item for relative in family for item in members_of(relative).items())
    return [m for n, m in members if (n in words or n[:2] == "__") and not is_a(m, type)]
