"""Names that functions and statements come by at the last moment: `getattr(module, name)`, imports inside of functions."""

from __future__ import annotations

import ast
import re
from types import CodeType, ModuleType

from ..source.codes import walk
from ..source.spelled import may_take
from .importers import absolute_name
from .kinds import is_a, names_in
from .loaded import LoadedModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .product import Product
    from .view import View

_GETATTR = re.compile(r"getattr\(\s*([^\W\d][\w.]*)\s*,").findall


def at_qualname(ns: dict[str, Any], qualname: str) -> Any:
    """What a qualified name stands for in a module and its classes, None where that is nothing of its own."""
    first, *rest = qualname.split(".")
    value: Any = ns.get(first)
    for part in rest:
        value = value.__dict__.get(part) if is_a(value, type) else None
    return value


def asked_modules(text: str, ns: dict[str, Any]) -> Iterator[ModuleType]:
    """The modules whose attributes a text asks for by computed names."""
    for chain in _GETATTR(text) if "getattr(" in text else ():
        first, *rest = chain.split(".")
        value = ns.get(first)
        for part in rest:
            value = names_in(value).get(part) if is_a(value, ModuleType) else None
        if is_a(value, ModuleType):
            yield value


def imports_inside(view: View, index: int, product: Product) -> bool:
    """Whether a function of a statement imports the product, or its module, each time it runs."""
    statement = view.statements[index]
    if statement.kind not in ("function", "class") or not may_import(statement.text, product):
        return False
    if not any(_may_import(code, product) for top in view.codes(index) for code in walk(top)):
        return False
    module = view.module
    for node in ast.walk(view.node(index)):
        if isinstance(node, ast.ImportFrom):
            source = absolute_name(module.package, node.level, node.module or "")
            if any(_takes(source, alias.name, product) for alias in node.names):
                return True
        elif isinstance(node, ast.Import) and any(alias.name == product.module.name for alias in node.names):
            return f".{product.name}" in statement.text
    return False


def may_import(text: str, product: Product) -> bool:
    """Whether a text, not parsed, may import the product, or its module to ask it for the product."""
    name, module = product.name, product.module.name.rpartition(".")[2]
    return name in text and (may_take(text, name) or may_take(text, module))


def _may_import(code: CodeType, product: Product) -> bool:
    """Whether a function has the name of the product, and that of its module or of a package around, in its code."""
    tail = product.module.name.rpartition(".")[2]
    return product.name in code.co_names and any(not n or n.rpartition(".")[2] == tail for n in code.co_names)


def _takes(source: str, name: str, product: Product) -> bool:
    home: LoadedModule = product.module
    return (source == home.name and name in (product.name, "*")) or f"{source}.{name}" == home.name
