"""A hot program beside a fresh import of the same texts: where they differ."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from live_project import Project

from reload_lsp.source.codes import nested, own_part

Shapes = dict[str, Any]

_IMPORT_MACHINERY = frozenset(
    [
        "__builtins__",
        "__cached__",
        "__file__",
        "__loader__",
        "__name__",
        "__package__",
        "__path__",
        "__spec__",
        "__annotate__",
        "__annotate_func__",
        "__annotations_cache__",
        "__conditional_annotations__",
        "__warningregistry__",
    ]
)
_CLASS_MACHINERY = frozenset(
    [
        "__classdictcell__",
        "__dict__",
        "__weakref__",
        "_abc_impl",
        "__annotations__",
        "__annotate__",
        "__annotate_func__",
        "__annotations_cache__",
        "__firstlineno__",
        "__static_attributes__",
    ]
)


def fresh(project: Project) -> dict[str, ModuleType]:
    """The program's modules imported anew; the running ones are back in `sys.modules` afterwards."""
    running = {name: sys.modules.pop(name) for name in project.loaded()}
    project.engine.recorder.remove()
    importlib.invalidate_caches()
    try:
        for name in running:
            importlib.import_module(name)
        return {name: sys.modules[name] for name in running}
    finally:
        for name in project.loaded():
            del sys.modules[name]
        sys.modules.update(running)
        project.engine.recorder.install()


def running(project: Project) -> dict[str, ModuleType]:
    """The program's modules as they are now."""
    return {name: sys.modules[name] for name in project.loaded()}


def differences(project: Project) -> list[str]:
    """Every place in which the hot program is not what a fresh one would be."""
    return list(_compare(shapes(running(project)), shapes(fresh(project))))


def _compare(hot: Shapes, cold: Shapes) -> Iterator[str]:
    for place in sorted(hot.keys() | cold.keys()):
        if hot.get(place, "missing") != cold.get(place, "missing"):
            yield f"{place}: hot {hot.get(place, 'missing')!r}, fresh {cold.get(place, 'missing')!r}"


def shapes(modules: dict[str, ModuleType]) -> Shapes:
    """Every name of the program with what can be seen of its value, and which names mean the same object."""
    found: Shapes = {}
    first: dict[int, str] = {}
    for module in sorted(modules):
        for name, value in sorted(modules[module].__dict__.items()):
            if name in _IMPORT_MACHINERY or (name == "__annotations__" and not value):
                continue
            place = f"{module}.{name}"
            found[place] = shape(value)
            if type(value) in (FunctionType, list, dict, set) or isinstance(value, type):
                found[f"{place} is"] = first.setdefault(id(value), place)
    return found


def shape(value: Any, depth: int = 5) -> Any:
    """What can be seen of a value without asking for its identity."""
    if depth < 0:
        return "..."
    if isinstance(value, FunctionType):
        return _function(value, depth)
    if isinstance(value, type):
        return _class(value, depth)
    if isinstance(value, (staticmethod, classmethod)):
        return (type(value).__name__, shape(value.__func__, depth - 1))
    if isinstance(value, property):
        parts = [shape(f, depth - 1) for f in (value.fget, value.fset, value.fdel)]
        return ("property", parts, value.__doc__)
    if isinstance(value, ModuleType):
        return ("module", value.__name__)
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [shape(v, depth - 1) for v in value])
    if isinstance(value, dict):
        return ("dict", [(shape(k, depth - 1), shape(v, depth - 1)) for k, v in value.items()])
    return _data(value, depth)


def _data(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind.__repr__ is object.__repr__:
        return (kind.__qualname__, shape(getattr(value, "__dict__", {}), depth - 1))
    return (kind.__qualname__, repr(value))


def _function(function: FunctionType, depth: int) -> Any:
    cells = [shape(c.cell_contents, depth - 1) for c in function.__closure__ or ()]
    return (
        "function",
        function.__qualname__,
        code_shape(function.__code__),
        shape(function.__defaults__, depth - 1),
        shape(function.__kwdefaults__, depth - 1),
        shape(dict(function.__annotations__), depth - 1),
        function.__doc__,
        cells,
    )


def code_shape(code: CodeType) -> Any:
    """A code with its line numbers and those of the codes in it."""
    return (
        *own_part(code),
        code.co_firstlineno,
        list(code.co_lines()),
        [code_shape(c) for c in nested(code)],
    )


def _class(cls: type, depth: int) -> Any:
    if cls.__module__ == "builtins":
        return ("class", cls.__qualname__)
    members = {n: shape(v, depth - 1) for n, v in sorted(vars(cls).items()) if n not in _CLASS_MACHINERY}
    return ("class", cls.__qualname__, [c.__qualname__ for c in cls.__mro__], members, _annotations(cls))


def _annotations(cls: type) -> Any:
    """As the class gives them: where CPython 3.14 stores them differs with how they are evaluated (PEP 749)."""
    try:
        own = vars(cls).get("__annotations__") if sys.version_info < (3, 14) else cls.__annotations__
    except NameError as error:
        return str(error)
    return [(name, shape(value)) for name, value in (own or {}).items()]
