"""Names that stand for an edited function without defining it: `g = A.f`, `f = make(1)(2)`, `TABLE = [f]`, a wrapper."""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict, deque
from types import FunctionType, MethodType, ModuleType

from ..source.changing import MUTATORS
from .aside import Aside
from .batch import Batch
from .evidence import leaves_no_trace, makes_data_of_it
from .kinds import behind, is_a, kind_of, pairs_of
from .loaded import LoadedModule
from .product import Product, Reader, binds_data, is_data
from .reach import cell_content, functions_of, getattr_raw
from .users import follow_users
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_FEW = 64
_TABLES = (dict, defaultdict, OrderedDict)
_CONTAINERS = frozenset((list, tuple, set, frozenset, deque, *_TABLES))
_ATOMS = frozenset((str, int, float, bool, bytes, type(None)))
_HOLDING = _CONTAINERS | {FunctionType, MethodType, functools.partial}


def follow_held_functions(batch: Batch) -> None:
    """Tell who calls them, or hands them to somebody, that they do something else now."""
    own = {id(swap.function) for swap in batch.swapped if id(swap.pair.new) in batch.own_codes}
    modules = {m.name: m for e in batch.edits for m in batch.resolver.candidates(e.module)} if own else {}
    for module, name, value in _names(modules.values()):
        if (module.name, name) in batch.changes:
            continue
        if _is_container(value):
            _of_container(batch, module, name, value, own)
        elif _is_held(value, name, module.ns, own):
            batch.code_changed(module, name, f"a function in {name} was edited")


def follow_contained(batch: Batch, functions: dict[int, tuple[LoadedModule, Any]]) -> None:
    """Tell who reads a container that functions in it give something else, for what they read or call changed."""
    modules = {m.name: m for home, _ in functions.values() for m in batch.resolver.candidates(home)}
    for module, name, value in _names(modules.values()):
        if _is_container(value) and (module.name, name) not in batch.changes:
            _of_container(batch, module, name, value, {*functions})


def _names(modules: Iterable[LoadedModule]) -> Iterator[tuple[LoadedModule, str, Any]]:
    for module in modules:
        for name, value in list(module.ns.items()):
            if kind_of(value) in _HOLDING and name[:2] != "__":
                yield module, name, value


def _is_container(value: Any) -> bool:
    return kind_of(value) in _CONTAINERS and len(value) <= _FEW


def _of_container(batch: Batch, module: LoadedModule, name: str, value: Any, own: set[int]) -> None:
    if any(_leads_to(v, own) for v in _items(value)):
        with Aside(batch, _makes_data):
            _read_again(batch, Product(module, name, "code"))
            follow_users(batch)


def _items(container: Any) -> list[Any]:
    return list(container.values() if kind_of(container) in _TABLES else container)


def _leads_to(value: Any, own: set[int], depth: int = 2) -> bool:
    """Whether an item is one of some functions, or holds one: `TABLE[topic] = [f]`, `{"run": f}`, `Plugin("a", f)`."""
    if id(_function(value)) in own:
        return True
    if depth == 0 or kind_of(value) in _ATOMS:
        return False
    state = getattr_raw(value, "__dict__") if not is_a(value, (type, ModuleType, FunctionType)) else None
    inner: list[Any] = _items(value) if _is_container(value) else [v for _, v in pairs_of(state or {})]
    return any(_leads_to(x, own, depth - 1) for x in inner[:_FEW])


def _makes_data(batch: Batch, view: View, index: int) -> bool:
    """Those who put functions into the container name it, too, and those who ask for its keys: theirs is not made again."""
    if not leaves_no_trace(batch, view, index):
        return binds_data(view, index)
    return makes_data_of_it(batch, view, index, failing=True)


def _read_again(batch: Batch, product: Product) -> None:
    """Data that was made with the functions in a container."""
    for reader in list(batch.resolver.readers(product)):
        if reader.late:
            if _may_call(reader, product):
                batch.called_late(reader, product)
        elif is_data(reader):
            batch.mark(reader.view, reader.index, "called", reader.why)


def _may_call(reader: Reader, product: Product) -> bool:
    """Whether a function does more with a container than to put something into it."""
    used = {c for chains in reader.view.late(reader.index, product.name) for c in chains}
    return any(c[-1] not in MUTATORS for c in used)


def _is_held(value: Any, name: str, ns: dict[str, Any], own: set[int]) -> bool:
    kind = kind_of(value)
    if kind is FunctionType:
        own_statement = value.__globals__ is ns and value.__qualname__ == name
        if own_statement and "__wrapped__" in value.__dict__:
            return any(id(f) in own and f.__code__.co_name != name for f in functions_of([value], ""))
        defined = own_statement and value.__code__.co_name == name
        return not defined and (id(value) in own or any(id(cell_content(c)) in own for c in value.__closure__ or ()))
    return kind in (MethodType, functools.partial) and id(_function(value)) in own


def _function(value: Any) -> Any:
    kind = kind_of(value)
    if kind is MethodType:
        return value.__func__
    return value.func if kind is functools.partial else behind(value)
