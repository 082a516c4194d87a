"""The live object that a dotted name stands for, got without running any code of the program."""

from __future__ import annotations

from types import ModuleType

from ..source.names import Chain
from .kinds import is_a, kind_of, names_in
from .loaded import LoadedModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def target_of(scope: LoadedModule, chain: Chain) -> Any:
    """The live object that `chain` stands for, None where a step is not a module or class attribute."""
    value = scope.ns.get(chain[0], None)
    if value is None:
        builtins = scope.ns.get("__builtins__")
        table = builtins.__dict__ if is_a(builtins, ModuleType) else builtins
        value = table.get(chain[0]) if is_a(table, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    for part in chain[1:]:
        value = _attribute(value, part)
        if value is None:
            return None
    return value  # pyright: ignore[reportUnknownVariableType]


def _attribute(value: Any, part: str) -> Any:
    """One step of a dotted name: only modules, classes and plain instances, without running foreign code."""
    if is_a(value, ModuleType):
        return names_in(value).get(part)
    if is_a(value, type):
        for cls in type.__dict__["__mro__"].__get__(value):
            if part in cls.__dict__:
                found: Any = cls.__dict__[part]
                kind = kind_of(found)
                return found.__func__ if kind in (staticmethod, classmethod) else found
        return None if kind_of(value) is type else _attribute(kind_of(value), part)
    return _attribute(type(value), part) if value is not None else None
