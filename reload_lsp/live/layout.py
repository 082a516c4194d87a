"""How the objects of a class lie in memory, as far as Python tells: what no patch changes."""

from __future__ import annotations

from types import GetSetDescriptorType, MemberDescriptorType

from .kinds import is_a
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DESCRIPTORS = (GetSetDescriptorType, MemberDescriptorType)
_LAYOUT = ("__basicsize__", "__itemsize__", "__dictoffset__", "__weakrefoffset__")


def _members(cls: type) -> dict[str, Any]:
    return dict(type.__dict__["__dict__"].__get__(cls))


def fixed_by_metaclass(old: type, new: type) -> str:
    """What a metaclass written in C keeps of a class beside its attributes (msgspec), and is another now; "" for nothing."""
    for kind in type.__dict__["__mro__"].__get__(type(old)):
        if kind is type:
            return ""
        for name, member in kind.__dict__.items():
            if is_a(member, _DESCRIPTORS) and name != "__dict__":
                values: list[Any] = [getattr(cls, name, None) for cls in (old, new)]
                if not same(*values) and repr(values[0]) != repr(values[1]):
                    return str(name)
    return ""


def layout_of(cls: Any) -> list[int]:
    return [getattr(cls, name) for name in _LAYOUT]


def declared_slots(cls: type) -> Any:
    return _members(cls).get("__slots__")


def slots_of(cls: type) -> tuple[str, ...]:
    """The slots of a class itself; those are there also where `__slots__` was deleted since."""
    declared = declared_slots(cls)
    if declared is None:
        return tuple(sorted(n for n, m in _members(cls).items() if is_a(m, MemberDescriptorType)))
    return (declared,) if is_a(declared, str) else tuple(sorted(declared))


def spelled_slots(cls: type) -> str:
    return ", ".join(slots_of(cls)) or ("none" if declared_slots(cls) is None else "empty")
