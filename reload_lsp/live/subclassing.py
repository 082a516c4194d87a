"""Classes made by more than their bodies: hooks of bases and metaclasses that change, and who is made again with them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from enum import EnumMeta
from types import FunctionType

from ..source.codes import nested, words
from .acting import Acting
from .batch import Batch
from .dirty import Dirty
from .enums import MAKES_MEMBERS, is_enum
from .family import methods_in
from .heap import subclasses
from .kinds import behind, is_a
from .members import is_plain
from .methods import follow_subclasses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def hook_changed(batch: Batch, dirty: Dirty) -> bool:
    """Whether a swapped method takes part in making other classes."""
    cls = dirty.view.ns.get(dirty.statement.name)
    hooks = _METACLASS_HOOKS if is_a(cls, type) and issubclass(cls, type) else _CLASS_HOOKS
    return any(
        id(c) in batch.own_codes and c.co_name in hooks for top in dirty.view.codes(dirty.index) for c in nested(top)
    )


def hooks_replaced(batch: Batch, dirty: Dirty, live: type, gone: dict[str, Any], made: Iterable[str]) -> None:
    """Members that take part in making other classes came, went, or take something else: those classes are made again."""
    hooks = _METACLASS_HOOKS if type in type.__dict__["__mro__"].__get__(live) else _CLASS_HOOKS
    if hooks.isdisjoint({*gone, *made}) or live.__qualname__ != dirty.statement.name:
        return
    for name in hooks & gone.keys():
        function = behind(gone[name])
        if is_a(function, FunctionType):
            batch.vanished |= words(function.__code__)
    batch.class_hook_changed(dirty.view.module, live.__name__)
    for sub in subclasses(live):
        _mark_class(batch, sub, live)


_CLASS_HOOKS = frozenset(("__init_subclass__", "__set_name__"))
_METACLASS_HOOKS = frozenset(("__new__", "__init__", "__prepare__", "__call__"))


def make_members_again(batch: Batch, dirty: Dirty) -> None:
    """An Enum whose members are made otherwise now, and those that are based on it."""
    cls = dirty.view.ns.get(dirty.statement.name)
    codes = (c for body in dirty.view.codes(dirty.index) for c in methods_in(body))
    if is_a(cls, EnumMeta) and any(id(c) in batch.own_codes and c.co_name in MAKES_MEMBERS for c in codes):
        if is_enum(cls) and cls.__members__:
            batch.mark(dirty.view, dirty.index, "rebuild", "its members are made otherwise")
        mark_subclasses(batch, cls)


def mark_subclasses(batch: Batch, live: type) -> None:
    """Subclasses made by more than their bodies are made again, by whatever way they came to know their base."""
    for sub in type.__subclasses__(live):
        _mark_class(batch, sub, live, lambda cls, node: not is_plain(cls, node) or _is_generic_no_longer(cls))


def _mark_class(
    batch: Batch, sub: type, live: type, concerned: Callable[[type, ast.ClassDef], bool] | None = None
) -> None:
    module = batch.modules.named(sub.__module__)
    if module is None or module.ns.get(sub.__name__) is not sub:
        return
    view = batch.view_of(module)
    for index in view.binders(sub.__name__):
        node = view.node(index) if view.statements[index].kind == "class" else None
        if isinstance(node, ast.ClassDef) and (concerned is None or concerned(sub, node)):
            batch.mark(view, index, "base", f"its base {live.__name__} was made again")


def _is_generic_no_longer(cls: type) -> bool:
    """Whether `Generic` came among the bases of a class, or went: it writes down the parameters of each that it sees made."""
    lineage = type.__dict__["__mro__"].__get__(cls)
    generic = any((base.__module__, base.__name__) == ("typing", "Generic") for base in lineage)
    return ("__parameters__" in cls.__dict__) != generic


def listed_among_subclasses(batch: Batch, cls: type) -> None:
    """A class came or went: who asks a base of it for its subclasses gets another list."""
    bases = [b for b in type.__dict__["__mro__"].__get__(cls)[1:] if b is not object]
    if not bases:
        return
    follow_subclasses(batch, cls, Acting(f"{cls.__name__} came or went"))
    for view, index in list(batch.resolver.with_words({"__subclasses__"})):
        statement = view.statements[index]
        if statement.kind == "function":
            batch.result_changed(view.module, statement.name, f"{cls.__name__} came or went")
        elif statement.kind == "bind":
            chains = view.names(index).reads | view.names(index).calls
            owners = [
                batch.resolver.target_of(view.module, c[:-1]) for c in chains if c[-1] == "__subclasses__" and c[1:]
            ]
            if any(o is b for o in owners for b in bases):
                batch.mark(view, index, "input", f"{cls.__name__} came or went")
