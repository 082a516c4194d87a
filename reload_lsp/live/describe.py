"""What modules consist of, as plain data that two processes can compare; no code of the user's is run to tell it."""

from __future__ import annotations

import re
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

from ..source.codes import nested
from .kinds import behind, is_a, kind_of, names_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

Json = dict[str, "Any"]
_ATOMS = (int, bool, str, bytes, float, complex, type(None), type(Ellipsis))
_SHARED = (FunctionType, list, dict, set)
_MACHINERY = re.compile(
    r"__(builtins|cached|file|loader|name|package|path|spec|annotations|annotate|annotate_func|annotations_cache|"
    r"conditional_annotations|warningregistry|dict|weakref|module|doc|firstlineno|static_attributes|"
    r"dataclass_params|dataclass_fields|match_args|abstractmethods|orig_bases|parameters)__|_abc_impl"
)


def describe(modules: Iterable[tuple[str, ModuleType]]) -> Json:
    """Every name of some modules: `kind`, `digest` of what can be told of it, and `same`, the first name of that object."""
    first: dict[int, str] = {}
    found: Json = {}
    for name, module in modules:
        names = {n: v for n, v in sorted(names_in(module).items()) if not _MACHINERY.fullmatch(n)}
        found[name] = {n: _described(v, first, f"{name}.{n}") for n, v in names.items()}
    return found


def _described(value: Any, first: dict[int, str], place: str) -> Json:
    kind, detail = shape(value)
    told: Json = {"kind": kind, "digest": _digest(detail)}
    if is_a(value, type) and kind == "class":
        members = type.__dict__["__dict__"].__get__(value)
        told["members"] = {
            n: _digest(shape(v)) for n, v in sorted(members.items()) if not _MACHINERY.fullmatch(n) and _is_told(v)
        }
    if kind_of(value) in _SHARED or kind == "class":
        told["same"] = first.setdefault(id(value), place)
    return told


def _is_told(member: object) -> bool:
    """Slots and such are the class's own machinery, other objects its state."""
    return is_a(member, (FunctionType, staticmethod, classmethod, property, *_ATOMS))


def shape(value: Any, depth: int = 4) -> tuple[str, Any]:
    """What can be told of a value: its kind, and what makes two of them alike."""
    kind = kind_of(value)
    if kind is FunctionType:
        return "function", _function(value, depth)
    if kind in (staticmethod, classmethod):
        return kind.__name__, shape(behind(value), depth - 1)
    if kind is property:
        return "property", [shape(f, depth - 1) for f in (value.fget, value.fset, value.fdel) if f is not None]
    if is_a(value, type):
        bases = type.__dict__["__bases__"].__get__(value)
        return "class", [value.__qualname__, kind.__qualname__, [b.__qualname__ for b in bases]]
    if kind is ModuleType:
        return "module", str(value.__dict__.get("__name__"))
    if kind in _ATOMS:
        return "value", repr(value)
    if kind is tuple and depth > 0 and len(value) < 100:
        items = [shape(item, depth - 1) for item in value]
        return ("value" if all(k == "value" for k, _ in items) else "object"), items
    if kind is BuiltinFunctionType:
        return "builtin", str(value.__name__)
    return "object", kind.__qualname__


def _function(function: FunctionType, depth: int) -> Any:
    defaults = shape(function.__defaults__, depth - 1) if depth > 0 else ""
    return [function.__qualname__, _code(function.__code__), defaults, sorted(function.__kwdefaults__ or ())]


def _code(code: CodeType) -> Any:
    """What a code does, wherever it stands; constants that are sets have another order in every process."""
    constants = [_constant(c) for c in code.co_consts if type(c) is not CodeType]
    names = [code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars]
    counts = [code.co_flags, code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount]
    return [code.co_name, code.co_code.hex(), constants, names, counts, [_code(c) for c in nested(code)]]


def _constant(constant: Any) -> Any:
    if is_a(constant, frozenset):
        return sorted(map(repr, constant))  # pyright: ignore[reportUnknownArgumentType]
    if is_a(constant, tuple):
        return list(map(_constant, constant))  # pyright: ignore[reportUnknownArgumentType]
    return repr(constant)


def _digest(detail: Any) -> str:
    from hashlib import sha256

    return sha256(repr(detail).encode("utf-8", "surrogatepass")).hexdigest()[:20]
