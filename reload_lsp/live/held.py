"""Small facts about what edits cannot reach, or would drop: closures and suspended frames by code, cached results.

As in `facts`: no user code runs, and the heap is looked at only where reference counts say that there is something to find,
and where that is affordable. Names of functions are qualified (`outer.<locals>.inner`).
"""

from __future__ import annotations

import sys
from types import CodeType, FunctionType

from ..source.codes import qualified
from .audit import tasks_by_coroutine
from .cached import cached_properties, states_holding
from .emptied import is_filled
from .facts import Name, functions_named, is_affordable
from .heap import Survey, survey
from .kinds import behind, is_a
from .modules import Modules
from .reach import getattr_raw
from .values import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


def holders(modules: Modules, names: Sequence[Name], budget_ms: float) -> Iterator[tuple[str, str, int, list[str]]]:
    """Who holds the code of each function: how many functions, and each suspended frame by its task's name ("": no task).

    A function of which that cannot be told within the budget is left out.
    """
    codes = _codes(modules, names)
    functions = {n: [f for f in functions_named(modules, *_outermost(n)) if f.__code__ is codes[n]] for n in codes}
    references = _references(codes)
    searched = {n: code for n, code in codes.items() if references[n] > len(functions[n])}
    if searched and not is_affordable(budget_ms):
        codes = {n: code for n, code in codes.items() if n not in searched}
        searched = {}
    heap = survey(searched.values(), ()) if searched else Survey()
    tasks = tasks_by_coroutine([generator for generator, _ in heap.suspended])
    for name, code in codes.items():
        found = [f for f in heap.functions if f.__code__ is code] if name in searched else functions[name]
        yield *name, len(found), [tasks.get(id(g), "") for g, c in heap.suspended if c is code]


def _codes(modules: Modules, names: Sequence[Name]) -> dict[Name, CodeType]:
    found: dict[Name, CodeType] = {}
    for module in dict.fromkeys(module for module, _ in names):
        loaded = modules.named(module)
        if loaded is not None and loaded.code is not None:
            wanted = {name for other, name in names if other == module}
            found.update({(module, name): code for name, code in qualified(loaded.code) if name in wanted})
    return found


def _outermost(name: Name) -> Name:
    """The function or method in which a function stands."""
    return name[0], name[1].partition(".<locals>")[0]


def _references(codes: dict[Name, CodeType]) -> dict[Name, int]:
    """References to each code beyond its parent's and those that looking at it makes."""
    return {name: count - _SPARE for name, count in _counted(codes).items()}


def _counted(codes: dict[Name, CodeType]) -> dict[Name, int]:
    return {name: sys.getrefcount(code) for name, code in codes.items()}


def _spare() -> int:
    """What the code of a function that nobody has made yet has."""
    outer = compile("def f(): pass", "<calibration>", "exec")
    return next(iter(_counted({("", name): code for name, code in qualified(outer)}).values()))


_SPARE = _spare()


def cached(modules: Modules, names: Sequence[Name], budget_ms: float) -> Iterator[tuple[str, str, int, bool]]:
    """How many results the cache of each function or method holds, and whether they are kept: not data alone."""
    for module, name in names:
        loaded = modules.named(module)
        if loaded is None:
            continue
        first, _, attribute = name.partition(".")
        value: Any = loaded.ns.get(first)
        if attribute and is_a(value, type):
            yield from _of_member(module, value, name, attribute, budget_ms)
        elif not attribute and is_filled(behind(value)):
            yield module, name, behind(value).cache_info().currsize, False


def _of_member(
    module: str, cls: type, name: str, attribute: str, budget_ms: float
) -> Iterator[tuple[str, str, int, bool]]:
    member = behind(cls.__dict__.get(attribute))
    if is_filled(member):
        yield module, name, member.cache_info().currsize, False
    properties = {getattr_raw(p, "func").__name__: n for n, p in cached_properties(cls) if _is_function(p)}
    if attribute in properties and is_affordable(budget_ms):
        states = states_holding(cls, {properties[attribute]})[properties[attribute]]
        if states:
            yield module, name, len(states), not all(plain(state[properties[attribute]]) for state in states)


def _is_function(prop: Any) -> bool:
    return is_a(getattr_raw(prop, "func"), FunctionType)
