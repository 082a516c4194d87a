"""Where a definition stands in registries: taken out before its edited statement runs again, so that no old entry stays.

`@register("a")` that became `@register("b")` leaves the entry "a" to nobody; a registry that refuses to take a name twice
takes it. What the statement does not put back in a dictionary into which it put something belongs to the past; in any other
the object was put by somebody else, and it is put back.
"""

from __future__ import annotations

import ast
import gc
from types import FunctionType

from ..plan.impact import Effect
from ..source.codes import walk
from ..source.statement import parse
from .batch import Batch
from .dirty import Dirty
from .journal import KeptDict, KeptList, fill, kept
from .kinds import behind, is_a, kind_of, pairs_of, row_of
from .reach import getattr_raw
from .registries import containers_of, is_entry
from .values import same
from .written import decorators_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


_KEYS = (str, int, bool, bytes)  # asking others whether they are equal would run the program's code


def may_register(batch: Batch, dirty: Dirty, cls: type | None = None) -> bool:
    """Whether running an edited definition may put what it makes into a registry."""
    if not dirty.reasons & {"edited", "called"}:
        return False
    if batch.effects.of(dirty.view.node(dirty.index), dirty.view.module).effect > Effect.PURE:
        return True
    return cls is not None and is_told_by_makers(batch, cls)


def forget_if_it_fails(batch: Batch, made: Any) -> None:
    """Should the batch fail, a definition that it added is in no registry: who they are is looked for then."""
    batch.journal.record(_take_out, made)


def _take_out(made: Any) -> None:
    pairs = tuple(
        p for p in gc.get_referrers(made) if kind_of(p) is tuple
    )  # a list would be among those that hold them
    for holder in containers_of((made, *pairs)):
        keys = [k for k, v in holder.items() if v is made] if kind_of(holder) is dict else ()
        for key in keys:
            del holder[key]
        if kind_of(holder) is list:
            holder[:] = [x for x in holder if x is not made and not any(x is p for p in pairs)]


def is_told_by_makers(batch: Batch, cls: type) -> bool:
    """Whether a base or metaclass of the user's hears of every class that is made of it."""
    bases = type.__dict__["__mro__"].__get__(cls)[1:]
    kinds = type.__dict__["__mro__"].__get__(kind_of(cls))
    hooks = [c.__dict__.get("__init_subclass__") for c in bases]
    hooks += [c.__dict__.get(name) for c in kinds for name in ("__new__", "__init__")]
    inner = (getattr(hook, "__func__", hook) for hook in hooks)
    return any(is_a(f, FunctionType) and batch.modules.of_namespace(f.__globals__) for f in inner)


def still_named(batch: Batch, cls: type) -> str:
    """Where the bases of a removed class have written down its name; "" where they have not."""
    if not is_told_by_makers(batch, cls):
        return ""
    makers = [*type.__dict__["__mro__"].__get__(cls)[1:], *type.__dict__["__mro__"].__get__(kind_of(cls))]
    modules = {m.name: m for c in makers if (m := batch.modules.named(str(c.__dict__.get("__module__"))))}
    spaces = {**{m.name: m.ns for m in modules.values()}, **{c.__name__: c.__dict__ for c in makers}}
    for owner, space in spaces.items():
        for name, value in list(space.items()):
            if kind_of(value) in (dict, list, set) and any(type(x) is str and x == cls.__name__ for x in value):
                return f"{owner}.{name}"
    return ""


def named_in(dirty: Dirty) -> frozenset[Any]:
    """The constants in the decorators of a definition when it ran before, and what names in them stand for."""
    old = dirty.view.old(dirty.index)
    decorators = getattr(parse(old), "decorator_list", ()) if old is not None else ()
    nodes = [n for d in decorators for n in ast.walk(d)]
    values = [n.value for n in nodes if isinstance(n, ast.Constant)]
    values += [dirty.view.ns.get(n.id) for n in nodes if isinstance(n, ast.Name)]
    return frozenset(v for v in values if kind_of(v) in _KEYS)


_SORTING = frozenset(("sort", "sorted", "insort", "insort_left", "insort_right", "bisect", "heappush"))


def sorts(batch: Batch, dirty: Dirty, cls: type | None = None) -> bool:
    """Whether those who hear of a definition put what they know in an order of their own."""
    functions = [*decorators_of(batch, dirty.view.module, dirty.view.node(dirty.index))]
    for base in type.__dict__["__mro__"].__get__(cls)[1:] if cls is not None else ():
        hook = behind(base.__dict__.get("__init_subclass__"))
        functions += [hook] if is_a(hook, FunctionType) else []
    return any(not _SORTING.isdisjoint(c.co_names) for f in functions for c in walk(f.__code__))


