"""Statements that change an object in place belong to the value they build: they run again with it, and it with them."""

from __future__ import annotations

import ast
from types import ModuleType

from ..source.stores import stored_in
from .batch import Batch
from .built import is_built, is_made_here, makers_of
from .classes import members_of
from .dirty import Dirty
from .fillers import filled_by
from .journal import fill, own_attr, restore_attr
from .kinds import is_a, kind_of
from .reach import getattr_raw
from .speak import place_of
from .values import CONTAINERS, plain
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def remember_content(batch: Batch, dirty: Dirty) -> None:
    """Containers that a statement changes in place are put back with everything else, should the batch fail."""
    module = dirty.view.module
    impact = batch.effects.of(dirty.view.node(dirty.index), module)
    for owner, name in {(module, n) for n in dirty.names.mutates} | impact.touched:
        value: Any = owner.ns.get(name)
        if kind_of(value) in CONTAINERS:
            batch.journal.record(fill, value, type(value)(value))
        elif not is_a(value, (ModuleType, type)) and kind_of(state := getattr_raw(value, "__dict__")) is dict:
            batch.journal.record(fill, state, dict(state))
    _remember_attributes(batch, dirty)


def _remember_attributes(batch: Batch, dirty: Dirty) -> None:
    """What a statement sets on modules and classes."""
    if dirty.statement.kind not in ("effect", "block"):
        return
    for target in stored_in(dirty.view.node(dirty.index)):
        owner = batch.resolver.target_of(dirty.view.module, target.owner)
        if not target.is_item and is_a(owner, (ModuleType, type)):
            batch.journal.record(restore_attr, owner, target.name, own_attr(owner, target.name))
    chains = dirty.names.reads if ("setattr",) in dirty.names.calls else ()
    for cls in (v for c in chains if is_a(v := batch.resolver.target_of(dirty.view.module, c), type)):
        batch.journal.record(_members_as_before, cls, members_of(cls))


def _members_as_before(cls: type, members: dict[str, Any]) -> None:
    now = members_of(cls)
    for name in now.keys() - members.keys():
        delattr(cls, name)
    for name, value in members.items():
        if now.get(name) is not value:
            setattr(cls, name, value)


def mutators_after(batch: Batch, dirty: Dirty, scope: dict[str, Any]) -> None:
    """Statements that change in place what this one made belong to it: they run again after it."""
    if "rebuild" in dirty.reasons or dirty.statement.kind in ("bind", "block", "import"):
        again = not dirty.reasons.isdisjoint(
            ("rebuild", "edited")
        )  # its value may be what lines below made of the one before
        made = {n for n in scope if again or (dirty.view.module.name, n) in batch.changes}
        ids = {id(dirty.view.ns.get(n)) for n in made}  # `a = b = {}`: what others do to `b` belongs to it, too
        made |= {n for n in scope if id(dirty.view.ns.get(n)) in ids and kind_of(dirty.view.ns.get(n)) in CONTAINERS}
        made -= {n for n in made if is_given_again(batch, dirty.view, n)}
        if dirty.statement.kind == "import":  # the object is another module's, only what is made of it here is ours
            made = {n for n in made if made_over(dirty, n)}
        rebuild_after(batch, dirty, made)


def is_given_again(batch: Batch, view: View, name: str) -> bool:
    """Whether a name was bound again to the object that it had: `getLogger` and the like give what others changed, too."""
    module = view.module.name
    if plain(view.ns.get(name)) or (module, name) in batch.changes:
        return False
    return any((module, i) in batch.steps or (module, i) in batch.running for i in view.binders(name))


def rebuild_after(batch: Batch, dirty: Dirty, made: set[str]) -> None:
    """Mark the later statements that change one of the objects `made`."""
    for index in range(dirty.index + 1, len(dirty.view.statements)):
        statement = dirty.view.statements[index]
        if not any(n in statement.text for n in made):
            continue
        names = dirty.view.names(index)
        hit = (names.mutates | names.rebinds | filled_by(batch, dirty.view, index)) & made
        if hit and statement.kind != "dead":
            batch.mark(dirty.view, index, "rebuild", f"{sorted(hit)[0]} was made again")


