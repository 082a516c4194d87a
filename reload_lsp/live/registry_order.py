"""Registries that definitions enter as their module is executed: a new or moved one stands where its text does.

A registry that sorts what it is given keeps its own order: those whose code spells how are left alone, and those in which
the definitions of the module did not stand in the order of its text.
"""

from __future__ import annotations

import ast
from types import FunctionType, MethodType

from ..source.codes import walk
from ..source.names import chain_of
from .batch import Batch
from .dirty import Dirty
from .done import read_again
from .kinds import behind, is_a, kind_of, row_of
from .reach import functions_of
from .registered import is_told_by_makers
from .registries import containers_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_SORTS = frozenset(
    ("sort", "sorted", "insort", "insort_left", "insort_right", "heappush", "insert", "appendleft", "move_to_end")
)


def put_registries_in_order(batch: Batch) -> None:
    """Move the entries of definitions that an edit added, or put elsewhere in the text, to where a fresh start adds them."""
    for edit in batch.edits:
        view = batch.view_of(edit.module)
        moved = sorted({*_wandering(edit.pairing.old_of), *_told_again(batch, view)})
        wandering = [i for i in moved if _registers(batch, view, i)]
        if wandering:
            _Ranks(batch, view, wandering).settle()


def _wandering(old_of: Sequence[int | None]) -> list[int]:
    """The statements that are new, and those that stand below one that stood below them."""
    found: list[int] = []
    lowest = -1
    for index, before in enumerate(old_of):
        if before is None or before < lowest:
            found.append(index)
        else:
            lowest = before
    return found


def _told_again(batch: Batch, view: View) -> list[int]:
    """The edited definitions that were executed again: those may be told of them who were not before."""
    return [
        i
        for i, statement in enumerate(view.statements)
        if statement.kind in ("function", "class")
        and (step := batch.steps.get((view.module.name, i))) is not None
        and step.ending == "ran"
        and (old := view.old(i)) is not None
        and old.text != statement.text
    ]


def _registers(batch: Batch, view: View, index: int) -> bool:
    """Whether a definition is told to others when it is made, by code that does not put it in an order of its own."""
    statement = view.statements[index]
    value = view.ns.get(statement.name)
    if statement.kind == "class" and is_a(value, type):
        told = "@" in statement.text.partition("\n")[0] or is_told_by_makers(batch, value)
    else:
        told = statement.kind == "function" and statement.text[:1] == "@"
    return told and not any(_sorts(function) for function in _tellers(batch, view, index, value))


def _tellers(batch: Batch, view: View, index: int, value: Any) -> list[Any]:
    """The functions that take part in making a definition: its decorators, the hooks of its bases and metaclass."""
    found: list[Any] = []
    node = view.node(index)
    for decorator in getattr(node, "decorator_list", ()):
        chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        found.append(batch.resolver.target_of(view.module, chain) if chain else None)
    if is_a(value, type):
        kinds = (value, kind_of(value))
        makers = [c.__dict__ for kind in kinds for c in type.__dict__["__mro__"].__get__(kind)[:-1]]
        found += [space[n] for space in makers for n in ("__init_subclass__", "__new__", "__init__") if n in space]
    return found


def _sorts(teller: Any) -> bool:
    function = behind(teller.__func__ if is_a(teller, MethodType) else teller)
    codes = walk(function.__code__) if is_a(function, FunctionType) else ()
    return any(not _SORTS.isdisjoint(code.co_names) for code in codes)


class _Ranks:
    """The definitions of one module by their place in its text, now and before."""

    def __init__(self, batch: Batch, view: View, wandering: list[int]) -> None:
        self.batch, self.view, self.wandering = batch, view, wandering
        self.place: dict[int, int] = {}
        for index, statement in enumerate(view.statements):
            value = view.ns.get(statement.name) if statement.kind in ("function", "class") else None
            if is_a(value, (FunctionType, type)):
                parts = functions_of([value], view.module.path) if is_a(value, FunctionType) else ()
                self.place.update({id(v): index for v in (value, *parts)})

    def settle(self) -> None:
        """Look through the containers that hold a wandering definition."""
        names = {self.view.statements[i].name for i in self.wandering}
        values = tuple(v for n in names if (v := self.view.ns.get(n)) is not None)
        for container in containers_of(values, rows=True):
            is_list = kind_of(container) is list
            entries: list[Any] = list(container if is_list else container.items())
            ordered = self._ordered(entries)
            if ordered is not None:
                self.batch.journal.replace_content(container, ordered if is_list else dict(ordered))
                self._tell(container)

    def _place_of(self, entry: Any) -> int | None:
        parts: list[Any] = [entry]
        while parts:
            part = parts.pop()
            if id(part) in self.place:
                return self.place[id(part)]
            parts += row_of(part)
        return None

    def _ordered(self, entries: list[Any]) -> list[Any] | None:
        """The entries with the wandering ones behind those that stand above them; None where all is well, or not by text."""
        own = [(e, p) for e in entries if (p := self._place_of(e)) is not None]
        new = [p for _, p in own if self.view.old(p) is None]
        again = {i for i in self.wandering if self.view.old(i) is not None}
        before = [self._stood(p) for _, p in own if self.view.old(p) is not None and p not in again]
        by_text = before == sorted(before) and [p for _, p in own[len(own) - len(new) :]] == new
        places = [p for _, p in own]
        if not by_text or places == sorted(places):
            return None
        rest = [e for e in entries if self._place_of(e) not in self.wandering]
        for entry, place in sorted(own, key=_second):
            if place in self.wandering:
                rest.insert(self._at(rest, place), entry)
        return rest

    def _at(self, entries: list[Any], place: int) -> int:
        above = [i for i, e in enumerate(entries) if (p := self._place_of(e)) is not None and p <= place]
        below = [i for i, e in enumerate(entries) if (p := self._place_of(e)) is not None and p > place]
        return above[-1] + 1 if above else below[0] if below else len(entries)

    def _stood(self, index: int) -> int:
        assert self.view.edit is not None
        before = self.view.edit.pairing.old_of[index]
        return -1 if before is None else before

    def _tell(self, container: Any) -> None:
        """Who reads the registry by name reads it again."""
        for module in self.batch.modules.all():
            for name in [n for n, v in list(module.ns.items()) if v is container]:
                read_again(self.batch, Dirty(self.view, min(self.wandering)), module, name, set())


def _second(pair: tuple[object, int]) -> int:
    return pair[1]
