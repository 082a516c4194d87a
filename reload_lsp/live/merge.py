"""An old value and the one its statement makes now: patched in place where that is sound."""

from __future__ import annotations

import ast
import functools
import sys
from types import FunctionType, MappingProxyType, MethodType, ModuleType, SimpleNamespace
from weakref import ref

from ..source.codes import walk
from ..source.statement import parse
from .batch import Batch
from .classes import CannotMerge, ClassMerge, members_of
from .decorations import forget
from .dirty import Dirty
from .discard import leave_bases
from .enums import is_enum
from .functions import become, forward, is_forwarder
from .given import is_given
from .gone_members import GoneMembers
from .journal import MISSING
from .kinds import is_a, kind_of
from .product import ProductKind
from .reach import functions_of, getattr_raw
from .values import CONTAINERS, IMMUTABLE, holds, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Merged = tuple["Any", "ProductKind | None"]


def merged(batch: Batch, dirty: Dirty, before: Any, after: Any) -> Merged:
    """What is bound from now on, and how it differs for its readers (None: not at all)."""
    if before is MISSING:
        return after, "added"
    if same(before, after):
        return before, None
    kind = kind_of(before)
    if kind is FunctionType and type(after) is FunctionType and _twins(dirty, before, after):
        return _functions(batch, before, after)
    if is_a(before, type) and is_a(after, type) and _same_class(dirty, before, after):
        return _classes(batch, before, after)
    if kind in CONTAINERS and type(after) is kind and _made_by(dirty) and not _is_item(dirty, after):
        batch.journal.replace_content(before, after)
        return before, "content"
    if kind is SimpleNamespace and type(after) is kind and _made_by(dirty):
        batch.journal.replace_content(before.__dict__, after.__dict__)
        return before, "content"
    if dirty.statement.kind == "function" and _transplantable(before, after):
        emptier = _holds_less(before, after)
        transplant(batch, before, after)
        return before, "content" if emptier else None
    users = _made_by(dirty) and batch.modules.named(kind.__module__) is not None
    if dirty.statement.kind == "bind" and users and _transplantable(before, after) and _is_new(batch, dirty, after):
        transplant(batch, before, after)
        return before, "content"
    if kind is _PARTIAL and type(after) is kind and _made_by(dirty) and _is_new(batch, dirty, after):
        return _partials(batch, before, after)
    if not is_a(before, type) and batch.adapting.merge(before, after):
        return before, "content"
    if (
        is_a(before, FunctionType)
        and callable(after)
        and dirty.statement.kind in ("function", "class", "bind", "import")
    ):
        _hand_over(batch, dirty, before, after)
    return after, "identity"


def _is_new(batch: Batch, dirty: Dirty, value: Any) -> bool:
    """Whether a statement made an object, and did not pick one that others have."""
    return sys.getrefcount(value) <= _FRESH + _CALL and not is_given(batch, dirty, value)


def _made_by(dirty: Dirty) -> bool:
    """Whether the old value is this statement's own, not one that it took from elsewhere under another name."""
    old = dirty.view.old(dirty.index)
    if old is None or old.kind == "import":
        return False
    value = getattr(parse(old), "value", None)
    return not isinstance(value, (ast.Name, ast.Attribute))


def _is_item(dirty: Dirty, value: Any) -> bool:
    """Whether a statement took a value out of a container of its module: `b = table["b"]`."""
    node = getattr(parse(dirty.statement), "value", None) if dirty.statement.kind == "bind" else None
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and holds(dirty.view.ns.get(node.id), value)


def _twins(dirty: Dirty, before: FunctionType, after: FunctionType) -> bool:
    """Whether both functions were made by this statement, so that the old one may become the new one."""
    own = {id(c) for top in dirty.view.codes(dirty.index) for c in walk(top)}
    if id(after.__code__) in own:
        return id(before.__code__) in own or before in dirty.revived
    if _wraps(before, own) and _wraps(after, own):
        return True
    fresh = dirty.statement.kind == "function" or sys.getrefcount(after) <= _FRESH
    return before.__code__ is after.__code__ and fresh


def _wraps(value: Any, own: set[int]) -> bool:
    """Whether a function was wrapped around one of the statement's own."""
    for _ in range(20):
        if not is_a(value, FunctionType):
            return False
        if id(value.__code__) in own:
            return True
        value = value.__dict__.get("__wrapped__")
    return False


_FRESH = 8
_CALL = 1 if sys.version_info >= (3, 11) else 2  # 3.10 keeps what it hands over on the caller's stack as well
_PARTIAL: Any = functools.partial


