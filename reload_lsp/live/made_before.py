"""Objects keep what their class gave them when they were made: said where an edit gives new objects something else."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

from ..findings.values import Count, Range
from .batch import Batch
from .heap import Survey
from .kinds import is_a
from .makers import Maker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_REMEMBERED = 10_000  # objects of a class, by what made them
_ENOUGH = 50_000  # objects; a count is too high rather than a save slow


def say_made_before(batch: Batch, makers: dict[type, Maker], heap: Survey) -> None:
    """Say of how many live objects. Those that the batch made, or that a held statement holds, are said there."""
    known = accounted(batch) if makers else set[int]()
    lacking = {f.data.get("class") for f in batch.findings.items if f.code == "RLD106"}
    told: dict[Maker, dict[type, int]] = {}
    for cls, maker in makers.items():
        told_there = known | (_named(batch) if maker.by_place else set[int]())
        count = _made_otherwise(batch, cls, maker, [o for o in heap.instances.get(cls, ()) if id(o) not in told_there])
        if count and cls.__qualname__ not in lacking and not hasattr(cls, "__reload_instance__"):
            told.setdefault(maker, {})[cls] = count
    for maker, counts in told.items():
        _say(batch, maker, counts, heap.exact)


def _say(batch: Batch, maker: Maker, counts: dict[type, int], exact: bool) -> None:
    total = sum(counts.values())
    who = " and ".join(f"{n} live {cls.__qualname__}" for cls, n in counts.items())
    batch.findings.say(
        "RLD109",
        f"{who} object{'s were' if total > 1 else ' was'} made by {maker.what} as it was before this edit, and "
        f"{'keep' if total > 1 else 'keeps'} what it gave. Make {'them' if total > 1 else 'it'} again where that matters.",
        maker.path,
        Range.of(maker.line, 0, maker.line, 200),
        count=Count(total, exact),
        data={"class": next(iter(counts)).__qualname__, "fixes": [{"kind": "restart"}]},
    )


def _made_otherwise(batch: Batch, cls: type, maker: Maker, objects: list[Any]) -> int:
    """How many of the objects were not made by what the maker is now; an edit that is taken back makes them right."""
    if len(objects) > _REMEMBERED:
        return len(objects)
    made = batch.modules.made
    earlier = made.get((cls.__module__, cls.__qualname__, maker.what), {})
    by = {id(o): earlier.get(id(o), maker.before) for o in objects}
    made[cls.__module__, cls.__qualname__, maker.what] = by
    return sum(text != maker.after for text in by.values())


def accounted(batch: Batch) -> set[int]:
    """The objects that statements of this batch made or held, and those that it took out of their names."""
    changed = [c for c in batch.changes.values() if c.product.kind in ("identity", "content")]
    values: list[Any] = [v for c in changed for v in (c.before, c.after)]
    for (name, index), step in batch.steps.items():
        module = batch.modules.named(name)
        if module is not None and step.ending in ("ran", "held"):
            values += [module.ns.get(n) for n in batch.view_of(module).names(index).binds]
    return _reached(values)


def _named(batch: Batch) -> set[int]:
    """What the names of modules stand for: the statements that bind them tell how it was made."""
    return {id(value) for module in batch.modules.all() for value in list(module.ns.values())}


def _reached(values: list[Any]) -> set[int]:
    """What containers and objects hold, at any depth; not through modules, classes and functions."""
    seen: set[int] = set()
    while values and len(seen) < _ENOUGH:
        value = values.pop()
        if id(value) not in seen and not is_a(value, (ModuleType, type, FunctionType)):
            seen.add(id(value))
            values += gc.get_referents(value)
    return seen
