"""What an effect did to the objects it was about: data that was read off them below it is read again."""

from __future__ import annotations

import ast
from types import ModuleType

from ..plan.impact import Effect
from ..source.names import chain_of
from .aside import Aside
from .batch import Batch
from .dirty import Dirty
from .journal import MISSING, put_back
from .kinds import is_a
from .loaded import LoadedModule
from .product import Product, Reader, binds_data, is_data
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Done:
    """One run of a statement that is no binding: the names that functions may set, as they were, and what it is about."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch = batch
        self._dirty = dirty
        self._before: list[tuple[LoadedModule, str, Any]] = []
        self._touched: frozenset[tuple[Any, str]] = frozenset()
        if dirty.statement.kind in ("effect", "block"):
            module = dirty.view.module
            impact = batch.effects.of(dirty.view.node(dirty.index), module)
            self._touched = impact.touched | impact.stored
            self._before = [(m, name, m.ns.get(name, MISSING)) for m, name in impact.stored]

    def settle(self) -> None:
        """Tell the readers of what is another object now, and the data that was read off what was acted on."""
        if self._dirty.statement.kind not in ("effect", "block"):
            return
        bound = self._dirty.names.binds
        for module, name, before in self._before:
            after = module.ns.get(name, MISSING)
            if after is not before and not (module is self._dirty.view.module and name in bound):
                self._batch.journal.record(put_back, module.ns, name, before, after)
                self._batch.changed(Product(module, name, "identity"), before, after, self._dirty.index)
        for name in self._acted_on():
            read_again(self._batch, self._dirty, self._dirty.view.module, name, set())

    def _acted_on(self) -> set[str]:
        """The names whose objects the statement changed, or gave to a function that may have."""
        names = set(self._dirty.names.mutates)
        node = self._dirty.view.node(self._dirty.index)
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call):
            chains = [chain_of(a) for a in (*call.args, *(k.value for k in call.keywords))]
            names |= {c[0] for c in chains if c}
        return names | {n for m, n in self._touched if m is self._dirty.view.module}


def read_again(batch: Batch, dirty: Dirty, module: LoadedModule, name: str, seen: set[tuple[str, str]]) -> None:
    """Data that harmless statements below `dirty` read off the object `name` of a module, or do with it, is read again."""
    if (module.name, name) in seen:
        return
    seen.add((module.name, name))
    product = Product(module, name, "content")
    for reader in list(batch.resolver.readers(product)):
        view, index = reader.view, reader.index
        if view.statements[index].kind == "import":
            for entry in view.names(index).imports:
                if entry.name == name:
                    read_again(batch, dirty, view.module, entry.bound, seen)
        elif not reader.late and is_data(reader) and _may_run(batch, dirty, view, index, name):
            batch.mark(view, index, "input", reader.why)
        elif reader.late:
            _through_functions(batch, dirty, reader, product)


def _through_functions(batch: Batch, dirty: Dirty, reader: Reader, product: Product) -> None:
    """The same for data that was made by functions which read the object."""

    def may(_: Batch, view: View, index: int) -> bool:
        return binds_data(view, index) and _may_run(batch, dirty, view, index, product.name)

    with Aside(batch, may):
        batch.called_late(reader, product)


def _may_run(batch: Batch, dirty: Dirty, view: View, index: int, name: str) -> bool:
    """Whether a statement stands below, and does no more than read."""
    if view.module is dirty.view.module and index <= dirty.index:
        return False
    harmless = batch.effects.of(view.node(index), view.module).effect <= Effect.LOCAL
    return harmless and name not in view.names(index).mutates


def read_registered_again(batch: Batch, dirty: Dirty) -> None:
    """An edited function that was handed to others (`@table.add`, `@f.register`): what was read off them may come from it."""
    node = dirty.view.node(dirty.index)
    decorators = node.decorator_list if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else []
    for decorator in decorators:
        chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if chain and not is_a(dirty.view.ns.get(chain[0]), ModuleType):
            read_again(batch, dirty, dirty.view.module, chain[0], set())
