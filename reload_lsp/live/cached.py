"""Results that the old code computed and that caches hold: dropped and said, or kept, said, and dropped when asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from functools import cached_property
from types import FunctionType

from ..findings.values import Count, Ending, Outcome, Range
from .batch import Batch
from .cache_roots import Key, caches_in, functions_behind
from .classes import members_of
from .emptied import is_cache, is_filled
from .heap import subclasses, survey
from .kinds import behind, is_a, kind_of
from .lingering import name_of
from .loaded import LoadedModule
from .modules import Modules
from .reach import functions_of, getattr_raw
from .rebind import Split
from .requests import Place, ReloadError
from .values import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def empty_caches(batch: Batch) -> None:
    """Before anything runs: empty the `lru_cache`s of edited modules whose functions act otherwise now."""
    changed = {id(s.function) for s in batch.swapped if s.pair.own}
    for edit in batch.edits if changed else ():
        for value in list(edit.module.ns.values()):
            if kind_of(value) is FunctionType:
                continue
            for member in list(value.__dict__.values()) if is_a(value, type) else (value,):
                cache = behind(member)
                if is_cache(cache) and not changed.isdisjoint(map(id, _within(cache))):
                    batch.emptied.empty(cache)


def empty_first_filled(modules: Modules, started: Collection[Key]) -> None:
    """A batch is taken back: empty the caches whose functions had never started before it."""
    caches = (c for m in modules.all() for c in m.caches(caches_in) if is_cache(c)) if started else ()
    for cache in caches:
        if any((f.__code__.co_filename, name_of(f.__code__)) in started for f in functions_behind(cache)):
            cache.cache_clear()


def empty_methods(batch: Batch, cls: type, names: Set[str]) -> None:
    """Empty the `lru_cache`s around the methods `names` of a class and its relatives: they act otherwise now."""
    for relative in _family(cls):
        members = members_of(relative)
        for name in names & members.keys():
            batch.emptied.empty(behind(members[name]))


def settle_caches(batch: Batch) -> None:
    """After a batch: say what `lru_cache`s held of functions that act otherwise now; what `cached_property` holds goes, too."""
    for cache, count in batch.emptied:
        for function in _within(cache)[:1]:
            _say(batch, function.__code__.co_filename, function, _dropped(count, function), count)
    changed = {id(s.function) for s in batch.swapped if s.pair.own}
    for edit in batch.edits if changed else ():
        for value in [v for v in edit.module.ns.values() if is_a(v, type)]:
            edited = {n for n, m in cached_properties(value) if id(getattr_raw(m, "func")) in changed}
            if edited:
                drop_attributes(batch, edit.module, value, edited)


def _within(cache: Any) -> list[FunctionType]:
    """The functions behind a cache, outermost first."""
    return list(functions_of([getattr(cache, "__wrapped__", None)], ""))


def drop_attributes(batch: Batch, module: LoadedModule, cls: type, names: Collection[str]) -> None:
    """What objects keep of the `cached_property` members `names`, which act otherwise now.

    Plain values are computed again when they are next asked for; of others nobody knows what they stand for.
    """
    edited = {n: m for relative in _family(cls) for n, m in cached_properties(relative) if n in names}
    if not edited:
        return
    holding = states_holding(cls, set(edited))
    for name, states in holding.items():
        held = getattr_raw(edited[name], "func")
        function = held if is_a(held, FunctionType) else next(iter(functions_of([edited[name]], "")), None)
        if not is_a(function, FunctionType) or not states:
            continue
        count = len(states)
        if all(plain(state[name]) for state in states):
            for state in states:
                batch.journal.record(state.__setitem__, name, state.pop(name))
            text = _dropped(count, function)
            _say(batch, _path(module, function), function, text, count)
        else:
            whose = "object keeps" if count == 1 else "objects keep"
            text = f"{count} live {cls.__qualname__} {whose} the {name} that the old code made"
            _say(batch, _path(module, function), function, text, count, kept=True)


def _family(cls: type) -> tuple[type, ...]:
    """A class, its bases and its subclasses: what one of them keeps may be made by methods of another."""
    return (*reversed(type.__dict__["__mro__"].__get__(cls)), *subclasses(cls))


def _path(module: LoadedModule, function: FunctionType) -> str:
    """The file of a function; names of code may be relative, or of a template."""
    return module.path if function.__globals__ is module.ns else function.__code__.co_filename


def cached_properties(cls: type) -> Iterator[tuple[str, Any]]:
    """The `cached_property` members of a class, by the attribute that holds the value."""
    for name, member in list(cls.__dict__.items()):
        if is_a(member, cached_property):
            yield str(getattr_raw(member, "attrname") or name), member
        elif _keeps_its_result(member, name):
            yield name, member


def _keeps_its_result(member: Any, name: str) -> bool:
    """Whether a descriptor is a `cached_property` of another kind: made of the function of this name, it gives way to the result.

    Others that give way to an attribute of the object (a field of a model that is not loaded yet) hold no result.
    """
    kind = kind_of(member)
    if hasattr(kind, "__set__") or hasattr(kind, "__delete__") or is_a(member, (FunctionType, type)):
        return False
    parts: Any = getattr_raw(member, "__dict__") or {}
    own = is_a(kind.__dict__.get("__get__"), FunctionType) and kind_of(parts) is dict
    return own and any(is_a(v, FunctionType) and v.__name__ == name for v in parts.values())


def states_holding(cls: type, names: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The attributes of the live objects that hold a cached value, by its name."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for instance in survey((), [cls]).instances.get(cls, ()):
        state = getattr_raw(instance, "__dict__")
        if kind_of(state) is dict:
            for name in names & state.keys():
                found[name].append(state)
    return found


def _dropped(count: int, function: FunctionType) -> str:
    what = "cached result" if count == 1 else "cached results"
    were, are = ("was", "is") if count == 1 else ("were", "are")
    return f"{count} {what} of {function.__qualname__} {were} made by the old code and {are} dropped"


def _say(batch: Batch, path: str, function: FunctionType, what: str, count: int, *, kept: bool = False) -> None:
    line = function.__code__.co_firstlineno - 1
    batch.findings.say(
        "RLD601",
        f"{what}. Clear them, or keep what they hold." if kept else f"{what}; the next calls compute them again.",
        path,
        Range.of(line, 0, line, 200),
        severity="warning" if kept else None,
        verdict="stale" if kept else None,
        count=Count(count),
        data={"fixes": [{"kind": "clear-caches"}]} if kept else None,
    )


class ClearCaches:
    """By command: drops all that the caches of some statements' functions and classes hold."""

    ending: Ending = "ran"
    why = "its caches were cleared"
    final = False

    def __init__(self, modules: Modules, generation: int, places: Sequence[Place]) -> None:
        self.modules = modules
        self.batch = Batch(modules, (), generation)
        self.places = places
        self.done: list[str] = []
        self.splits: list[Split] = []

    def run(self) -> Outcome:
        """Drop them; ReloadError where a place has no caches."""
        for place in self.places:
            values = [(m, v) for m in self.modules.at(place.path) for v in self._made_at(m, place.line)]
            if not sum(_cleared(value) for _, value in values):
                raise ReloadError(f"there is no cache with anything in it on line {place.line + 1} of {place.path}")
            self.done += [module.name for module, _ in values]
        return "applied"

    def _made_at(self, module: LoadedModule, line: int) -> list[Any]:
        names = {s.name for s in module.statements() if s.line <= line <= s.end_line and s.name}
        return [module.ns[name] for name in names if name in module.ns]


def _cleared(value: Any) -> int:
    """Clear every cache of a function or class; how many values that were."""
    members = list(value.__dict__.values()) if is_a(value, type) else [value]
    caches = [cache for cache in map(behind, members) if is_filled(cache)]
    count = sum(cache.cache_info().currsize for cache in caches)
    for cache in caches:
        cache.cache_clear()
    if is_a(value, type):
        for name, states in states_holding(value, {n for n, _ in cached_properties(value)}).items():
            count += len(states)
            for state in states:
                state.pop(name, None)
    return count
