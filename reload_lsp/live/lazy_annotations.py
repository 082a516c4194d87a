"""The annotations of a class on CPython 3.14, where a function computes them when they are asked for (PEP 649, 749)."""

from __future__ import annotations

from collections.abc import Callable

from .journal import Journal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_EAGER, _ANNOTATE, _CACHE = "__annotations__", "__annotate_func__", "__annotations_cache__"
STORED = frozenset((_EAGER, _ANNOTATE, _CACHE, "__annotate__"))


def take_over(
    old: type, before: dict[str, Any], after: dict[str, Any], journal: Journal, merged: Callable[[Any, Any], Any]
) -> None:
    """Give `old`, whose members were `before`, the annotations that `after` has; what it had computed goes."""
    if not STORED & (before.keys() | after.keys()):
        return
    if _ANNOTATE in before and _ANNOTATE in after:
        after = {**after, _ANNOTATE: merged(before[_ANNOTATE], after[_ANNOTATE])}
    journal.record(_give, old, before)
    _give(old, after)


def _give(cls: Any, members: dict[str, Any]) -> None:
    """The three are stored under names of their own, and setting one takes the others away."""
    if STORED & type.__dict__["__dict__"].__get__(cls).keys() - {_ANNOTATE}:
        del cls.__annotations__
    if _ANNOTATE in members:
        cls.__annotate__ = members[_ANNOTATE]
    elif _EAGER in members or _CACHE in members:
        cls.__annotations__ = members.get(_EAGER, members.get(_CACHE))
