"""The first act of a batch: all changed codes are swapped before anything runs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from types import CellType, CodeType, FunctionType

from ..source.codes import CodePair, walk
from .batch import Batch
from .by_name import at_qualname
from .edit import ModuleEdit
from .functions import Swap, docstring, forward, rebuilt, swap_all
from .heap import Survey, survey
from .held_codes import replace_codes
from .kinds import is_a, kind_of
from .reach import functions_of
from .replaced_code import swaps_of_rewritten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .steps import Steps


def swap_codes(batch: Batch, steps: Steps) -> Survey | None:
    """Patch every live function whose code changed; returns the heap survey where one was needed."""
    pairs = {id(p.old): p for e in batch.edits for p in e.codes}
    if not pairs:
        steps.enter("swap")
        return None
    found = _reachable(batch.edits, pairs)
    seen = {id(s.function) for s in found}
    missing = _held_elsewhere(pairs, found)
    heap = None
    if missing:
        heap = survey([p.old for p in missing], _edited_classes(batch.edits))
        found.extend(
            Swap(f, pairs[id(f.__code__)]) for f in heap.functions if id(f) not in seen and id(f.__code__) in pairs
        )
        missing = _held_elsewhere({id(p.old): p for p in missing}, found)
    found.extend(swaps_of_rewritten(batch, batch.edits, found))
    if sys.version_info >= (3, 13):
        _first_lines(batch, pairs.values())
    steps.enter("swap")
    odd = swap_all(found, batch.journal)
    batch.swapped.extend(found)
    for swap in odd:
        _reshape(batch, swap)
    if missing:
        replace_codes(batch, missing)
    return heap


def _edited_classes(edits: Sequence[ModuleEdit]) -> list[type]:
    """The classes with another text: what their objects lack is asked later, and there is to be one look at the heap."""
    found: list[type] = []
    for edit in edits:
        for new, before in zip(edit.new, edit.pairing.old_of, strict=True):
            if new.kind == "class" and before is not None and edit.old[before].text != new.text:
                value = edit.module.ns.get(new.name)
                found += [value] if is_a(value, type) else []
    return found


def _first_lines(batch: Batch, pairs: Iterable[CodePair]) -> None:
    """Since 3.13 a class knows its own first line, where `inspect` looks for its source."""
    from .classes import set_member

    spaces = {e.module.filename: e.module.ns for e in batch.edits}
    for pair in pairs:
        if pair.old.co_flags & _OPTIMIZED or pair.old.co_firstlineno == pair.new.co_firstlineno:
            continue
        value = at_qualname(spaces.get(pair.old.co_filename, {}), getattr(pair.old, "co_qualname", ""))
        if is_a(value, type) and value.__dict__.get("__firstlineno__") == pair.old.co_firstlineno:
            set_member(value, "__firstlineno__", pair.new.co_firstlineno, batch.journal)


_OPTIMIZED = 0x1


def _reachable(edits: Sequence[ModuleEdit], pairs: dict[int, CodePair]) -> list[Swap]:
    found: dict[int, Swap] = {}
    for edit in edits:
        names = [*edit.module.ns.values(), *edit.module.buried().values()]
        for function in functions_of(names, edit.module.path):
            pair = pairs.get(id(function.__code__))
            if pair is not None:
                found[id(function)] = Swap(function, pair)
    return list(found.values())


def _held_elsewhere(pairs: dict[int, CodePair], found: Iterable[Swap]) -> list[CodePair]:
    """The pairs whose old code has more holders than the functions found: closures, frames, forgotten functions."""
    known: dict[int, int] = {}
    for swap in found:
        key = id(swap.pair.old)
        known[key] = known.get(key, 0) + 1
    return [p for p in pairs.values() if sys.getrefcount(p.old) - _BASE > known.get(id(p.old), 0)]


def _calibrate() -> int:
    """References to a code that nobody runs: its parent's constants and one pair."""
    scope: dict[str, Any] = {}
    outer = compile("def f():\n def g(): pass\n return g\n", "<calibration>", "exec")
    code = next(c for c in outer.co_consts if type(c) is CodeType)
    inner = CodePair(next(c for c in code.co_consts if type(c) is CodeType), code, True)
    del scope
    return max(sys.getrefcount(p.old) for p in [inner])


_BASE = _calibrate()


def _reshape(batch: Batch, swap: Swap) -> None:
    """The free variables differ: the old function forwards to one that is built over its cells."""
    old: Any = swap.function
    extra = _class_cell(old)
    new = rebuilt(old, swap.pair.new, extra)
    if new is None:
        _uncaptured(batch, swap)
        return
    new.__doc__ = docstring(swap.pair.new)
    _replace_in_class(batch, old, new)
    forward(old, new, batch.journal)


def _class_cell(function: FunctionType) -> dict[str, CellType]:
    cls = _owner(function)
    return {"__class__": CellType(cls)} if cls is not None else {}


def _owner(function: FunctionType) -> type | None:
    value: Any = function.__globals__
    parts = function.__qualname__.split(".")[:-1]
    for index, part in enumerate(parts):
        if part == "<locals>":
            return None
        table = value if index == 0 else getattr(value, "__dict__", {})
        value = table.get(part)
        if value is None:
            return None
    return value if is_a(value, type) else None


def _replace_in_class(batch: Batch, old: FunctionType, new: FunctionType) -> None:
    from .classes import members_of, set_member

    cls = _owner(old)
    if cls is None:
        if old.__globals__.get(old.__name__) is old:
            batch.journal.set_item(old.__globals__, old.__name__, new)
        return
    for name, value in members_of(cls).items():
        kind = kind_of(value)
        if value is old:
            set_member(cls, name, new, batch.journal)
        elif kind in (staticmethod, classmethod) and value.__func__ is old:
            set_member(cls, name, kind(new), batch.journal)
        elif is_a(value, property) and old in (value.fget, value.fset, value.fdel):
            parts: list[Any] = [new if f is old else f for f in (value.fget, value.fset, value.fdel)]
            set_member(cls, name, property(*parts), batch.journal)


def _uncaptured(batch: Batch, swap: Swap) -> None:
    from ..findings.values import Count, Range

    code = swap.pair.new
    lacking = sorted(set(code.co_freevars) - set(swap.function.__code__.co_freevars))
    if _are_type_parameters(batch, code, lacking):
        return  # the statement that has them is made again
    path = swap.function.__code__.co_filename
    line = code.co_firstlineno - 1
    batch.findings.say(
        "RLD203",
        f"A closure {swap.function.__qualname__} made before this edit still runs its old code: it never captured "
        f"{', '.join(lacking)}. Make it again by calling the function around it.",
        path,
        Range.of(line, 0, line, 1),
        count=Count(1, False),
        data={"fixes": [{"kind": "restart"}]},
    )


def _are_type_parameters(batch: Batch, code: CodeType, names: Sequence[str]) -> bool:
    """Whether names that a function lacks are those in the brackets of a definition around it (PEP 695)."""
    generic = (c for e in batch.edits for c in walk(e.code) if c.co_name.startswith("<generic parameters of "))
    return any(c.co_cellvars and {*names} <= {*c.co_cellvars} and any(x is code for x in walk(c)) for c in generic)
