"""Enum classes merged in place: old members stay the members, values are set, new ones are adopted."""

from __future__ import annotations

import enum

from .journal import MISSING, Journal
from .kinds import is_a
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DATA = (
    "_flag_mask_", "_singles_mask_", "_all_bits_", "_boundary_", "_inverted_", "_hashable_values_", "_unhashable_values_",
    "_unhashable_values_map_", "_member_type_", "_value_repr_", "_use_args_",
)  # fmt: skip


class EnumValueFixed(Exception):
    """A member is an int or str itself: its value cannot be changed under its holders."""


def is_enum(cls: type) -> bool:
    return is_a(cls, enum.EnumMeta) and bool(cls.__dict__.get("_member_map_") is not None)


def held_by_members(cls: Any) -> dict[str, Any]:
    """Each member's value and attributes: a member stays the same object whatever they are."""
    return {name: (member._value_, _state(member)) for name, member in cls._member_map_.items()} if is_enum(cls) else {}


# What makes the members of an Enum: edited, they are made again.
MAKES_MEMBERS = frozenset(("__init__", "__new__", "_generate_next_value_"))


def merge_members(old: Any, new: Any, journal: Journal, gone: dict[str, Any]) -> set[str]:
    """Give enum `old` the members of `new`, those of `gone` that come back too; returns the attributes that are settled by it."""
    own_names = {n: _member(old, new, m, journal, gone) for n, m in new._member_map_.items() if m._name_ == n}
    merged = {name: own_names.get(member._name_, member) for name, member in new._member_map_.items()}
    for name in old._member_map_:
        if name not in merged and name in type.__getattribute__(old, "__dict__"):
            _set(old, name, MISSING, journal)
    by_value = {v: merged.get(m._name_, m) for v, m in new._value2member_map_.items()}
    by_value |= {v: m for v, m in _composed(old, merged).items() if v not in by_value}
    journal.replace_content(old._member_map_, merged)
    journal.replace_content(old._member_names_, list(new._member_names_))
    journal.replace_content(old._value2member_map_, by_value)
    own = type.__getattribute__(new, "__dict__")
    for name, member in merged.items():
        if name in own:
            value = own[name]
            _set(old, name, member if is_a(value, new) else value, journal)
    _settings(old, own, journal)
    return {
        *merged,
        *_DATA,
        "_member_map_",
        "_member_names_",
        "_value2member_map_",
        "__new__",
        "_new_member_",
    }


def _composed(old: Any, merged: dict[str, Any]) -> dict[Any, Any]:
    """What was composed of members (`F.A | F.B`) and is known by its identity: while those are all there as they were."""
    if not issubclass(old, enum.Flag) or any(merged.get(n) is not m for n, m in old._member_map_.items()):
        return {}
    own = {id(m) for m in old._member_map_.values()}
    return {v: m for v, m in old._value2member_map_.items() if id(m) not in own}


def _settings(old: Any, own: Any, journal: Journal) -> None:
    for name in _DATA:
        if name in own and not same(own[name], type.__getattribute__(old, "__dict__").get(name, MISSING)):
            _set(old, name, own[name], journal)


def _member(old: Any, new: Any, member: Any, journal: Journal, gone: dict[str, Any]) -> Any:
    """What stands for a member of `new`: that of `old` with its name, or the one that its name was another name of."""
    kept = old._member_map_.get(member._name_)
    back = gone.get(member._name_)
    if kept is None and back is not None and (old._member_type_ is object or same(back._value_, member._value_)):
        _value(back, member, journal)
        return back
    if kept is None or (kept._name_ != member._name_ and new._member_map_.get(kept._name_) is not member):
        return _adopt(old, member, journal)
    _value(kept, member, journal)
    return kept


def _adopt(old: Any, member: Any, journal: Journal) -> Any:
    journal.record(object.__setattr__, member, "__class__", type(member))
    object.__setattr__(member, "__class__", old)
    object.__setattr__(member, "__objclass__", old)
    return member


def _value(kept: Any, member: Any, journal: Journal) -> None:
    if same(kept._value_, member._value_) and same(_state(kept), _state(member)):
        return
    kind: Any = type(kept)  # pyright: ignore[reportUnknownVariableType]
    mixed = kind._member_type_
    if mixed is not object and not same(kept._value_, member._value_):
        raise EnumValueFixed(f"{type(kept).__name__}.{kept._name_}")
    journal.record(kept.__dict__.update, dict(kept.__dict__))
    kept.__dict__.pop("_inverted_", None)  # what `~` once gave, which depends on the other members
    kept.__dict__.update(_state(member))


def _state(member: Any) -> dict[str, Any]:
    """What a member holds, all of it given by its class."""
    return {k: v for k, v in member.__dict__.items() if k != "__objclass__"}


def _set(cls: Any, name: str, value: Any, journal: Journal) -> None:
    journal.record(_put, cls, name, type.__getattribute__(cls, "__dict__").get(name, MISSING))
    _put(cls, name, value)


def _put(cls: Any, name: str, value: Any) -> None:
    if value is MISSING:
        type.__delattr__(cls, name)
    else:
        type.__setattr__(cls, name, value)
