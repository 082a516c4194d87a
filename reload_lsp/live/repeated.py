"""Plain values that a class or decorated function adds to lists and tables while it is made, which it did once already.

They are not added a second time; where it adds others than before, nobody knows which were its own: that is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from opcode import opmap
from types import FunctionType

from ..source.codes import walk
from .batch import Batch
from .dirty import Dirty
from .kinds import kind_of
from .speak import place_of
from .values import holds_functions, plain, same
from .written import decorators_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Repeated:
    """The lists that those who take part in making a class, or decorate, may add to, before its statement is executed again.

    These are the lists among the names of the user's modules that its metaclass and bases come from, and among their
    attributes.
    """

    def __init__(self, batch: Batch, dirty: Dirty, cls: type | None) -> None:
        self.batch = batch
        self.dirty = dirty
        self.cls = cls
        makers = (
            []
            if cls is None
            else [*type.__dict__["__mro__"].__get__(cls), *type.__dict__["__mro__"].__get__(kind_of(cls))]
        )
        modules = {m.name: m for c in makers if (m := batch.modules.named(str(c.__dict__.get("__module__"))))}
        spaces = [
            *(m.ns for m in modules.values()),
            *(c.__dict__ for c in makers if c.__dict__.get("__module__") in modules),
        ]
        decorators = list(decorators_of(batch, dirty.view.module, dirty.view.node(dirty.index)))
        spaces += [function.__globals__ for function in decorators]
        values = [(n, v) for space in spaces for n, v in list(space.items()) if n[:2] != "__"]
        found: dict[int, tuple[str, list[Any]]] = {id(v): (n, v) for n, v in values if kind_of(v) is list}
        self.lists = [(name, items, len(items)) for name, items in found.values()]
        tables: dict[int, tuple[str, dict[Any, Any]]] = {id(v): (n, v) for n, v in values if kind_of(v) is dict}
        self.tables = [(name, table, dict(table)) for name, table in tables.values()]
        spaces = [function.__globals__ for function in decorators if cls is None]
        self.numbers = [(n, s, s[n]) for s in spaces for n in _counted(decorators) if type(s.get(n)) is int]

    def settle(self, made: Any = None) -> None:
        """Take what is there twice out again, and say what may be; `made` is the class that takes the place of the one before."""
        for name, items, length in self.lists:
            before, added = items[:length], items[length:]
            kept = [x for x in added if not (plain(x) and any(same(x, y) for y in before))]
            if any(kind_of(y) is self.cls for y in before):  # an object of it was put there when it was made first
                kept = [x for x in kept if kind_of(x) is not made]
            if len(kept) < len(added):
                self.batch.journal.record(_restore, items, before)
                items[length:] = kept
            elif any(_is_data(x) for x in kept):
                self._say(name)
        for name, space, before in self.numbers:
            if space[name] > before:
                self._say(name)
        for name, table, before in self.tables:
            again = any(k in table and table[k] is not v for k, v in before.items())
            if not again and any(k not in before and _is_data(v) for k, v in table.items()):
                self._say(name)

    def _say(self, name: str) -> None:
        statement = self.dirty.statement
        self.batch.findings.say(
            "RLD307",
            f"{statement.name} was made again, and what making it had added to {name} before this edit is still there. "
            "Restart the process to be without it.",
            self.dirty.view.module.path,
            place_of(statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _counted(functions: Iterable[FunctionType]) -> set[str]:
    """The global names that functions, or those that they make, bind: `global number; number += 1`."""
    codes = [c for f in functions for c in walk(f.__code__) if any(i in _STORES for i in c.co_code[::2])]
    return {n for c in codes for n in c.co_names}


_STORES = frozenset((opmap["STORE_GLOBAL"],))


def _is_data(value: Any) -> bool:
    return plain(value) and not holds_functions(value)


def _restore(items: list[Any], content: list[Any]) -> None:
    items[:] = content
