"""A class statement executed whole, and what it makes merged into the class that lives."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from types import FunctionType

from ..findings.values import Count
from ..plan.impact import Effect
from ..source.codes import words
from ..source.names import names_of
from .attributes import members_changed
from .batch import Batch
from .bind import execute
from .class_look import ClassLook, codes_of, others, snapshot
from .classes import CannotMerge, members_of
from .constructed import defaults_changed, fields_of, first_moved, positions_changed, positions_of
from .counters import Counters
from .decorations import given_by_decorators
from .dirty import Dirty
from .done import read_registered_again
from .enlisted import Enlisted
from .failed import Failed
from .gone_members import GoneMembers
from .kinds import is_a
from .members import MemberDiff, class_shell, entries_of, is_plain, member_names
from .merge import class_merge
from .old_defaults import remember_defaults
from .registered import Registered, may_register, sorts
from .repeated import Repeated
from .replaced import instances_left, replace_class
from .speak import place_of
from .subclassing import hook_changed, mark_subclasses
from .virtual import unregister
from .written import filled_by_members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def whole_class(
    batch: Batch,
    dirty: Dirty,
    old: Sequence[ast.ClassDef],
    new: Sequence[ast.ClassDef],
    live: type,
    diff: MemberDiff,
    inputs: set[str],
    by_members: Callable[[], None],
) -> None:
    """Execute the class statement and merge what it makes; a refusal of its own framework leaves the old class."""
    registered = Registered(batch, (live,) if may_register(batch, dirty, live) else (), sorts=sorts(batch, dirty, live))
    mark = batch.journal.mark()
    made: Any = None
    before = ClassLook(live)
    known = _known(batch, dirty, old[-1], new[-1], live, before.members)
    given = _given_after(dirty, old[-1], live, before.members.keys() - known[0])
    try:
        batch.adapting.withdraw(dirty)
        made = _executed(batch, dirty, old, new, live, diff, registered)
        class_merge(batch).merge(live, made, diff.unchanged - inputs, known[1], given)
    except CannotMerge as error:
        batch.journal.rollback(mark)
        count = instances_left(batch, live)
        if count or len(new) > 1 or error.code == "RLD110":
            registered.put_back()
            _held_class(batch, dirty, live, error, count)
        else:
            replace_class(batch, dirty, live, made)
        return
    except Failed as error:
        if not (diff.only_functions and class_shell(old[-1]) == class_shell(new[-1])):
            raise
        batch.journal.rollback(mark)
        registered.put_back()
        del error
        by_members()
    batch.end(dirty, "ran")
    read_registered_again(batch, dirty)
    if old[0].decorator_list and not new[0].decorator_list:
        _say_registered(batch, dirty, old[0], live)
    GoneMembers(batch).note(live, before.enumerated)
    _tell_changes(batch, dirty, old[-1], new[-1], live, diff, before)
    _tell_defaults(batch, dirty, new[-1], live, fields_of(live) & ((diff.dirty | inputs) - diff.added), before)
    if hook_changed(batch, dirty):
        batch.class_hook_changed(dirty.view.module, live.__name__)


def _executed(
    batch: Batch,
    dirty: Dirty,
    old: Sequence[ast.ClassDef],
    new: Sequence[ast.ClassDef],
    live: type,
    diff: MemberDiff,
    registered: Registered,
) -> Any:
    """The class that the statement makes now, what it registered and counted put where that of `live` was."""
    unregister(batch, dirty)
    repeated, counters = Repeated(batch, dirty, live), Counters(batch, dirty, diff, live)
    enlisted = Enlisted(batch, dirty, live, old[0], new[0])
    made = execute(batch, dirty, new[0])[new[0].name]
    repeated.settle(made)
    counters.settle(made)
    registered.settle()
    if len(new) == 1:
        enlisted.settle(made)
    for inner in new[1:]:
        made = members_of(made)[inner.name]
    return made


def _known(
    batch: Batch, dirty: Dirty, old: ast.ClassDef, new: ast.ClassDef, live: type, members: dict[str, Any]
) -> tuple[set[str], set[str]]:
    """The members that the old text defined; and those with what it, or a library, gave without spelling them."""
    spelled = {n for _, node in entries_of(old, dirty.view.module.text) for n in member_names(old.name, node)}
    spelled |= _computed(batch, old, members) | given_by_decorators(batch, old, new, members)
    known = spelled | (members.keys() & _vanished(batch)) | filled_by_members(live, old)
    return spelled, known | {n for n, m in members.items() if is_a(m, FunctionType) and "<locals>" in m.__qualname__}


def _tell_changes(
    batch: Batch, dirty: Dirty, old: ast.ClassDef, new: ast.ClassDef, live: type, diff: MemberDiff, before: ClassLook
) -> None:
    """Note what differs in the class now: who reads its members or calls its methods is looked at again."""
    changed = others(before.members, snapshot(live)) | diff.removed
    dirty.generated |= before.generated(live, changed)
    first = first_moved(positions_of(before.codes.get("__init__")), positions_of(codes_of(live).get("__init__")))
    if first is not None and "__init__" in dirty.generated:
        positions_changed(batch, dirty.view.module, live.__name__, first)
        batch.repositioned[live] = dirty
    if changed or diff.reordered or class_shell(old) != class_shell(new):
        dirty.members |= changed
        members_changed(batch, dirty.view.module, live.__name__, changed)
        mark_subclasses(batch, live)


def _tell_defaults(
    batch: Batch, dirty: Dirty, new: ast.ClassDef, live: type, fields: set[str], before: ClassLook
) -> None:
    """Note the fields whose defaults differ: objects that were made without them have the old ones."""
    if fields:
        defaults_changed(batch, dirty.view.module, live.__name__, fields)
        remember_defaults(batch, dirty, new, live, before.defaults, fields)


def _say_registered(batch: Batch, dirty: Dirty, old: ast.ClassDef, cls: type) -> None:
    """The decorators are gone, and what they registered stands in a container that another module made."""
    if batch.effects.of(old, dirty.view.module).effect <= Effect.LOCAL:
        return
    batch.registries.forget()
    own = {id(dirty.view.ns.get(s.name)) for s in dirty.view.statements if s.kind == "bind"}
    if any(id(c) not in own for c in batch.registries.of((cls,), ())):
        batch.findings.say(
            "RLD307",
            f"{cls.__name__} has no decorator now, but what it registered is still in force. "
            "Restart the process to be without it.",
            dirty.view.module.path,
            place_of(dirty.statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _computed(batch: Batch, node: ast.ClassDef, members: dict[str, Any]) -> set[str]:
    """The members that a body may have set under names which it does not spell, and nobody sets from outside."""
    if names_of(node).calls.isdisjoint((("locals",), ("vars",))):
        return set()
    own = {n for n in members if n[:2] != "__"}
    return {n for n in own if not any(f"{node.name}.{n} =" in m.text for m in batch.modules.all())}


def _given_after(dirty: Dirty, node: ast.ClassDef, cls: type, names: set[str]) -> set[str]:
    """The functions among `names` that a class has of later statements (`C = total(C)`): they are none of its own text's."""
    made = {n: m.__qualname__ for n, m in members_of(cls).items() if n in names and is_a(m, FunctionType)}
    if not made or is_plain(cls, node):
        return set(made)
    later = [s.text for s in dirty.view.statements[dirty.index + 1 :] if cls.__name__ in s.text]
    return {n for n, q in made.items() if any(_maker(q) in text for text in later)}


def _maker(qualname: str) -> str:
    """The function that made a function within it."""
    return qualname.partition(".<locals>")[0].rpartition(".")[2]


def _vanished(batch: Batch) -> set[str]:
    """The words that edited functions no longer spell: what a metaclass or a decorator gave to classes is among them."""
    pairs = [p for e in batch.edits for p in e.codes if p.own and p.old.co_flags & _FUNCTION]
    return batch.vanished | {word for p in pairs for word in words(p.old) - words(p.new)}


_FUNCTION = 0x1


def _held_class(batch: Batch, dirty: Dirty, live: type, error: CannotMerge, count: Count | None) -> None:
    whose = f" {count.n} live {'objects have' if count.n > 1 else 'object has'} it." if count else ""
    batch.findings.say(
        error.code,
        f"Class {live.__qualname__} still has its old definition: {error}.{whose} Restart the process, or undo this edit.",
        dirty.view.module.path,
        place_of(dirty.statement),
        count=count,
        data={"class": live.__qualname__, "fixes": [{"kind": "restart"}, {"kind": "undo"}]},
    )
    batch.end(dirty, "held")
