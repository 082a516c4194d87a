"""What a call of a dotted name runs, for the effect analysis: a known library name, or a definition of the user's."""

from __future__ import annotations

import ast
import operator
from collections import deque
from collections.abc import Callable
from functools import _lru_cache_wrapper, partial, partialmethod
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from ..plan import known
from ..plan.impact import Called, attributes_set
from ..source.names import Chain, Import
from ..values import replace
from .classes import members_of
from .importers import absolute_name
from .kinds import behind, is_a, kind_of
from .loaded import LoadedModule
from .modules import Modules
from .reach import cell_content
from .target import target_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONTAINERS = (dict, list, set, deque)


class Callees:
    """Answers for one batch."""

    def __init__(
        self,
        modules: Modules,
        view_of: Callable[[LoadedModule], View],
    ) -> None:
        self._modules = modules
        self._view_of = view_of
        self._definitions: dict[tuple[str, int, str], ast.stmt | None] = {}

    def called(self, scope: LoadedModule, chain: Chain) -> Called | None:
        """What a call of `chain` runs, for the effect analysis."""
        target: Any = target_of(scope, chain)
        if target is None and len(chain) == 1:
            return self._static(scope, chain[0])
        while _is_wrapper(target):
            target = getattr(target, "__wrapped__")  # noqa: B009 - of whatever type it is
        if target is None:
            return None
        module = getattr(target, "__module__", None)
        name = getattr(target, "__name__" if is_a(target, MethodType) else "__qualname__", None)
        if is_a(target, FunctionType):
            return self._function(target, self._owner(scope, chain))
        if is_a(target, type):
            return self._class(target)
        if is_a(target, BuiltinFunctionType) and module is None:
            return None
        if is_a(target, (partial, partialmethod)):
            return self._function(target.func, self._owner(scope, chain)) if is_a(target.func, FunctionType) else None
        if is_a(target, (operator.attrgetter, operator.itemgetter)):
            return Called("operator.attrgetter")
        if self._modules.named(str(kind_of(target).__module__)) is not None:
            return self._member(kind_of(target), "__call__")
        return Called(f"{module}.{name}") if is_a(name, str) and is_a(module, str) else None

    def _owner(self, scope: LoadedModule, chain: Chain) -> type | None:
        """The class on which, or on an object of which, a method is called."""
        owner = target_of(scope, chain[:-1]) if len(chain) > 1 else None
        if owner is None or is_a(owner, (type, ModuleType)):
            return owner if is_a(owner, type) else None
        return kind_of(owner)

    def _member(self, owner: type, name: str) -> Called | None:
        """What `self.name()` runs in a method that is called on an object of `owner`."""
        for cls in type.__dict__["__mro__"].__get__(owner):
            found = behind(cls.__dict__.get(name))
            if found is not None:
                return self._function(found, owner) if is_a(found, FunctionType) else None
        return None

    def _static(self, scope: LoadedModule, name: str) -> Called | None:
        """A name that the module has deleted since: what its text says it was."""
        view = self._view_of(scope)
        for index in reversed(view.binders(name)):
            statement = view.statements[index]
            if statement.kind in ("function", "class"):
                return Called(node=view.node(index), scope=scope)
            for entry in view.names(index).imports:
                source = self._modules.named(absolute(scope, entry))
                if entry.bound == name and source is not None:
                    return self.called(source, (entry.name,))
        return None

    def _function(self, target: FunctionType, cls: type | None = None) -> Called | None:
        owner = self._modules.of_namespace(target.__globals__)
        if owner is None:
            return Called(f"{target.__module__}.{target.__qualname__}")
        node = self._definition(owner, target.__code__.co_firstlineno - 1, target.__name__)
        member = partial(self._member, cls) if cls is not None else None
        free = partial(self._captured, target) if target.__closure__ else None
        return Called(node=node, scope=owner, member=member, free=free) if node is not None else None

    def _captured(self, target: FunctionType, name: str) -> Called | None:
        """What a name stands for that a closure has captured, where it is a function."""
        cells = dict(zip(target.__code__.co_freevars, target.__closure__ or (), strict=True))
        value = cell_content(cells[name]) if name in cells else None
        return self._function(value) if is_a(value, FunctionType) else None

    def _class(self, target: type) -> Called | None:
        module = getattr(target, "__module__", "")
        if self._modules.named(module) is None:
            return Called(f"{module}.{target.__qualname__}")
        for cls in type.__dict__["__mro__"].__get__(target):
            for init in (behind(cls.__dict__.get(n)) for n in ("__init__", "__new__", "__post_init__")):
                found = self._function(init, target) if is_a(init, FunctionType) else None
                if found is not None and found.node is not None:
                    return self._on_new(found, target)
            qualified = f"{cls.__module__}.{cls.__qualname__}"
            if qualified in known.RESOURCES:
                return Called(qualified)
        return Called(is_class=True)

    def _on_new(self, called: Called, cls: type) -> Called:
        """The same, on an object that is made just now: of what it adds to, only the containers of its class outlive it."""
        classes = type.__dict__["__mro__"].__get__(cls)[:-1]
        held = {n for c in classes for n, v in members_of(c).items() if is_a(v, _CONTAINERS)}
        own = attributes_set(called.node) if called.node is not None else set[str]()
        return replace(called, member=partial(self._new_member, cls), shared=frozenset(held - own))

    def _new_member(self, cls: type, name: str) -> Called | None:
        found = self._member(cls, name)
        return self._on_new(found, cls) if found is not None and found.node is not None else found

    def _definition(self, owner: LoadedModule, line: int, name: str) -> ast.stmt | None:
        key = owner.name, line, name
        if key not in self._definitions:
            view = self._view_of(owner)
            at = (i for i, s in enumerate(view.statements) if s.line <= line <= s.end_line)
            index = next(at, None)
            self._definitions[key] = None if index is None else _definition_in(view.node(index), line, name)
        return self._definitions[key]


def absolute(module: LoadedModule, entry: Import) -> str:
    """The full name of the module that an import names."""
    return absolute_name(module.package, entry.level, entry.module)


def _is_wrapper(value: Any) -> bool:
    kind = kind_of(value)
    if kind is FunctionType or kind is _lru_cache_wrapper:
        return "__wrapped__" in value.__dict__
    return hasattr(kind, "__wrapped__")


def _definition_in(node: ast.stmt, line: int, name: str) -> ast.stmt | None:
    for found in ast.walk(node):
        if isinstance(found, ast.Lambda) and name == "<lambda>" and found.lineno - 1 == line:
            body: list[ast.stmt] = [ast.copy_location(ast.Expr(found.body), found)]
            return ast.copy_location(ast.FunctionDef(name, found.args, body, []), found)
        if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            start = min([found.lineno, *(d.lineno for d in found.decorator_list)]) - 1
            if found.name == name and start <= line <= found.lineno - 1:
                return found
    return None
