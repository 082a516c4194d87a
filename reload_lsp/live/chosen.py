"""Objects that a statement puts in an order, or picks out of others: another choice of the same objects is no new object.

`sorted(items)` after `__lt__` was edited, `max(items, key=size)` after `size` was. A statement that makes its objects
itself is run for a trial: where it would give equal objects in another order, those that live are put in that order.
"""

from __future__ import annotations

from ..plan.impact import Effect, Impact
from .batch import Batch
from .bind import bind, execute
from .dirty import Dirty
from .failed import Failed
from .given import HOLDERS, given, objects_in
from .kinds import is_a, kind_of
from .values import CONTAINERS, plain, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Choice = Literal["done", "other", ""]

_MANY = 1_000


def choose_again(batch: Batch, dirty: Dirty, impact: Impact) -> Choice:
    """Do again what a statement chose, or ordered, by what was edited.

    "done": the statement is at its end; "other": it would give other objects than those that live; "": it chooses nothing.
    """
    names = dirty.names
    if impact.effect > Effect.LOCAL or len(names.binds) != 1 or names.imports:
        return ""
    [name] = names.binds
    before = dirty.view.ns.get(name)
    if kind_of(before) not in HOLDERS and (plain(before) or _makes_one(batch, dirty)):
        return ""
    known = {id(x) for x in given(batch, dirty)}
    if kind_of(before) not in HOLDERS and id(before) not in known:
        return ""
    mine = objects_in(before)
    if not mine or len(mine) > _MANY:
        return ""
    try:
        after = execute(batch, dirty, dirty.view.node(dirty.index)).get(name)
    except Failed:
        return "other"
    if all(id(x) in known for x in objects_in(after)):
        batch.end(dirty, "ran" if bind(batch, dirty, name, after) else "cut-off")
        return "done"
    return _ordered(batch, dirty, name, before, after)


def _ordered(batch: Batch, dirty: Dirty, name: str, before: Any, after: Any) -> Choice:
    """Give the objects that live the order, or the keys, in which the statement would make such now."""
    twins = _twins(objects_in(after), objects_in(before))
    if twins is None or kind_of(before) is not kind_of(after):
        return "" if len(objects_in(before)) == len(objects_in(after)) or kind_of(before) not in HOLDERS else "other"
    made = _rebuilt(after, twins)
    if same(made, before):
        return ""
    if kind_of(before) in CONTAINERS:
        batch.journal.replace_content(before, made)
        batch.content_changed(dirty.view.module, name)
    else:
        bind(batch, dirty, name, made)
    batch.end(dirty, "ran")
    return "done"


def gives_the_same(batch: Batch, dirty: Dirty, impact: Impact) -> bool:
    """Whether a harmless statement, run for a trial, makes objects that hold what those hold that live."""
    if impact.effect > Effect.LOCAL or dirty.statement.kind != "bind":
        return False
    try:
        made = execute(batch, dirty, dirty.view.node(dirty.index))
    except Failed:
        return False
    return all(
        same(dirty.view.ns.get(n), v, instances=True)
        for n, v in made.items()
        if n[:2] != "__" or n in dirty.names.binds
    )


def _makes_one(batch: Batch, dirty: Dirty) -> bool:
    """Whether a statement calls a class: what it bound is an object of its own."""
    return any(is_a(batch.resolver.target_of(dirty.view.module, c), type) for c in dirty.names.calls)


def _twins(new: list[Any], old: list[Any]) -> dict[int, Any] | None:
    """For each new object one that lives and holds the same, each taken once; None where they do not match."""
    rest, found = list(old), dict[int, "Any"]()
    for made in new:
        at = next((i for i, x in enumerate(rest) if x is made or same(x, made, instances=True)), None)
        if at is None:
            return None
        found[id(made)] = rest.pop(at)
    return found if not rest else None


def _rebuilt(value: Any, twins: dict[int, Any]) -> Any:
    kind = kind_of(value)
    if kind is dict:
        return {twins.get(id(k), k): _rebuilt(v, twins) for k, v in value.items()}
    if kind not in HOLDERS:
        return twins.get(id(value), value)
    make: Any = kind
    return make([_rebuilt(x, twins) for x in value])
