"""Module-level dictionaries that a statement fills through a function of the program, filled again from empty."""

from __future__ import annotations

import ast

from ..source.statement import parse
from .batch import Batch
from .dirty import Dirty
from .kinds import kind_of
from .product import Product
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Filled:
    """The dictionaries that one run of a statement sets items of.

    One that begins empty is emptied first, so that its order is that of a fresh run; entries that the run does not
    make again are the program's own and are put back, unless their value is gone from the program.
    """

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self.batch = batch
        self.dirty = dirty
        self.before: list[tuple[Any, str, dict[Any, Any], dict[Any, Any]]] = []
        for module, name in sorted(dirty.stored, key=lambda s: s[1]):
            value: Any = module.ns.get(name)
            one_item = dirty.statement.kind == "effect" and name in dirty.names.stores  # it may read the others
            if kind_of(value) is dict and not one_item:
                self._take(module, name, value)

    def _take(self, module: Any, name: str, value: dict[Any, Any]) -> None:
        self.before.append((module, name, value, dict(value)))
        self.batch.journal.record(_refill, value, dict(value))
        if _begins_empty(self.batch, module, name):
            value.clear()

    def settle(self) -> None:
        """Put back what is the program's own, and tell the readers of what changed."""
        gone = {id(v) for e in self.batch.edits for v in e.module.buried().values()}
        for module, name, value, before in self.before:
            for key, item in before.items():
                if key not in value and id(item) not in gone:
                    value[key] = item
            if not same(value, before) or list(value) != list(before):
                self.batch.changed(Product(module, name, "content"), value, value)


def _refill(target: dict[Any, Any], content: dict[Any, Any]) -> None:
    target.clear()
    target.update(content)


def _begins_empty(batch: Batch, module: Any, name: str) -> bool:
    view = batch.view_of(module)
    binders = view.binders(name)
    if len(binders) != 1:
        return False
    node = parse(view.statements[binders[0]])
    value = getattr(node, "value", None)
    return isinstance(value, ast.Dict) and not value.keys
