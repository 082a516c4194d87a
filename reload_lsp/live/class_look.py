"""What a class is at one moment: its members, the codes of its methods, what they take, what it inherits."""

from __future__ import annotations

from types import CodeType, FunctionType

from ..source.codes import own_part
from .classes import members_of
from .constructed import defaults_of
from .enums import held_by_members
from .gone_members import enum_members
from .journal import MISSING
from .kinds import behind, is_a, kind_of
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ClassLook:
    """A class as it was before its statement was executed."""

    __slots__ = ("arguments", "codes", "defaults", "enumerated", "lineage", "members")

    def __init__(self, cls: type) -> None:
        self.members, self.defaults = snapshot(cls), defaults_of(cls)
        self.codes, self.arguments = codes_of(cls), given_of(cls)
        self.lineage, self.enumerated = inherited(cls), enum_members(cls)

    def generated(self, cls: type, changed: set[str]) -> set[str]:
        """The methods that do something else in `cls` now, whoever wrote them; `changed` are members that are others."""
        codes = codes_of(cls)
        found = {n for n, c in codes.items() if n in self.codes and not same_part(self.codes[n], c)}
        found |= others(self.arguments, given_of(cls)) & self.arguments.keys() & codes.keys()
        return found | ({n for n, v in inherited(cls).items() if self.lineage.get(n, v) is not v} - changed)


def snapshot(cls: type) -> dict[str, Any]:
    """The members of a class, its annotations copied: they are filled in place."""
    members = members_of(cls)
    annotations = members.get("__annotations__")
    members |= held_by_members(cls)
    if (
        members.get("__annotate_func__", MISSING) is None
    ):  # since 3.14 a class without annotations has this once it was asked
        del members["__annotate_func__"]
    if "__annotate_func__" in members or not members.get("__annotations_cache__"):
        members.pop("__annotations_cache__", None)  # what was computed says nothing beyond what computes it
    return {**members, "__annotations__": [*annotations.items()]} if type(annotations) is dict else members  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def others(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The members that are not what they were."""
    changed = {n for n, v in after.items() if not same(before.get(n, MISSING), v)}
    told = {n for n in changed if n[:2] == "__" and _says_the_same(before.get(n), after[n])}
    return (changed - told) | (before.keys() - after.keys())


def _says_the_same(before: Any, after: Any) -> bool:
    """Whether a library noted the same about a class, in objects that it makes anew (`__attrs_attrs__`, of a kind of its own)."""
    kinds: list[Any] = [kind_of(before), kind_of(after)]
    if kinds[0].__name__ != kinds[1].__name__ or callable(before) or hasattr(kinds[0], "__get__"):
        return False
    if all(issubclass(k, tuple) for k in kinds):
        return len(before) == len(after) and all(map(_equal, before, after))
    return _equal(before, after)


def _equal(a: Any, b: Any) -> bool:
    kind: Any = kind_of(a)
    return kind is type(b) and kind.__eq__ is not object.__eq__ and bool(a == b)


def codes_of(cls: type) -> dict[str, CodeType]:
    """The codes of the methods of a class: decorators and bases write some of them (`__init__` of a dataclass)."""
    found = {n: behind(m) for n, m in members_of(cls).items()}
    return {n: f.__code__ for n, f in found.items() if is_a(f, FunctionType)}


def given_of(cls: type) -> dict[str, Any]:
    """What the methods of a class take where nothing is given: it stands in none of their codes."""
    found = {n: behind(m) for n, m in members_of(cls).items()}
    return {n: (f.__defaults__, {**(f.__kwdefaults__ or {})}) for n, f in found.items() if is_a(f, FunctionType)}


def inherited(cls: type) -> dict[str, Any]:
    """What a class has from bases that are Python classes, by name."""
    bases = type.__dict__["__mro__"].__get__(cls)[1:-1]
    found: dict[str, Any] = {}
    for base in reversed([b for b in bases if b.__flags__ & _HEAP_TYPE]):
        found.update(members_of(base))
    return {n: v for n, v in found.items() if n[:2] != "__" or is_a(behind(v), FunctionType)}


_HEAP_TYPE = 1 << 9


def same_part(old: CodeType, new: CodeType) -> bool:
    """Whether two codes do the same."""
    return old is new or own_part(old) == own_part(new)
