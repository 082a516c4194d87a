"""What was found of the names in one statement: data."""

from __future__ import annotations

from ..values import dataclass

Chain = tuple[str, ...]


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

    binds: frozenset[str] = frozenset()
    rebinds: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    reads: frozenset[Chain] = frozenset()
    calls: frozenset[Chain] = frozenset()
    mutates: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    keyed: frozenset[str] = frozenset()
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
            frozenset(self.binds),
            frozenset(rebinds),
            frozenset(self.deletes),
            frozenset(self.reads),
            frozenset(self.calls),
            frozenset(self.mutates),
            frozenset(self.stores),
            frozenset(self.keyed),
            tuple(self.imports),
        )