class Registered:
    """The entries of some objects, taken out; `settle` or `put_back` must follow."""

    def __init__(
        self, batch: Batch, values: Iterable[Any], named: frozenset[Any] = frozenset(), sorts: bool = False
    ) -> None:
        self._named = named
        self._sorts = sorts
        self._values = tuple(v for v in values if v is not None)
        self._ids = {id(v) for v in self._values}
        self._tables: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
        self._lists: list[tuple[list[Any], list[Any], list[dict[Any, Any]]]] = []
        self._registries = batch.registries
        for holder in self._registries.of(self._values, batch.pending.values()) if self._values else ():
            batch.journal.record(fill, holder, kept(holder))
            if kind_of(holder) is list:
                self._take_from_list(holder)
            else:
                self._take_from_table(holder)
        self._counts = self._registries.counts()

    def _take_from_table(self, table: dict[Any, Any]) -> None:
        self._tables.append((table, KeptDict(table)))
        for key in [k for k, v in table.items() if is_entry(v, self._ids)]:
            del table[key]

    def _take_from_list(self, items: list[Any]) -> None:
        self._lists.append((items, KeptList(items), self._registries.holding(items)))
        items[:] = [x for x in items if not is_entry(x, self._ids)]

    def settle(self) -> None:
        """The statement has run: old entries that it did not make again stay out of the registries that it filled."""
        self._registries.check(self._counts, self._values)
        for table, before in self._tables:
            content = dict(table)
            filled = len(content) > len(before) - self._count(before.values())
            emptied = any(not is_entry(v, self._ids) and k not in content for k, v in before.items())  # a cache
            _refill(table, _in_their_places(before, content) if filled or emptied else before | content)
        filed = self._filed_elsewhere()
        for items, before, parents in self._lists:
            if id(items) in filed:
                self._drop_empty(items, parents)
            else:
                grown = self._has_grown(items, before)
                items[:] = self._in_its_place(before, items) if grown else self._with_others(before, items)

    def put_back(self) -> None:
        """The statement was not run: everything stands where it stood."""
        for container, before, *_ in (*self._tables, *self._lists):
            fill(container, before)

    def _count(self, values: Iterable[Any]) -> int:
        return sum(is_entry(v, self._ids) for v in values)

    def _in_its_place(self, before: list[Any], items: list[Any]) -> list[Any]:
        """What the statement put into a list, where its entry stood before: unless it puts them in an order of its own."""
        others = {id(x) for x in before if not is_entry(x, self._ids)}
        new = [x for x in items if id(x) not in others]
        mine = [x for x in before if is_entry(x, self._ids)]
        if self._sorts and not (len(new) == len(mine) and all(map(self._alike, mine, new))):
            return items
        rest = iter(new)
        content = [self._entry(x, next(rest, x)) if is_entry(x, self._ids) else x for x in before]
        return [*content, *rest]

    def _entry(self, before: Any, new: Any) -> Any:
        """A function or class goes on as the object that it is; a row is the new one."""
        return before if id(before) in self._ids else new

    def _alike(self, before: Any, new: Any) -> bool:
        """Whether an entry has its place by what it was placed by before."""
        rows = row_of(before), row_of(new)
        if rows[0] and len(rows[0]) == len(rows[1]):
            return all(map(self._alike, *rows))
        if id(before) in self._ids:
            said: list[Any] = [
                {k: v for k, v in pairs_of(getattr_raw(x, "__dict__") or {}) if k[:2] != "__"} for x in (before, new)
            ]
            return same(said[0], said[1])
        return same(before, new)

    def _with_others(self, before: list[Any], items: list[Any]) -> list[Any]:
        """What stood in a list, and what others have added since."""
        return before + items[len(before) - self._count(before) :]

    def _has_grown(self, items: list[Any], before: list[Any]) -> bool:
        return len(items) > len(before) - self._count(before)

    def _filed_elsewhere(self) -> set[int]:
        """The lists whose entry now stands in another beside them: `R["a"]` and `R["b"]`.

        Of more lists than the statement has filled now, those under keys that it named when it ran before.
        """
        left = [(i, p) for i, b, parents in self._lists if not self._has_grown(i, b) for p in parents]
        known = {id(i) for i, _, _ in self._lists}
        filled = {id(p): {id(v) for v in p.values() if kind_of(v) is list and self._is_new(v, known)} for _, p in left}
        new = {key for keys in filled.values() for key in keys}
        mine = {id(i) for i, parent in left if filled[id(parent)]}
        if len(mine) <= len(new):
            return mine
        told = {
            id(i)
            for i, parent in left
            for k, v in parent.items()
            if v is i and kind_of(k) in _KEYS and k in self._named
        }
        return told & mine if len(told & mine) >= len(new) else set()

    def _is_new(self, items: list[Any], known: set[int]) -> bool:
        """Whether a list that is none of `known` ends with what the statement has made."""
        if not items or id(items) in known:
            return False
        return id(items[-1]) in self._ids or self._is_twin(items[-1])

    def _is_twin(self, value: Any) -> bool:
        """Whether a value was made by the statement just now: it has the name of what it takes the place of."""
        name = getattr(value, "__qualname__", None) if is_a(value, (type, FunctionType)) else None
        return name is not None and any(getattr(v, "__qualname__", None) == name for v in self._values)

    @staticmethod
    def _drop_empty(items: list[Any], parents: list[dict[Any, Any]]) -> None:
        for parent in parents if not items else ():
            for key in [k for k, v in parent.items() if v is items]:
                del parent[key]


def _in_their_places(before: dict[Any, Any], content: dict[Any, Any]) -> dict[Any, Any]:
    """What a table holds now, new entries where those stood that are gone."""
    new = {k: v for k, v in content.items() if k not in before}
    ordered: dict[Any, Any] = {}
    for key in before:
        ordered.update({key: content[key]} if key in content else new)
    return ordered | content


def _refill(table: dict[Any, Any], content: dict[Any, Any]) -> None:
    if list(table) != list(content):
        fill(table, content)
