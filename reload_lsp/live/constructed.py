"""Objects hold what their class gave them when they were made: another default of a field is in none of them."""

from __future__ import annotations

import ast

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


def defaults_changed(batch: Batch, module: LoadedModule, name: str, fields: set[str]) -> None:
    """Fields of a class have other defaults: who made an object and left one of them out is looked at again."""
    product = Product(module, name, "content")
    why = f"{name}.{min(fields)} has another default"
    for view, index in list(batch.resolver.mentioning(product)):
        statement = view.statements[index]
        if statement.kind == "import":
            _passed_on(batch, view, index, product, fields)
        elif statement.kind == "function" and _leaves_out(batch, view, index, product, fields):
            batch.result_changed(view.module, statement.name, why)
        elif statement.kind == "bind" and _leaves_out(batch, view, index, product, fields):
            batch.mark(view, index, "default", why)


def _passed_on(batch: Batch, view: View, index: int, product: Product, fields: set[str]) -> None:
    if batch.resolver.reader(view, index, product) is None:
        return
    for entry in view.names(index).imports:
        if entry.name == product.name and view.module is not product.module:
            defaults_changed(batch, view.module, entry.bound, fields)


def _by_place(cls: Any, count: int) -> set[str]:
    """The fields that are given by their place; all of them where their order is not known."""
    space: dict[str, Any] = getattr(cls, "__dict__", {})
    order = list(space.get("_fields") or space.get("__match_args__") or ())
    return set(order[:count]) if order or not count else {*space}


def _leaves_out(batch: Batch, view: View, index: int, product: Product, fields: set[str]) -> bool:
    """Whether a statement makes an object of the class and leaves one of `fields` to its default."""
    for node in ast.walk(view.node(index)):
        chain = chain_of(node.func) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and chain and batch.resolver.means(view.module, chain, product):
            given = {k.arg for k in node.keywords} | _by_place(view.ns.get(chain[0]), len(node.args))
            starred = None in given or any(isinstance(a, ast.Starred) for a in node.args)
            if not starred and fields - given:
                return True
    return False
