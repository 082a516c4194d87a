"""The exact type of any object, without its `__class__` being asked."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    is_a = isinstance
else:

    def is_a(value: object, kinds: type | tuple[type, ...]) -> bool:
        """`isinstance` without asking the object: a proxy's `__class__` may lie, or raise (`flask.request`)."""
        return issubclass(type(value), kinds)


def behind(member: object) -> Any:
    """What a static or class method holds, any other member itself."""
    if is_a(member, (staticmethod, classmethod)):
        return member.__func__  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return member


def kind_of(value: object) -> Any:
    """`type(value)`, for comparing; what it is a type of is not known here."""
    return type(value)
