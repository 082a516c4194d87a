"""Names that stand for an edited function without defining it: `g = A.f`, `f = make(1)(2)`, `TABLE = [f]`, a wrapper."""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict, deque
from types import FunctionType, MethodType

from ..source.changing import MUTATORS
from .aside import Aside
from .batch import Batch
from .kinds import behind, kind_of
from .product import Product, Reader, is_data
from .reach import cell_content, functions_of
from .users import follow_users
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FEW = 64
_TABLES = (dict, defaultdict, OrderedDict)
_CONTAINERS = frozenset((list, tuple, set, frozenset, deque, *_TABLES))
_HOLDING = _CONTAINERS | {FunctionType, MethodType, functools.partial}


def follow_held_functions(batch: Batch) -> None:
    """Tell who calls them, or hands them to somebody, that they do something else now."""
    own = {id(swap.function) for swap in batch.swapped if id(swap.pair.new) in batch.own_codes}
    modules = {m.name: m for e in batch.edits for m in batch.resolver.candidates(e.module)} if own else {}
    for module in modules.values():
        for name, value in list(module.ns.items()):
            kind = kind_of(value)
            if kind not in _HOLDING or (module.name, name) in batch.changes:
                continue
            if kind in _CONTAINERS:
                if len(value) > _FEW:
                    continue
                items = value.values() if kind in _TABLES else value
                if any(id(_function(v)) in own for v in items):
                    with Aside(batch, _is_no_definition):
                        _read_again(batch, Product(module, name, "code"))
                        follow_users(batch)
            elif _is_held(value, name, module.ns, own):
                batch.code_changed(module, name, f"a function in {name} was edited")


def _is_no_definition(_: Batch, view: View, index: int) -> bool:
    """Who registers what it decorates names the container, too."""
    return view.statements[index].kind not in ("function", "class")


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
        own_statement = (
            value.__globals__ is ns and value.__qualname__ == name
        )  # it tells, unless another's code was put in
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
