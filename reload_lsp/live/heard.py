"""Where those write things down that hear of a definition, its decorators, bases and metaclass: who reads that looks again."""

from __future__ import annotations

import ast
from collections import deque
from types import FunctionType

from ..source.codes import walk
from ..source.names import chain_of
from .attributes import members_changed
from .batch import Batch
from .dirty import Dirty
from .discard import put_in_place
from .done import read_again
from .journal import KeptList
from .kinds import behind, is_a, kind_of, pairs_of
from .loaded import LoadedModule
from .values import CONTAINERS, same
from .written import decorators_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_HOOKS = ("__init_subclass__", "__new__", "__init__", "__call__", "__prepare__", "__set_name__")
_CONSTRUCTORS = ("__new__", "__init__", "__post_init__")
_MANY = 10_000


class Heard:
    """The containers that may get something when a definition runs: among the names of modules, and in classes."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch = batch
        self._dirty = dirty
        node = dirty.view.node(dirty.index)
        self._of_modules: list[tuple[LoadedModule, str, Any, Any]] = KeptList()
        self._of_classes: list[tuple[type, str, Any, Any]] = KeptList()
        for function in decorators_of(batch, dirty.view.module, node) if _is_decorated(node) else ():
            self._globals_of(function)
        for cls in dict.fromkeys(self._makers(node)) if isinstance(node, ast.ClassDef) else ():
            self._of_class(cls, _HOOKS)
        own: Any = dirty.view.ns.get(dirty.statement.name) if isinstance(node, ast.ClassDef) else None
        for name, value in list(own.__dict__.items()) if is_a(own, type) else ():
            if _is_container(value):  # the hooks of members may fill it
                self._of_classes.append((own, name, value, _content(value)))
        chains = dirty.names.calls if dirty.statement.kind == "bind" else ()
        for cls in [t for c in chains if is_a(t := batch.resolver.target_of(dirty.view.module, c), type)]:
            if batch.modules.named(str(cls.__dict__.get("__module__"))) is not None:
                self._of_class(cls, _CONSTRUCTORS)

    def _makers(self, node: ast.ClassDef) -> Iterator[type]:
        """The bases of a class and its metaclass, as far as they are the program's."""
        exprs = [*node.bases, *(k.value for k in node.keywords if k.arg == "metaclass")]
        chains = [c for e in exprs if (c := chain_of(e.value if isinstance(e, ast.Subscript) else e)) is not None]
        for target in (self._batch.resolver.target_of(self._dirty.view.module, c) for c in chains):
            for cls in type.__dict__["__mro__"].__get__(target) if is_a(target, type) else ():
                kinds = type.__dict__["__mro__"].__get__(kind_of(cls))
                yield from (c for c in (cls, *kinds) if self._batch.modules.named(str(c.__dict__.get("__module__"))))

    def _of_class(self, cls: type, names: tuple[str, ...]) -> None:
        hooks = [f for n in names if is_a(f := behind(cls.__dict__.get(n)), FunctionType)]
        words = {w for f in hooks for code in walk(f.__code__) for w in code.co_names}
        for hook in hooks:
            self._globals_of(hook)
        for owner in type.__dict__["__mro__"].__get__(cls)[:-1] if words else ():
            for name, value in list(owner.__dict__.items()):
                if name in words and _is_container(value):
                    self._of_classes.append((owner, name, value, _content(value)))

    def _globals_of(self, function: FunctionType) -> None:
        module = self._batch.modules.of_namespace(function.__globals__)
        for name in {n for code in walk(function.__code__) for n in code.co_names} if module is not None else ():
            value: Any = function.__globals__.get(name)
            if module is not None and _is_container(value):
                self._of_modules.append((module, name, value, _content(value)))

    def settle(self) -> None:
        """The definition has run: tell the readers of what has other content now."""
        old_of = {id(new): old for new, old in self._batch.discards}
        for _, _, value, _ in (*self._of_modules, *self._of_classes) if old_of else ():
            put_in_place(self._batch, value, old_of)
        refilled = {id(c.after) for c in self._batch.changes.values() if c.product.kind == "content"}
        for module, name, value, before in self._of_modules:
            if not same(before, _content(value)) or _has_one(value, refilled):
                read_again(self._batch, self._dirty, module, name, set())
        for cls, name, value, before in self._of_classes:
            home = self._batch.modules.named(cls.__module__)
            otherwise = not same(before, _content(value)) or _has_one(value, refilled)
            if home is not None and home.ns.get(cls.__name__) is cls and otherwise:
                members_changed(self._batch, home, cls.__name__, {name})


def _is_decorated(node: ast.stmt) -> bool:
    return bool(getattr(node, "decorator_list", ()))


def _is_container(value: Any) -> bool:
    return is_a(value, (*CONTAINERS, deque)) and len(value) <= _MANY


def _has_one(container: Any, ids: set[int]) -> bool:
    """Whether an object in a container holds something else now."""
    items = [v for _, v in pairs_of(container)] if is_a(container, dict) else container
    return any(id(x) in ids for x in items)


def _content(value: Any) -> Any:
    """A copy that compares by what is in it; members of sets by identity, for nothing of the program's is to be asked."""
    if is_a(value, dict):
        return pairs_of(value)
    return sorted(map(id, value)) if kind_of(value) in (set, frozenset) else [*value]
