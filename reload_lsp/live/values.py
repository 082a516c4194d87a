"""When two values are the same for whoever reads them, without calling any foreign `__eq__`."""

from __future__ import annotations

import enum
import re
from types import BuiltinFunctionType, CodeType, FunctionType, GenericAlias, ModuleType

from .kinds import is_a, kind_of
from .reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ATOMS: frozenset[type] = frozenset(
    (int, bool, str, bytes, type(None), type(Ellipsis), type(NotImplemented), range, slice)
)
_SEQUENCES: frozenset[type] = frozenset((tuple, list))
_SETS: frozenset[type] = frozenset((set, frozenset))
IMMUTABLE: tuple[type, ...] = (tuple, str, int, float, complex, bytes, frozenset)
CONTAINERS: frozenset[type] = frozenset((dict, list, set, bytearray))
# Immutable values of the standard library, whose `==` is their own.
_VALUE_MODULES = frozenset(("pathlib", "datetime", "decimal", "fractions", "uuid", "ipaddress"))
_TYPING = frozenset(("typing", "typing_extensions"))


def same(a: Any, b: Any, depth: int = 20, instances: bool = False) -> bool:
    """Identity, or type-exact equality of plain builtins and typing forms: `1` is not `True`, `0.0` not `-0.0`.

    With `instances`, also objects of one class whose attributes are the same.
    """
    if a is b:
        return True
    kind = kind_of(a)
    if kind is not type(b) or depth < 0:
        return False
    if kind in _ATOMS:
        return bool(a == b)
    if kind is float or kind is complex:
        return repr(a) == repr(b)
    if kind in _SEQUENCES:
        return len(a) == len(b) and all(same(x, y, depth - 1, instances) for x, y in zip(a, b, strict=True))
    return _same_other(a, b, kind, depth, instances)


def _same_other(a: Any, b: Any, kind: type, depth: int, instances: bool) -> bool:
    if kind in _SETS:
        return len(a) == len(b) and plain(a) and plain(b) and _typed_set(a) == _typed_set(b)
    if kind is dict:
        return (
            len(a) == len(b)
            and all(same(x, y, depth - 1, instances) for x, y in zip(a, b, strict=True))
            and all(same(a[k], b[k], depth - 1, instances) for k in a if plain(k))
            and all(plain(k) for k in a)
        )
    if kind is bytearray:
        return bytes(a) == bytes(b)
    if kind is re.Pattern:
        return (a.pattern, a.flags) == (b.pattern, b.flags)
    if kind.__module__.partition(".")[0] in _VALUE_MODULES:
        return bool(a == b) and repr(a) == repr(b)
    if tuple in kind.__bases__ and hasattr(kind, "_fields") and "__eq__" not in kind.__dict__:
        iterate: Any = tuple.__iter__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        items: list[Any] = [list(iterate(v)) for v in (a, b)]
        return all(same(x, y, depth - 1, instances) for x, y in zip(*items, strict=True))
    return _same_typing(a, b, kind, depth) or (instances and _same_state(a, b, kind, depth))


def _same_state(a: Any, b: Any, kind: type, depth: int) -> bool:
    """Whether two instances hold the same, where their attributes are all that they hold."""
    lineage: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    if any(c.__dict__.get("__slots__") or not c.__flags__ & _HEAP_TYPE for c in lineage[:-1]):
        return False
    mine, theirs = getattr_raw(a, "__dict__"), getattr_raw(b, "__dict__")
    return type(mine) is dict and type(theirs) is dict and same(mine, theirs, depth - 1, instances=True)


_HEAP_TYPE = 1 << 9


def _same_typing(a: Any, b: Any, kind: type, depth: int) -> bool:
    if kind.__module__ not in _TYPING and kind not in (GenericAlias, type(int | str)):
        return False
    if kind.__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "ForwardRef", "TypeAliasType"):
        return False
    mine, theirs = getattr(a, "__args__", None), getattr(b, "__args__", None)
    origins = getattr(a, "__origin__", None), getattr(b, "__origin__", None)
    notes = getattr(a, "__metadata__", ()), getattr(b, "__metadata__", ())  # of `Annotated`
    alike = mine is not None and origins[0] is origins[1] and same(mine, theirs, depth - 1)
    return alike and same(*notes, depth - 1, instances=True)


def _typed_set(items: Any) -> set[tuple[type, str]]:
    return {(type(x), repr(x)) for x in items}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def plain(value: Any, depth: int = 6) -> bool:
    """Whether a value is data alone: it can be made again without anybody noticing but by its content."""
    kind = kind_of(value)
    if kind in _ATOMS or kind in (float, complex, bytearray, re.Pattern):
        return True
    if depth < 0:
        return False
    if kind in _SEQUENCES or kind in _SETS:
        return all(plain(x, depth - 1) for x in value)
    if kind is dict:
        return all(plain(k, depth - 1) and plain(v, depth - 1) for k, v in value.items())
    if kind in (FunctionType, BuiltinFunctionType, ModuleType, CodeType) or is_a(value, type):
        return True
    if is_a(kind, enum.EnumMeta):  # its class makes the members, whoever reads them
        return True
    return type(kind) is type and _is_immutable(value, kind, depth)


def _is_immutable(value: Any, kind: type, depth: int) -> bool:
    """Whether an object of a subclass of an immutable builtin (`NamedTuple`, `class Id(str)`) is no more than that value."""
    base = next((b for b in IMMUTABLE if issubclass(kind, b)), None)
    if base is None or getattr_raw(value, "__dict__"):
        return False
    iterate: Any = base.__dict__.get("__iter__")
    return base is str or iterate is None or all(plain(x, depth - 1) for x in iterate(value))


def holds_functions(value: Any) -> bool:
    """Whether a plain value is, or holds, functions or classes."""
    kind = kind_of(value)
    if kind in _SEQUENCES or kind in _SETS:
        return any(holds_functions(x) for x in value)
    if kind is dict:
        return any(holds_functions(x) for pair in value.items() for x in pair)
    return kind is FunctionType or is_a(value, type)


def holds(container: Any, value: Any) -> bool:
    """Whether a container has `value` among its items."""
    kind = kind_of(container)
    if kind is dict:
        return any(x is value for pair in container.items() for x in pair)
    return (kind in _SEQUENCES or kind in _SETS) and any(x is value for x in container)
