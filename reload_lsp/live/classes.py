"""Classes merged in place: instances, subclasses, registries and `isinstance` keep the class they know."""

from __future__ import annotations

import abc
import functools
import sys
from collections.abc import Callable, Iterable
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType

from . import lazy_annotations
from .enums import EnumValueFixed, is_enum, merge_members
from .functions import become, forward
from .heap import subclasses
from .journal import MISSING, Journal
from .kinds import is_a, kind_of
from .layout import declared_slots, fixed_by_metaclass, layout_of, slots_of, spelled_slots
from .order import put_members_in_order
from .reach import around_the_same, cell_content, functions_of, stands_elsewhere
from .twins import substitute
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SKIPPED = frozenset(("__dict__", "__weakref__", "__module__", "_abc_impl", "__slots__", "__qualname__"))
_CACHED: Any = functools.cached_property
_SLOTS = (GetSetDescriptorType, MemberDescriptorType)


class CannotMerge(Exception):
    """The old class cannot become the new one; `code` is the finding that says why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def members_of(cls: type) -> dict[str, Any]:
    """A class's own attributes, as they are stored."""
    return dict(type.__dict__["__dict__"].__get__(cls))


class ClassMerge:
    """One merge. `keep` names the members whose live value stays, `known` those that the old text defined.

    `given` are those that other statements gave the class: they stay, too.
    """

    def __init__(
        self,
        journal: Journal,
        discard: Callable[[Any, Any], None],
        bases: Callable[[type], type],
        abstract: list[tuple[type, type]],
        gone: Callable[[type], dict[str, Any]],
    ) -> None:
        self.journal = journal
        self.discard = discard
        self.current_base = bases
        self.abstract = abstract
        self.gone_members = gone
        self.twins: dict[int, Any] = {}
        self.owner: type | None = None  # the class that lives and is merged into

    def merge(self, old: type, new: type, keep: Iterable[str], known: Iterable[str], given: Iterable[str] = ()) -> None:
        """Make `old` what `new` is. Raises CannotMerge before anything is changed."""
        self._check(old, new)
        self.owner = old
        self._bases(old, new)
        self._repoint(old, new)
        settled = self._enum(old, new) if is_enum(old) else set[str]()
        before, after = members_of(old), members_of(new)
        if sys.version_info >= (3, 14):
            lazy_annotations.take_over(old, before, after, self.journal, self.merged)
            settled |= lazy_annotations.STORED
        kept = set(keep)
        self._kept(before, after, kept, new, old)
        names = [n for n, v in after.items() if n not in settled and n not in _SKIPPED and not is_a(v, _SLOTS)]
        for name in sorted(names, key=lambda n: (not is_a(after[n], type), not is_code(after[n]))):
            self._member(old, name, before.get(name, MISSING), after[name], name in kept)
        self._removed(old, before, after, set(known), settled.union(given))
        if before.get("__slots__", MISSING) != after.get("__slots__", MISSING):  # the same, and declared otherwise
            if "__slots__" in after:
                set_member(old, "__slots__", after["__slots__"], self.journal)
            else:
                del_member(old, "__slots__", self.journal)
        if not is_enum(old):
            put_members_in_order(old, list(after), self.journal)
        self.refresh(old)
        self.discard(new, old)

    # checks ----------------------------------------------------------------------------------------------------
    def _check(self, old: type, new: type) -> None:
        if is_enum(old) != is_enum(new):
            raise CannotMerge("RLD105", "it became another kind of class")
        if type(old) is not type(new):
            raise CannotMerge("RLD104", f"its metaclass is {type(old).__name__}, not {type(new).__name__}")
        mine, theirs = layout_of(old), layout_of(new)
        if slots_of(old) != slots_of(new) or (declared_slots(old) != declared_slots(new) and mine != theirs):
            raise CannotMerge("RLD101", f"its slots were {spelled_slots(old)}, not {spelled_slots(new)}")
        fixed = fixed_by_metaclass(old, new)
        if fixed:
            raise CannotMerge("RLD102", f"{type(old).__name__} keeps {fixed} of it where no other can be put")
        shapes: list[Any] = [getattr(c, "_fields", None) for c in (old, new)]
        if issubclass(old, tuple) and shapes[0] != shapes[1]:
            raise CannotMerge("RLD112", "the fields of existing tuples are fixed")
        if mine != theirs:
            raise CannotMerge("RLD102", "its instances have another memory layout")

    def _bases(self, old: type, new: type) -> None:
        wanted = tuple(self.current_base(b) for b in new.__bases__)
        if old.__bases__ == wanted:
            return
        self.journal.record(setattr, old, "__bases__", old.__bases__)
        try:
            old.__bases__ = wanted
        except TypeError as error:
            raise CannotMerge("RLD102", str(error)) from None

    def _enum(self, old: type, new: type) -> set[str]:
        try:
            return merge_members(old, new, self.journal, self.gone_members(old))
        except EnumValueFixed as error:
            raise CannotMerge("RLD110", f"the value of {error} is part of the member itself") from None

    def _kept(self, before: dict[str, Any], after: dict[str, Any], kept: set[str], new: type, old: type) -> None:
        """Members that keep their live value: whatever the new class derived from their twins holds the live ones."""
        self.twins[id(new)] = old
        for name in kept & before.keys() & after.keys():
            if _own_object(after[name]) and after[name] is not before[name]:
                self.twins[id(after[name])] = before[name]

    # members ---------------------------------------------------------------------------------------------------
    def _repoint(self, old: type, new: type) -> None:
        """The `__class__` cell of the new methods means the old class from now on."""
        for function in functions_of(members_of(new).values(), ""):
            annotate: Any = getattr(
                function, "__annotate__", None
            )  # since 3.14, written by `dataclass` for its `__init__`
            cells = [*(function.__closure__ or ()), *(getattr(annotate, "__closure__", None) or ())]
            for cell in cells:
                if cell_content(cell) is new:
                    cell.cell_contents = old

    def _member(self, old: type, name: str, before: Any, after: Any, keep: bool) -> None:
        if not is_code(after):
            after = substitute(after, self.twins)
        if before is MISSING:
            self._set(old, name, after)
            return
        value = before if keep and not is_code(after) else self.merged(before, after)
        if value is before and _own_object(after):
            self.twins[id(after)] = before  # a hook of the class may have put it into a table of its own
        if value is not before:
            self._set(old, name, value)

    def merged(self, before: Any, after: Any) -> Any:
        """What stands for `after` from now on: `before` where it could be patched, else `after`."""
        if before is after or same(before, after, instances=True):
            return before
        kind = kind_of(before)
        if kind is FunctionType and type(after) is FunctionType:
            return self.function(before, after)
        if kind is type(after) and kind in (staticmethod, classmethod):
            inner = self.merged(before.__func__, after.__func__)
            return before if inner is before.__func__ else after
        if kind is property and type(after) is property:
            return self._property(before, after)
        if kind is kind_of(after) and kind is _CACHED:
            return self._documented(before, after) if self.merged(before.func, after.func) is before.func else after
        if is_a(before, type) and is_a(after, type) and _same_definition(before, after):
            self.merge(before, after, (), members_of(before))
            return before
        return after

    def function(self, before: FunctionType, after: FunctionType) -> FunctionType:
        """Patch an old function to be the new one; where its free variables do not fit, it forwards."""
        if before.__name__ != after.__name__ and "<lambda>" not in (before.__name__, after.__name__):
            if around_the_same(before, after):
                forward(before, after, self.journal)
            return after  # `__getitem__ = __getattr__` became a method of its own: the old function is the other's
        if not _same_function(before, after) and (stands_elsewhere(before) or stands_elsewhere(after)):
            if not stands_elsewhere(before, self.owner):
                forward(before, after, self.journal)
            return after  # `run = shared.run`: what the class only took is not its own to change
        for part in ("__defaults__", "__kwdefaults__"):
            values = getattr(after, part)
            if values:
                setattr(after, part, substitute(values, self.twins))
        for name, value in after.__dict__.items():  # `@on(Pressed)` writes down a class that is made in the same body
            after.__dict__[name] = substitute(value, self.twins)
        if become(before, after, self.journal, self.merged):
            self.discard(after, before)
            self.twins[id(after)] = before
            return before
        forward(before, after, self.journal)
        return after

    def _property(self, before: property, after: property) -> property:
        kept = True
        for part in ("fget", "fset", "fdel"):
            mine, theirs = getattr(before, part), getattr(after, part)
            if (mine is None) != (theirs is None):
                kept = False
            if mine is not None and theirs is not None and self.merged(mine, theirs) is not mine:
                kept = False
        return self._documented(before, after) if kept else after

    def _documented(self, before: Any, after: Any) -> Any:
        if before.__doc__ != after.__doc__:
            self.journal.set_plain(before, "__doc__", after.__doc__)
        return before

    def _set(self, old: type, name: str, value: Any) -> None:
        set_member(old, name, value, self.journal)
        hook: Any = getattr(type(value), "__set_name__", None)  # pyright: ignore[reportUnknownArgumentType]
        if hook is not None and not is_a(value, type):
            hook(value, old, name)

    def _removed(
        self, old: type, before: dict[str, Any], after: dict[str, Any], known: set[str], settled: set[str]
    ) -> None:
        for name in before.keys() - after.keys() - settled - _SKIPPED:
            if is_a(before[name], (GetSetDescriptorType, MemberDescriptorType)):
                continue
            if name in known or (name.startswith("__") and name.endswith("__")):
                del_member(old, name, self.journal)

    def refresh(self, cls: type) -> None:
        """Recompute what CPython derives once, at class creation."""
        for current in (cls, *subclasses(cls)):
            if is_a(current, abc.ABCMeta):
                asked: Any = current
                before = asked.__abstractmethods__
                abc.update_abstractmethods(asked)
                if before != asked.__abstractmethods__:
                    self.journal.record(setattr, asked, "__abstractmethods__", before)
                    if not before:
                        self.abstract.append((current, cls))
                asked._abc_caches_clear()


