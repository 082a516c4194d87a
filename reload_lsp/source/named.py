"""What was found of the names in one statement: data."""

from __future__ import annotations

from ..values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")

Chain = tuple[str, ...]
NONE: frozenset[Any] = frozenset()  # CPython makes another one each time


@dataclass(frozen=True, slots=True)
class Import:
    """One name of an import statement: `module` as written with `level` leading dots, `name` "" for `import m`, "*" for all."""

    module: str
    level: int
    name: str
    bound: str


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one statement. Chains are dotted reads: `a.b.c` is ("a", "b", "c").

    `reads` and `calls` happen when the statement runs; what the functions that it defines read when they are called is left
    to `late`.
    `rebinds` are the names that it binds to something made of what they were: `x = f(x)`.
    `mutates` are the names whose objects it changes in place, `stores` those of which it sets items or attributes, `keyed`
    those of which it sets items under computed keys.
    """

    binds: frozenset[str] = NONE
    rebinds: frozenset[str] = NONE
    deletes: frozenset[str] = NONE
    reads: frozenset[Chain] = NONE
    calls: frozenset[Chain] = NONE
    mutates: frozenset[str] = NONE
    stores: frozenset[str] = NONE
    keyed: frozenset[str] = NONE
    imports: tuple[Import, ...] = ()


class Found:
    """The names of one statement while they are looked for."""

    __slots__ = ("binds", "calls", "deletes", "imports", "keyed", "mutates", "reads", "stores")

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.deletes: set[str] = set()
        self.reads: set[Chain] = set()
        self.calls: set[Chain] = set()
        self.mutates: set[str] = set()
        self.stores: set[str] = set()
        self.keyed: set[str] = set()
        self.imports: list[Import] = []

    def names(self, rebinds: set[str]) -> Names:
        """What was found; empty sets are one object, and most are empty."""
        return Names(
            _frozen(self.binds),
            _frozen(rebinds),
            _frozen(self.deletes),
            _frozen(self.reads),
            _frozen(self.calls),
            _frozen(self.mutates),
            _frozen(self.stores),
            _frozen(self.keyed),
            tuple(self.imports),
        )


def _frozen(found: set[T]) -> frozenset[T]:
    return frozenset(found) if found else NONE
