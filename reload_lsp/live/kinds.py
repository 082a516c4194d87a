"""The exact type of any object, and the names of any module, without the object being asked."""

from __future__ import annotations

from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    is_a = isinstance
else:

    def is_a(value: object, kinds: type | tuple[type, ...]) -> bool:
        """`isinstance` without asking the object: a proxy's `__class__` may lie, or raise (`flask.request`)."""
        return issubclass(type(value), kinds)


def is_metaclass(value: object) -> bool:
    """Whether a value is a class of which the objects are classes."""
    return type in type.__dict__["__mro__"].__get__(value) if is_a(value, type) else False


def behind(member: object) -> Any:
    """What a static or class method holds, any other member itself."""
    if is_a(member, (staticmethod, classmethod)):
        return member.__func__  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return member


def names_in(module: ModuleType) -> dict[str, Any]:
    """The namespace of a module. One that loads when it is first asked for something (`LazyLoader`, apipkg) does not notice."""
    return _NAMESPACE(module)


def spec_of(module: object) -> Any:
    """The `__spec__` of what stands in `sys.modules`, in the same way where it is a module."""
    return names_in(module).get("__spec__") if is_a(module, ModuleType) else getattr(module, "__spec__", None)


_NAMESPACE: Any = vars(ModuleType)["__dict__"].__get__


def kind_of(value: object) -> Any:
    """`type(value)`, for comparing; what it is a type of is not known here."""
    return type(value)


def row_of(value: Any) -> list[Any]:
    """The items of a tuple, none for anything else; what a subclass makes of `in` and `for` is not asked."""
    items: Any = tuple.__iter__(value) if is_a(value, tuple) else ()  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType]
    return [*items]


def pairs_of(table: Any) -> list[tuple[Any, Any]]:
    """The keys and values of a dictionary of whatever kind."""
    items: Any = dict.items(table)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return [*items]


def row_like(row: Any, items: list[Any]) -> Any:
    """A tuple of the same kind with other items, made without its constructor."""
    return tuple.__new__(kind_of(row), items)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