def set_hash(live: type, names: set[str], journal: Journal) -> None:
    """A class with `__eq__` and no `__hash__` has None for it (Language Reference, `object.__hash__`)."""
    if "__hash__" in names:
        return
    unhashable = members_of(live).get("__hash__", MISSING) is None
    if "__eq__" in names and not unhashable:
        set_member(live, "__hash__", None, journal)
    elif "__eq__" not in names and unhashable:
        del_member(live, "__hash__", journal)


def set_member(cls: type, name: str, value: Any, journal: Journal) -> None:
    """Set a class attribute through its metaclass (Enum's refuses, there the plain way is taken)."""
    if name == "__annotations__" and sys.version_info < (3, 14):
        current = members_of(cls).get("__annotations__")
        if type(current) is dict:
            journal.replace_content(current, value)
            return
    setter = type.__setattr__ if is_enum(cls) else setattr
    journal.record(_restore_member, cls, name, members_of(cls).get(name, MISSING))
    setter(cls, name, value)


def del_member(cls: type, name: str, journal: Journal) -> None:
    if name not in members_of(cls):
        return
    journal.record(_restore_member, cls, name, members_of(cls)[name])
    (type.__delattr__ if is_enum(cls) else delattr)(cls, name)


def _restore_member(cls: type, name: str, before: Any) -> None:
    setter: Any = type.__setattr__ if is_enum(cls) else setattr
    if before is not MISSING:
        setter(cls, name, before)
    elif name in members_of(cls):
        (type.__delattr__ if is_enum(cls) else delattr)(cls, name)


def is_code(value: Any) -> bool:
    return is_a(value, (FunctionType, staticmethod, classmethod, property, functools.cached_property, type))


def _same_definition(a: type, b: type) -> bool:
    return a.__qualname__ == b.__qualname__ and a.__module__ == b.__module__


def _same_function(a: FunctionType, b: FunctionType) -> bool:
    """Whether both are of one definition; packages give what they export their own name as `__module__`."""
    return a.__qualname__ == b.__qualname__ and a.__globals__ is b.__globals__


def _own_object(value: Any) -> bool:
    """Whether a member is an object made for this class alone: a descriptor, a sentinel."""
    kind = kind_of(value)
    return kind is object or (not is_code(value) and (hasattr(kind, "__set_name__") or hasattr(kind, "__get__")))
