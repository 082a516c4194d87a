"""New twins of patched objects, made only to be merged: replaced by the old ones wherever somebody took them up."""

from __future__ import annotations

import functools
import gc
import sys
from types import CellType, FrameType, FunctionType, MemberDescriptorType, ModuleType
from weakref import getweakrefs

from ..findings.values import Range
from .batch import Batch
from .dirty import Dirty
from .heap import holders
from .journal import MISSING
from .kinds import behind, is_a, kind_of, pairs_of, row_like, row_of
from .reach import getattr_raw
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def settle_discards(batch: Batch) -> None:
    """New twins of patched objects that a registry took up are replaced by the old ones, without duplicates."""
    pairs = [(n, o) for n, o in batch.discards if n is not o]
    batch.discards.clear()
    for new, old in pairs:
        if is_a(new, FunctionType) and getweakrefs(new):
            batch.adapting.reconnect(new, old)
            if getweakrefs(new) and _is_decorated(batch, old) and not _is_known_alike(new, old):
                _say_lost(batch, old)
    batch.leftovers.twins(pairs)
    for new, old in pairs:
        if is_a(new, type):
            _forget_cached(old)
    new = old = None  # the last of them has no holder more than the others
    targets = [n for n, _ in pairs if is_a(n, type) or sys.getrefcount(n) > _UNHELD]
    if not targets:
        return
    old_of = {id(n): o for n, o in pairs}
    found = holders(targets, [pairs, *pairs])
    for holder in found:
        put_in_place(batch, holder, old_of)
    _in_rows(batch, [h for h in found if is_a(h, tuple)], old_of)
    batch.made_classes |= any(is_a(t, type) for t in targets)


def _is_decorated(batch: Batch, function: FunctionType) -> bool:
    """Whether a function of a module's top level stands under decorators now."""
    module = batch.modules.of_namespace(function.__globals__)
    line = function.__code__.co_firstlineno - 1
    statements = batch.view_of(module).statements if module is not None else ()
    return any(s.line <= line <= s.end_line and s.text.lstrip()[:1] == "@" for s in statements)


def _is_known_alike(new: FunctionType, old: FunctionType) -> bool:
    """Whether all who hold the twin weakly have the old function beside it, with the same to say of it."""
    weak = getweakrefs(old)
    held = [(r, h) for r in getweakrefs(new) for h in gc.get_referrers(r) if kind_of(h) in (dict, set)]
    if held and all(kind_of(h) is dict and r in h and kind_of(h[r]) in (bool, type(None)) for r, h in held):
        return True  # what is known of a function, yes or no, is no registration
    if not held or not weak:
        return False
    return all(any(r in h and w in h and (kind_of(h) is set or same(h[w], h[r])) for w in weak) for r, h in held)


def _say_lost(batch: Batch, function: FunctionType) -> None:
    """Whoever took up the twin holds it weakly, and will find nothing there."""
    line = function.__code__.co_firstlineno - 1
    batch.findings.say(
        "RLD307",
        f"{function.__name__} was registered again with something that holds it weakly: what it registered before this edit is "
        "still in force, and the new registration is not. Restart the process to have it.",
        function.__code__.co_filename,
        Range.of(line, 0, line, 200),
        verdict="applied-risk",
        data={"fixes": [{"kind": "restart"}]},
    )


_UNHELD = 3 if sys.version_info < (3, 14) else 2  # since 3.14 calls borrow the references of variables


def leave_bases(cls: type) -> bool:
    """Have the bases of a class forget it; False where its memory layout keeps it there until it is collected."""
    try:
        cls.__bases__ = (_Discarded,)
    except TypeError:
        return False
    return True


def _forget_cached(cls: type) -> None:
    """`lru_cache` methods that were called while the twin was made hold it by its arguments."""
    for base in cls.__mro__:
        for member in list(base.__dict__.values()):
            inner = behind(member)
            if is_a(inner, functools._lru_cache_wrapper):
                inner.cache_clear()


class _Discarded:
    """The base of classes that were made only to be merged: their own bases forget them at once."""


