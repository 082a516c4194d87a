"""The functions that can be reached from a value through decorators, descriptors and closures, without a heap pass."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from types import CellType, FunctionType, MethodType

from .kinds import behind, is_a, kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LIMIT = 400


def functions_of(values: Iterable[Any], path: str) -> Iterator[FunctionType]:
    """Functions reachable from `values`; classes are entered where their module's file is `path`."""
    seen: set[int] = set()
    for value in values:
        if type(value) is FunctionType and not value.__closure__ and not value.__dict__:  # most are, and lead nowhere
            if id(value) not in seen:
                seen.add(id(value))
                yield value
            continue
        yield from _reach(value, path, seen)


def _reach(value: Any, path: str, seen: set[int]) -> Iterator[FunctionType]:
    stack: list[tuple[Any, int]] = [(value, 0)]
    budget = _LIMIT
    while stack and budget:
        current, depth = stack.pop()
        if id(current) in seen:
            continue
        parts = _parts(current, depth, path)
        if parts is None:
            continue
        seen.add(id(current))
        budget -= 1
        if type(current) is FunctionType:
            yield current
        stack.extend((part, depth + 1) for part in parts)


def _parts(value: Any, depth: int, path: str) -> list[Any] | None:
    """What to look into, None for a value that leads nowhere."""
    kind = kind_of(value)
    if kind is FunctionType:
        return _function_parts(value)
    if kind is staticmethod or kind is classmethod or kind is MethodType:
        return [value.__func__]
    if kind is property:
        return [value.fget, value.fset, value.fdel]
    if kind is functools.partial:
        return [value.func, *value.args]
    if kind is functools.cached_property or kind is functools.partialmethod:
        return [value.func]
    if is_a(value, type):
        return _class_parts(value, depth)
    return _instance_parts(value, kind, depth)


def _function_parts(function: FunctionType) -> list[Any]:
    parts: list[Any] = [function.__dict__.get("__wrapped__")] if function.__dict__ else []
    for cell in function.__closure__ or ():
        content = cell_content(cell)
        if not is_a(content, type):
            parts.append(content)
    return parts


def _class_parts(cls: type, depth: int) -> list[Any] | None:
    if depth > 3 or cls.__module__ == "builtins":
        return None
    return list(type.__dict__["__dict__"].__get__(cls).values())


def _instance_parts(value: Any, kind: type, depth: int) -> list[Any] | None:
    if depth > 3 or kind.__module__ == "builtins" or kind is CellType:
        if kind in (dict, list, tuple) and depth < 3 and len(value) <= 64:
            return list(value.values()) if kind is dict else list(value)
        return None
    wrapped = getattr_raw(value, "__wrapped__")
    inner = getattr_raw(value, "__dict__")
    parts: list[Any] = [wrapped] if wrapped is not None else []
    if type(inner) is dict and len(inner) <= 64:  # pyright: ignore[reportUnknownArgumentType]
        parts.extend(inner.values())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    return parts


def around_the_same(a: FunctionType, b: FunctionType) -> bool:
    """Whether both are what decorators have made of one definition, or one of them is its own function."""
    inner = [{f.__qualname__ for f in functions_of([f], "") if "<locals>" not in f.__qualname__} for f in (a, b)]
    return a.__qualname__ not in inner[0] and not inner[0].isdisjoint(inner[1])


def stands_elsewhere(function: FunctionType, owner: type | None = None) -> bool:
    """Whether a function is what a module, or another class than `owner`, has under the function's own name."""
    *classes, name = function.__qualname__.split(".")
    space: Any = function.__globals__
    cls: Any = None
    for part in classes:
        cls = space.get(part)
        if not is_a(cls, type):
            return False
        space = type.__dict__["__dict__"].__get__(cls)
    return behind(space.get(name)) is function and (owner is None or cls is not owner)


def getattr_raw(value: Any, name: str) -> Any:
    """An attribute without `__getattr__`: proxies and mocks must not notice that they are looked at."""
    try:
        return object.__getattribute__(value, name)
    except Exception:  # noqa: BLE001, RUF100 - any object's own machinery may fail here
        return None


def cell_content(cell: CellType) -> Any:
    """What a closure cell holds, None where it is empty."""
    try:
        return cell.cell_contents
    except ValueError:
        return None
