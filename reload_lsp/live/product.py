"""What statements make and what they read: the products that changed, and how they reach a statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType, ModuleType

from ..source.names import chain_of
from ..values import dataclass
from .kinds import behind, is_a
from .loaded import LoadedModule
from .values import holds_functions, plain
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from ..source.names import Chain

    ProductKind = Literal["identity", "content", "code", "inner", "result", "deep", "removed", "added"]
else:
    ProductKind = str

BINDING = frozenset(("function", "class", "bind", "import"))

# "code": the function does something else when called; "inner": only functions that it makes do; "result": it reads
# something that changed; "deep": only functions nested in it do.
CALLED = frozenset(("code", "inner", "result", "deep"))
PASSED_ON = CALLED | {"content"}
REASONS = {"code": "called", "inner": "called", "result": "derived", "deep": "derived"}


@dataclass(frozen=True, slots=True)
class Product:
    """What a statement bound: `name` in `module`, and in what way it changed."""

    module: LoadedModule
    name: str
    kind: ProductKind

    def __hash__(self) -> int:
        return hash((self.module.name, self.name, self.kind))

    def __eq__(self, other: object) -> bool:
        return (
            is_a(other, Product) and other.module is self.module and (other.name, other.kind) == (self.name, self.kind)
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A product before and after."""

    product: Product
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Reader:
    """A statement that a changed product reaches.

    `late` where only function bodies read it (2: nested ones); `handed` where a changed function is not called in the
    statement but handed to something that may call it; `whole` where it reads all names of a module.
    """

    view: View
    index: int
    why: str
    late: int
    handed: bool = False
    whole: bool = False


def concerns(product: Product, reader: Reader) -> bool:
    """Whether a statement that calls a function may be another for what the function does now.

    Definitions follow changed results through their decorators alone, and those nested in functions not at all; functions
    that a call made follow by themselves, only data does not.
    """
    statement = reader.view.statements[reader.index]
    if product.kind == "inner" or reader.handed:
        return is_data(reader)
    if product.kind in ("result", "deep"):
        return statement.kind != "class" and (statement.kind != "function" or product.kind != "deep")
    return True


def applied_calls(node: ast.AST) -> Iterator[Chain]:
    """The functions whose results are called at once: `@function(1)`, `function(1)(value)`."""
    for part in ast.walk(node):
        made: list[ast.expr] = list(getattr(part, "decorator_list", ()))
        made += [part.func] if isinstance(part, ast.Call) else []
        for call in made:
            chain = chain_of(call.func) if isinstance(call, ast.Call) else None
            if chain is not None:
                yield chain


def takes_by_default(definition: Any, product: Product) -> bool:
    """Whether a function, or a method of a class, has a product as the default of a parameter."""
    value = product.module.ns.get(product.name)
    functions = map(behind, vars(definition).values()) if is_a(definition, type) else [definition]
    given = ((*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values()) for f in functions if is_a(f, FunctionType))
    return any(d is value for defaults in given for d in defaults)


def is_data(reader: Reader) -> bool:
    return binds_data(reader.view, reader.index)


def binds_data(view: View, index: int) -> bool:
    """Whether a statement bound data alone, without functions in it; a block may bind what it works with as well."""
    kind = view.statements[index].kind
    if kind not in ("bind", "block"):
        return False
    data = [plain(v) and not holds_functions(v) for v in map(view.ns.get, view.names(index).binds)]
    return any(data) and (kind == "block" or all(data))


def holds_objects(reader: Reader) -> bool:
    """Whether what a statement bound is more than functions: it may have chosen objects by a changed one (`key=size`)."""
    return not all(plain(reader.view.ns.get(n)) for n in reader.view.names(reader.index).binds)


def given_to(reader: Reader) -> set[str]:
    """The objects to which an effect gives something by a method: `bus.attach(f)`, `self.handlers.append(f)`."""
    names = {c[0] for c in reader.view.names(reader.index).calls if len(c) > 1}
    return {n for n in names if not is_a(reader.view.ns.get(n), (type, ModuleType, FunctionType))}


def orders(reader: Reader) -> bool:
    """Whether a statement sorts a container by what it is given: done again it puts the same in their order of now."""
    statement = reader.view.statements[reader.index]
    return statement.kind == "effect" and any(c[-1] == "sort" for c in reader.view.names(reader.index).calls)


def reads_its_own(reader: Reader, product: Product) -> bool:
    """Whether a statement that reads all names of its module binds this one itself: its loop variable."""
    return (
        reader.whole and reader.view.module is product.module and product.name in reader.view.names(reader.index).binds
    )


def sees_another(reader: Reader, product: Product, origin: int) -> bool:
    """Whether a statement of the same module reads another binding of the name than that of statement `origin`."""
    if reader.view.module is not product.module or len(binders := reader.view.binders(product.name)) < 2:
        return False
    if reader.index < origin:
        return any(i <= reader.index for i in binders)  # what stands above `origin` and binds the name sees its own
    between = [i for i in binders if origin < i < reader.index and reader.view.statements[i].kind in BINDING]
    return any(product.name not in reader.view.names(i).rebinds for i in between)  # `f = wrap(f)` is made of it