def put_in_place(batch: Batch, holder: Any, old_of: dict[int, Any]) -> None:
    """Put others in the place of some objects (by id) in a container or an object's attributes, without duplicates."""
    kind = kind_of(holder)
    if id(kind) in old_of:
        _of_class_that_lives(batch, holder, old_of[id(kind)])
    elif kind is list:
        _in_list(batch, holder, old_of)
    elif kind is dict:
        _in_dict(batch, holder, old_of)
    elif kind is set:
        batch.journal.replace_content(holder, {old_of.get(id(x), x) for x in holder})
    elif kind not in _INTERNAL and not is_a(holder, type):
        _in_instance(batch, holder, old_of)


def _of_class_that_lives(batch: Batch, value: Any, cls: type) -> None:
    """A decorator or base made an object of a class that was made only to be merged: `ITEMS.append(cls())`."""
    before = kind_of(value)
    try:
        value.__class__ = cls
    except TypeError:  # its base could not be let go of either, so it works as it is
        return
    batch.journal.record(setattr, value, "__class__", before)


_INTERNAL = frozenset(
    (tuple, CellType, FrameType, FunctionType, property, staticmethod, classmethod, ModuleType, Dirty)
)


def _in_rows(batch: Batch, rows: list[Any], old_of: dict[int, Any]) -> None:
    """Tuples in lists and tables, `PLUGINS.append((priority, function))`: others like them take their places."""
    others: dict[int, Any] = {id(r): row_like(r, [old_of.get(id(x), x) for x in row_of(r)]) for r in rows}
    for holder in holders(rows, [others, *others.values()]) if rows else ():
        if kind_of(holder) is list:
            batch.journal.replace_content(holder, [others.get(id(x), x) for x in holder])
        elif is_a(holder, dict):
            for key, row in [(k, v) for k, v in pairs_of(holder) if id(v) in others]:
                batch.journal.set_item(holder, key, others[id(row)])  # pyright: ignore[reportUnknownArgumentType]


def _in_list(batch: Batch, items: list[Any], old_of: dict[int, Any]) -> None:
    if any(type(x) is tuple and len(x) == 2 and id(x[0]) in old_of for x in items):  # pyright: ignore[reportUnknownArgumentType]
        return
    present = {id(x) for x in items}
    content: list[Any] = []
    for item in items:
        old = old_of.get(id(item), MISSING)
        if old is MISSING:
            content.append(item)
        elif id(old) not in present:
            content.append(old)
    batch.journal.replace_content(items, content)


def _in_dict(batch: Batch, table: dict[Any, Any], old_of: dict[int, Any]) -> None:
    for key, value in list(table.items()):
        if id(value) in old_of:
            batch.journal.set_item(table, key, old_of[id(value)])
        if id(key) in old_of:
            moved = table[key]
            batch.journal.del_item(table, key)
            batch.journal.set_item(table, old_of[id(key)], moved)


def _in_instance(batch: Batch, holder: Any, old_of: dict[int, Any]) -> None:
    state = getattr_raw(holder, "__dict__")
    if type(state) is dict:
        for key, value in list(state.items()):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]
            if id(value) in old_of:  # pyright: ignore[reportUnknownArgumentType]
                batch.journal.set_item(state, key, old_of[id(value)])  # pyright: ignore[reportUnknownArgumentType]
    for cls in type.__dict__["__mro__"].__get__(kind_of(holder)):
        for name, slot in list(cls.__dict__.items()) if "__slots__" in cls.__dict__ else ():
            if is_a(slot, MemberDescriptorType):
                _in_slot(batch, holder, name, slot, old_of)


def _in_slot(batch: Batch, holder: Any, name: str, slot: Any, old_of: dict[int, Any]) -> None:
    """Through the slot itself: types of extension modules take no `object.__setattr__`."""
    value = getattr_raw(holder, name)
    if id(value) in old_of:
        slot.__set__(holder, old_of[id(value)])
        batch.journal.record(slot.__set__, holder, value)
