"""Objects of libraries that were given functions: whether a call of a method may have called what the object was given.

`button.pack()` has nothing to do with the command of the button, `solver.solve()` calls its objective.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from types import FunctionType, MethodType

from ..source.codes import walk
from .classes import members_of
from .kinds import behind, is_a, kind_of
from .modules import Modules
from .product import Product, Reader, is_data
from .reach import getattr_raw
from .values import holds_functions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def may_have_called(modules: Modules, product: Product, reader: Reader) -> bool:
    """Whether a statement may be another for what an object holds; True for all that is no object of a library."""
    value = product.module.ns.get(product.name)
    statement = reader.view.statements[reader.index]
    if not _is_librarys(modules, value):
        return True
    if product.kind == "content" and statement.kind == "bind":
        return is_data(reader)  # `server = make_server(app)` holds the object, whatever is in it
    if product.kind != "code" or statement.kind != "effect" or callable(value):
        return True
    if is_a(value, Thread):
        return not value.is_alive()  # what it calls next is new, and its frames are looked at
    names = reader.view.names(reader.index)
    methods = {c[i + 1] for c in names.calls for i, part in enumerate(c[:-1]) if part == product.name}
    return not methods.isdisjoint(_calling(kind_of(value), {n for n, v in _attributes(value) if _is_function(v)}))


def _is_librarys(modules: Modules, value: Any) -> bool:
    home = str(kind_of(value).__module__)
    return home not in ("builtins", "collections") and modules.named(home) is None


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    space = getattr_raw(value, "__dict__")
    yield from list(space.items()) if kind_of(space) is dict else ()
    slots = (s for c in type.__dict__["__mro__"].__get__(kind_of(value)) for s in c.__dict__.get("__slots__", ()))
    yield from ((s, getattr(value, s, None)) for s in slots if isinstance(s, str))


def _is_function(value: Any) -> bool:
    return holds_functions(value) or kind_of(value) is MethodType or callable(value)


def _calling(kind: type, wanted: set[str]) -> set[str]:
    """The methods of a class that come, through others of it, to an attribute among `wanted`."""
    uses: dict[str, set[str]] = {}
    for base in reversed(type.__dict__["__mro__"].__get__(kind)):
        functions = {n: f for n, m in members_of(base).items() if is_a(f := behind(m), FunctionType)}
        uses.update({n: {word for c in walk(f.__code__) for word in c.co_names} for n, f in functions.items()})
    found = {n for n, words in uses.items() if not words.isdisjoint(wanted)}
    while more := {n for n, words in uses.items() if n not in found and not words.isdisjoint(found)}:
        found |= more
    return found