def made_over(dirty: Dirty, name: str) -> bool:
    """Whether a later statement binds `name` to something made of what it is: `x = f(x)`."""
    view = dirty.view
    return any(index > dirty.index and name in view.names(index).rebinds for index in view.binders(name))


def owners_first(batch: Batch, dirty: Dirty) -> bool:
    """Whether the value that an edited mutator changes is built again, this statement after it."""
    names = dirty.names
    targets = (
        {n for n in names.mutates if n not in names.stores or n in names.keyed} | names.rebinds | _left_items(dirty)
    )
    targets |= filled_by(batch, dirty.view, dirty.index)
    found = False
    for name in targets:
        for index in dirty.view.binders(name):
            if index >= dirty.index or not is_built(batch, dirty, index, name):
                continue
            makers = makers_of(dirty.view, index)
            if not is_made_here(batch, dirty, makers, name):
                if "edited" in dirty.reasons:
                    _elsewhere(batch, dirty, name, makers)
                continue
            for maker in makers:
                found |= _build_again(batch, dirty, maker)
    return found


def _build_again(batch: Batch, dirty: Dirty, index: int) -> bool:
    key = (dirty.view.module.name, index)
    if key in batch.steps or key in batch.pending or key in batch.running:
        return False
    batch.mark(dirty.view, index, "rebuild", f"{dirty.statement.label} was edited")
    return True


def in_the_middle(dirty: Dirty) -> bool:
    """Whether a new statement adds to a list to which statements below it have added already."""
    lists = (
        {n for n in dirty.names.mutates if kind_of(dirty.view.ns.get(n)) is list} if "added" in dirty.reasons else ()
    )
    below = range(dirty.index + 1, len(dirty.view.statements)) if lists else ()
    return any(
        name in dirty.view.statements[i].text and name in dirty.view.names(i).mutates and dirty.view.old(i) is not None
        for i in below
        for name in lists
    )


def _left_items(dirty: Dirty) -> set[str]:
    """The names whose objects the statement set an item of, and now sets another one."""
    before = dirty.view.old_node(dirty.index) if "edited" in dirty.reasons else None
    if before is None:
        return set()
    gone = {t.owner[0] for t in stored_in(before) - stored_in(dirty.view.node(dirty.index)) if t.is_item}
    return {n for n in gone if all(dirty.view.statements[i].kind != "import" for i in dirty.view.binders(n))}


def _elsewhere(batch: Batch, dirty: Dirty, name: str, makers: list[int]) -> None:
    """A mutator of another one's container: what it did before stays, for the container is not built again here."""
    last = dirty.view.statements[makers[-1]]
    whose = "another module made" if last.kind == "import" else f"`{last.label}` holds"
    batch.findings.say(
        "RLD307",
        f"`{dirty.statement.label}` changes {name}, which {whose}: what it did to it before this edit is "
        "still there. Restart the process to have it as a fresh start gives it.",
        dirty.view.module.path,
        place_of(dirty.statement),
        verdict="applied-risk",
        data={"fixes": [{"kind": "restart"}]},
    )


def say_seen_later(batch: Batch, dirty: Dirty) -> None:
    """A statement that reads a container which lines below it add to sees their additions when it runs again."""
    read = {c[0] for c in dirty.names.reads} - dirty.names.mutates
    for name in sorted(n for n in read if kind_of(dirty.view.ns.get(n)) in CONTAINERS):
        if (dirty.view.module.name, name) in batch.changes or _is_alias(dirty, name):
            continue
        for index in range(dirty.index + 1, len(dirty.view.statements)):
            if name in dirty.view.statements[index].text and name in dirty.view.names(index).mutates:
                _say_seen(batch, dirty, name)
                break


def _is_alias(dirty: Dirty, name: str) -> bool:
    value = getattr(dirty.view.node(dirty.index), "value", None)
    return isinstance(value, ast.Name) and value.id == name


def _say_seen(batch: Batch, dirty: Dirty, name: str) -> None:
    batch.findings.say(
        "RLD311",
        f"`{dirty.statement.label}` ran again and saw {name} as it is now, with what the lines below it and the program have "
        "added since; a fresh start sees it without. Move it below them, or restart the process.",
        dirty.view.module.path,
        place_of(dirty.statement),
        data={"fixes": [{"kind": "restart"}]},
    )
