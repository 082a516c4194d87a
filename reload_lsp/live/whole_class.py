"""A class statement executed whole, and what it makes merged into the class that lives."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType

from ..findings.values import Count
from ..plan.impact import Effect
from ..source.codes import own_part, words
from ..source.names import names_of
from .attributes import members_changed
from .batch import Batch
from .bind import execute
from .classes import CannotMerge, members_of
from .constructed import defaults_changed, defaults_of, fields_of, first_moved, positions_changed, positions_of
from .counters import Counters
from .decorations import given_by_decorators
from .dirty import Dirty
from .done import read_registered_again
from .enlisted import Enlisted
from .enums import held_by_members
from .failed import Failed
from .gone_members import GoneMembers, enum_members
from .journal import MISSING
from .kinds import behind, is_a, kind_of
from .members import MemberDiff, class_shell, entries_of, is_plain, member_names
from .merge import class_merge
from .old_defaults import remember_defaults
from .registered import Registered, may_register
from .repeated import Repeated
from .replaced import instances_left, replace_class
from .speak import place_of
from .subclassing import hook_changed, mark_subclasses
from .values import same
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
    registered = Registered(batch, (live,) if may_register(batch, dirty, live) else ())
    mark = batch.journal.mark()
    made: Any = None
    before, defaults, codes, arguments = snapshot(live), defaults_of(live), codes_of(live), given_of(live)
    lineage, of_enum = inherited(live), enum_members(live)
    known = {n for _, node in entries_of(old[-1], dirty.view.module.text) for n in member_names(old[-1].name, node)}
    known |= _computed(batch, old[-1], before) | given_by_decorators(batch, old[-1], new[-1], before)
    given = _given_after(dirty, old[-1], live, before.keys() - known)
    known |= (before.keys() & _vanished(batch)) | filled_by_members(live, old[-1])
    known |= {n for n, m in before.items() if is_a(m, FunctionType) and "<locals>" in m.__qualname__}
    try:
        batch.adapting.withdraw(dirty)
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
        keep = diff.unchanged - inputs
        class_merge(batch).merge(live, made, keep, known, given)
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
    GoneMembers(batch).note(live, of_enum)
    changed = others(before, snapshot(live)) | diff.removed
    dirty.generated |= {n for n, c in codes_of(live).items() if n in codes and not same_part(codes[n], c)}
    dirty.generated |= others(arguments, given_of(live)) & arguments.keys() & codes_of(live).keys()
    dirty.generated |= {n for n, v in inherited(live).items() if n in lineage and lineage[n] is not v} - changed
    first = first_moved(positions_of(codes.get("__init__")), positions_of(codes_of(live).get("__init__")))
    if first is not None and "__init__" in dirty.generated:
        positions_changed(batch, dirty.view.module, live.__name__, first)
        batch.repositioned[live] = dirty
    if changed or diff.reordered or class_shell(old[-1]) != class_shell(new[-1]):
        dirty.members |= changed
        members_changed(batch, dirty.view.module, live.__name__, changed)
        mark_subclasses(batch, live)
    fields = fields_of(live) & ((diff.dirty | inputs) - diff.added)
    if fields:
        defaults_changed(batch, dirty.view.module, live.__name__, fields)
        remember_defaults(batch, dirty, new[-1], live, defaults, fields)
    if hook_changed(batch, dirty):
        batch.class_hook_changed(dirty.view.module, live.__name__)


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


def snapshot(cls: type) -> dict[str, Any]:
    """The members of a class, its annotations copied: they are filled in place."""
    members = members_of(cls)
    annotations = members.get("__annotations__")
    members |= held_by_members(cls)
    if members.get("__annotate_func__") is not None:
        members.pop("__annotations_cache__", None)  # what was computed says nothing beyond what computes it
    return {**members, "__annotations__": [*annotations.items()]} if type(annotations) is dict else members  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def others(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The members that are not what they were."""
    changed = {n for n, v in after.items() if not same(before.get(n, MISSING), v)}
    told = {n for n in changed if n[:2] == "__" and _says_the_same(before.get(n), after[n])}
    return (changed - told) | (before.keys() - after.keys())


def _says_the_same(before: Any, after: Any) -> bool:
    """Whether a library noted the same about a class, in objects that it makes anew (`__attrs_attrs__`, of a kind of its own)."""
    kinds: list[Any] = [kind_of(before), kind_of(after)]
    if kinds[0].__name__ != kinds[1].__name__ or callable(before) or hasattr(kinds[0], "__get__"):
        return False
    if all(issubclass(k, tuple) for k in kinds):
        return len(before) == len(after) and all(map(_equal, before, after))
    return _equal(before, after)


def _equal(a: Any, b: Any) -> bool:
    kind: Any = kind_of(a)
    return kind is type(b) and kind.__eq__ is not object.__eq__ and bool(a == b)


def codes_of(cls: type) -> dict[str, CodeType]:
    """The codes of the methods of a class: decorators and bases write some of them (`__init__` of a dataclass)."""
    found = {n: behind(m) for n, m in members_of(cls).items()}
    return {n: f.__code__ for n, f in found.items() if is_a(f, FunctionType)}


def given_of(cls: type) -> dict[str, Any]:
    """What the methods of a class take where nothing is given: it stands in none of their codes."""
    found = {n: behind(m) for n, m in members_of(cls).items()}
    return {n: (f.__defaults__, {**(f.__kwdefaults__ or {})}) for n, f in found.items() if is_a(f, FunctionType)}


def inherited(cls: type) -> dict[str, Any]:
    """What a class has from bases that are Python classes, by name."""
    bases = type.__dict__["__mro__"].__get__(cls)[1:-1]
    found: dict[str, Any] = {}
    for base in reversed([b for b in bases if b.__flags__ & _HEAP_TYPE]):
        found.update(members_of(base))
    return {n: v for n, v in found.items() if n[:2] != "__" or is_a(behind(v), FunctionType)}


_HEAP_TYPE = 1 << 9


def same_part(old: CodeType, new: CodeType) -> bool:
    """Whether two codes do the same."""
    return old is new or own_part(old) == own_part(new)


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