def _hand_over(batch: Batch, dirty: Dirty, before: FunctionType, after: Any) -> None:
    """Holders of a function that became another kind of thing call that thing; it comes back if the kind does."""
    own = {id(c) for top in dirty.view.codes(dirty.index) for c in walk(top)}
    old = dirty.view.old(dirty.index)
    line = before.__code__.co_firstlineno - 1
    stood_there = old is not None and old.line <= line <= old.end_line
    if dirty.statement.kind == "import":  # it moved to another module
        stood_there = any(v is dirty.view and s.line <= line <= s.end_line for v, s in batch.removed)
    wrapper = dirty.statement.kind == "function" and before is not after and _is_around(before, own)
    if wrapper and is_a(after, FunctionType):
        batch.journal.replace_content(before.__dict__, dict(after.__dict__))
    if wrapper or (before.__globals__ is dirty.view.ns and (id(before.__code__) in own or stood_there)):
        forward(before, after, batch.journal)
    if not wrapper and is_forwarder(before.__code__):
        dirty.view.module.bury(dirty.statement.name or before.__name__, before)


def _partials(batch: Batch, before: Any, after: Any) -> Merged:
    """Holders of a `functools.partial` call with its new arguments."""
    batch.journal.record(before.__setstate__, before.__reduce__()[2])
    before.__setstate__(after.__reduce__()[2])
    return before, "code"


def _is_around(value: FunctionType, own: set[int]) -> bool:
    """Whether the decorators of a definition have made a function for it alone, around its own."""
    return id(value.__code__) not in own and any(id(f.__code__) in own for f in functions_of([value], ""))


def _functions(batch: Batch, before: FunctionType, after: FunctionType) -> Merged:
    merge = class_merge(batch)
    if become(before, after, batch.journal, merge.merged):
        forget(batch, before, after)
        batch.discards.append((after, before))
        return before, "code"
    forward(before, after, batch.journal)
    return after, "identity"


def _same_class(dirty: Dirty, before: type, after: type) -> bool:
    """Whether a block or decorator made a class of this module again."""
    module = dirty.view.ns.get("__name__")
    return before.__module__ == after.__module__ == module and before.__qualname__ == after.__qualname__


def _classes(batch: Batch, before: type, after: type) -> Merged:
    mark = batch.journal.mark()
    try:
        class_merge(batch).merge(before, after, (), members_of(before))
    except CannotMerge:
        batch.journal.rollback(mark)
        return after, "identity"
    return before, "content"


def class_merge(batch: Batch) -> ClassMerge:
    """A class merge that reports to this batch."""
    return ClassMerge(batch.journal, _Discard(batch).pair, _Bases(batch).current, batch.abstract, GoneMembers(batch).of)


class _Discard:
    __slots__ = ("batch",)

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def pair(self, new: Any, old: Any) -> None:
        self.batch.discards.append((new, old))
        if is_a(new, FunctionType):
            forget(self.batch, old, new)
        if is_a(new, type):
            self.batch.class_pairs[id(new)] = old
            if not leave_bases(new):  # statements that run in this batch may ask them for their subclasses
                self.batch.stuck.append(ref(new))


class _Bases:
    __slots__ = ("batch",)

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def current(self, base: type) -> type:
        return self.batch.class_pairs.get(id(base), base)


_OPAQUE = (ModuleType, MethodType, MappingProxyType, type)


def _transplantable(before: Any, after: Any) -> bool:
    """Whether the whole state of an object is in its `__dict__`, so that it can be moved into its predecessor."""
    kind = kind_of(before)
    if kind is not type(after) or is_a(before, (*_OPAQUE, *IMMUTABLE)) or is_enum(kind):
        return False  # members of an Enum are known by their identity: `F.A | F.B` is one, too
    return kind.__flags__ & _HEAP_TYPE != 0 and type(getattr_raw(before, "__dict__")) is dict and _no_slots(kind)


_HEAP_TYPE = 1 << 9


def _holds_less(before: Any, after: Any) -> bool:
    """Whether others have given the object something since it was made: a group its commands, a command its error handler."""
    old, new = getattr_raw(before, "__dict__"), getattr_raw(after, "__dict__")
    if any(kind_of(v) is FunctionType and new.get(n) is None for n, v in old.items()):
        return True
    kinds = {n: kind_of(v) for n, v in old.items()}
    return any(k in CONTAINERS and kind_of(new.get(n)) is k and old[n] and not new[n] for n, k in kinds.items())


def _no_slots(kind: type) -> bool:
    plain = kind.__basicsize__ - object.__basicsize__ <= _DICT_AND_WEAKREFS
    return plain and all(not c.__dict__.get("__slots__") for c in kind.__mro__[:-1])


_DICT_AND_WEAKREFS = object.__basicsize__  # more than that is state of a class written in C


# Packages give their public objects another `__module__` after the fact: that is not the statement's to take back.
_SET_FROM_OUTSIDE = frozenset(("__module__", "__name__", "__qualname__"))


def transplant(batch: Batch, before: Any, after: Any) -> None:
    """Move the state of a rebuilt object (a command, a route) into the old one, which everybody already holds."""
    merge = class_merge(batch)
    state: dict[str, Any] = {n: v for n, v in before.__dict__.items() if n in _SET_FROM_OUTSIDE}
    for name, value in after.__dict__.items():
        old = before.__dict__.get(name, MISSING)
        if name in state:
            continue
        state[name] = value if old is MISSING else merge.merged(old, value)
    batch.journal.replace_content(before.__dict__, state)
    batch.discards.append((after, before))
