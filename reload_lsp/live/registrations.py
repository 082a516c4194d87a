"""Who holds what a statement made: the containers and objects that may be registries."""

from __future__ import annotations

import gc
import sys
from collections import deque
from functools import lru_cache, partial
from types import FunctionType
from weakref import getweakrefs, ref

from .kinds import is_a, kind_of
from .reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Held = dict[object, int]
"""How often a container holds something, by its identity; a dictionary, by that and the key."""
_OURS = __name__.partition(".")[0]


def registrations(made: list[ref[Any]], ours: object, sizes: bool = False) -> Held:
    """How often containers and objects hold what was made, functions weakly, too; namespaces and frames are no registries.

    With `sizes`, how many things those containers hold.
    """
    values = [r() for r in made]
    targets = [v for v in values if v is not None and sys.getrefcount(v) > _UNHELD]
    targets += [weak for v in values if is_a(v, FunctionType) for weak in getweakrefs(v)]
    known = {id(ours), id(made), id(values), id(targets), *map(id, targets)}
    ids = {id(t) for t in targets}
    found: Held = {}
    holders = [h for h in gc.get_referrers(*targets) if id(h) not in known] if targets else []
    holders = [
        h for h in holders if kind_of(h) is not tuple or [*map(id, h)] != [*map(id, targets)]
    ]  # the question, on 3.13
    owners = owners_of(holders)
    passing = _in_passing(holders)
    for holder in holders:
        owner = owners.get(id(holder), holder)
        count = _times(owner, ids) if id(holder) not in passing else 0
        if count and sizes:
            found[id(owner)] = len(owner) if kind_of(owner) in _SIZED else 0
        elif count and kind_of(owner) is dict:
            found |= {(id(owner), _name(k)): 1 for k, v in list(owner.items()) if _stands(k, v, ids)}
        elif count:
            found[id(owner)] = count
    return found


def _stands(key: object, value: object, ids: set[int]) -> bool:
    """Whether an item is an entry of a registry; what is known of a function that is held weakly, yes or no, is none."""
    noted = kind_of(key) is ref and kind_of(value) in (bool, type(None))
    return (id(key) in ids or id(value) in ids) and not noted


def _name(key: object) -> object:
    return key if type(key) is str else id(key)


def _in_passing(holders: list[Any]) -> set[int]:
    """The holders that are what `lru_cache` was called with, or what a partial gives: no registries."""
    given = [h for h in holders if kind_of(h) in (tuple, dict)]
    near = [r for r in gc.get_referrers(*given) if kind_of(r) in _CALLERS] if given else []
    cached = [c for r in near if kind_of(r) is not partial for c in gc.get_referents(r)]
    return {id(p) for p in (*cached, *(p for r in near if kind_of(r) is partial for p in (r.args, r.keywords)))}


_SIZED = (list, set, deque, dict)
_CALLERS = (lru_cache(len).__class__, partial)
_UNHELD = 3 if sys.version_info < (3, 14) else 2  # since 3.14 calls borrow the references of variables


def owners_of(holders: list[Any]) -> dict[int, Any]:
    """The objects whose attributes some dictionaries are."""
    spaces = [h for h in holders if kind_of(h) is dict and all(kind_of(k) is str for k in list(h))]
    if not spaces:
        return {}
    ids = {id(s) for s in spaces}
    ours = {id(holders), id(spaces)}
    near = [o for o in gc.get_referrers(*spaces) if id(o) not in ours and kind_of(o).__module__ != "builtins"]
    return {id(s): o for o in near if id(s := getattr_raw(o, "__dict__")) in ids}


def _times(holder: Any, ids: set[int]) -> int:
    kind = kind_of(holder)
    if kind.__module__.startswith(_OURS):
        return 0
    if kind is dict:
        if "__builtins__" in holder or id(holder.get("__wrapped__")) in ids or "__qualname__" in holder:
            return 0
        return sum((id(k) in ids) + (id(v) in ids) for k, v in list(holder.items()) if _stands(k, v, ids))
    if kind in (list, tuple, set, frozenset, deque):
        return sum(id(x) in ids for x in list(holder))
    return 0 if kind.__module__ == "builtins" or is_a(holder, type) or callable(holder) else 1
