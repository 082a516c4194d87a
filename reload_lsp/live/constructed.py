"""Objects hold what their class gave them when they were made: another default of a field is in none of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import CodeType

from ..source.names import chain_of
from .batch import Batch
from .loaded import LoadedModule
from .product import Product
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TABLES = ("_field_defaults", "__dataclass_fields__", "__pydantic_fields__", "__attrs_attrs__", "__struct_fields__")


def fields_of(cls: type) -> set[str]:
    """The fields of which every new object of a class gets a value: dataclasses, attrs, pydantic, msgspec."""
    tables: list[Any] = [cls.__dict__.get(name) or () for name in _TABLES]
    return {str(getattr(f, "name", f)) for table in tables for f in table}


def defaults_of(cls: type) -> dict[str, Any]:
    """The default of every field that has one of its own, and no factory."""
    found: dict[str, Any] = {}
    tables: list[Any] = [cls.__dict__.get(name) or () for name in _TABLES]
    for table in tables:
        fields: Any = table if hasattr(table, "items") else {f.name: f for f in table if hasattr(f, "name")}
        found.update((name, getattr(held, "default", held)) for name, held in fields.items())
    return found


Concerned = Callable[["Any", ast.Call], bool]


def defaults_changed(batch: Batch, module: LoadedModule, name: str, fields: set[str]) -> None:
    """Fields of a class have other defaults: who made an object and left one of them out is looked at again."""
    why = f"{name}.{min(fields)} has another default"
    _makers_look_again(batch, module, name, why, lambda cls, call: _leaves_out(cls, call, fields))


def positions_changed(batch: Batch, module: LoadedModule, name: str, first: int) -> None:
    """A class takes its arguments in another order from place `first` on: who gave that many is looked at again."""
    why = f"{name} takes its arguments in another order"
    _makers_look_again(batch, module, name, why, lambda _, call: len(call.args) >= first)


def positions_of(init: CodeType | None) -> tuple[str, ...]:
    """The parameters of a constructor that can be given by their place, without `self`."""
    return init.co_varnames[1 : init.co_argcount] if init is not None else ()


def first_moved(before: tuple[str, ...], after: tuple[str, ...]) -> int | None:
    """The first place, from 1, at which an argument means another parameter than before: not where one was added at the end."""
    return next((at for at, (a, b) in enumerate(zip(before, after, strict=False), 1) if a != b), None)


def _makers_look_again(batch: Batch, module: LoadedModule, name: str, why: str, concerned: Concerned) -> None:
    product = Product(module, name, "content")
    for view, index in list(batch.resolver.mentioning(product)):
        statement = view.statements[index]
        if statement.kind == "import":
            for bound in _passed_on(batch, view, index, product):
                _makers_look_again(batch, view.module, bound, why, concerned)
        elif statement.kind == "function" and _makes(batch, view, index, product, concerned):
            batch.result_changed(view.module, statement.name, why)
        elif statement.kind == "bind" and _makes(batch, view, index, product, concerned):
            batch.mark(view, index, "default", why)


def _passed_on(batch: Batch, view: View, index: int, product: Product) -> list[str]:
    if view.module is product.module or batch.resolver.reader(view, index, product) is None:
        return []
    return [entry.bound for entry in view.names(index).imports if entry.name == product.name]


def _by_place(cls: Any, count: int) -> set[str]:
    """The fields that are given by their place; all of them where their order is not known."""
    space: dict[str, Any] = getattr(cls, "__dict__", {})
    order = list(space.get("_fields") or space.get("__match_args__") or ())
    return set(order[:count]) if order or not count else {*space}


def _makes(batch: Batch, view: View, index: int, product: Product, concerned: Concerned) -> bool:
    """Whether a statement makes an object of the class in a way that is concerned."""
    calls = [n for n in ast.walk(view.node(index)) if isinstance(n, ast.Call)]
    for call in calls:
        chain = chain_of(call.func)
        if chain and batch.resolver.means(view.module, chain, product) and concerned(view.ns.get(chain[0]), call):
            return True
    return False


def _leaves_out(cls: Any, call: ast.Call, fields: set[str]) -> bool:
    """Whether a call leaves one of `fields` to its default."""
    given = {k.arg for k in call.keywords} | _by_place(cls, len(call.args))
    starred = None in given or any(isinstance(a, ast.Starred) for a in call.args)
    return not starred and bool(fields - given)
