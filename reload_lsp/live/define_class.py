"""Class statements made again: member by member where their body alone makes them, else executed and merged."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from functools import partial
from types import FunctionType

from ..source.fingerprint import docstring
from ..source.names import binds_of, names_of
from .adapter import ClassEdit
from .attributes import members_changed
from .batch import Batch
from .bind import bind, execute
from .class_look import given_of, others, snapshot
from .classes import CannotMerge, del_member, is_code, members_of, set_hash, set_member
from .counters import counted_by, say_counted_late
from .decorations import remember_methods
from .dirty import Dirty
from .docstrings import member_docstrings
from .earlier import overridden, seen_between
from .failed import Failed
from .inspected import inspected
from .journal import MISSING
from .kinds import is_a, kind_of
from .member_inputs import annotated_otherwise, member_inputs, steps_read_changes
from .members import MemberDiff, class_shell, entries_of, is_plain, mangled, member_names, run_members, steps_on
from .merge import class_merge
from .methods import follow_methods
from .mutators import rebuild_after
from .order import put_members_in_order
from .registered import forget_if_it_fails
from .subclassing import hooks_replaced, listed_among_subclasses
from .view import View
from .virtual import register_live
from .whole_class import whole_class
from .written import filled_by_members, say_named_member

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def define_class(batch: Batch, dirty: Dirty) -> None:
    """Bring a class up to its text: member by member where its body alone makes it, else executed and merged."""
    node = dirty.view.node(dirty.index)
    assert isinstance(node, ast.ClassDef)
    live = dirty.view.ns.get(node.name, MISSING)
    if overridden(batch, dirty.view, dirty.index, node.name):
        live = _base_of_the_same_name(live)
        if live is None:
            seen_between(batch, dirty, node.name)
            batch.end(dirty, "ran")
            return
    if not is_a(live, type) or live.__module__ != dirty.view.ns.get("__name__") or live.__qualname__ != node.name:
        live = _behind(dirty, live)
    if live is None:
        _new_class(batch, dirty, node)
        return
    old = dirty.view.old(dirty.index)
    before = dirty.view.old_node(dirty.index) if old is not None and old.kind == "class" else None
    if not isinstance(before, ast.ClassDef):
        _new_class(batch, dirty, node)
        return
    _changed_class(batch, dirty, [before], [node], live)
    register_live(batch, dirty)
    batch.adapting.classes.append(live)
    follow_methods(batch, dirty)


def _base_of_the_same_name(value: Any) -> type | None:
    """`class A: ...` and later `class A(A): ...`: the first is a base of what the name stands for."""
    bases = type.__dict__["__mro__"].__get__(value)[1:] if is_a(value, type) else ()
    return next((b for b in bases if (b.__module__, b.__qualname__) == (value.__module__, value.__qualname__)), None)


def _behind(dirty: Dirty, value: Any) -> type | None:
    """A class that its decorator replaced is made again whole; one that it wrapped is not found."""
    if is_a(value, type) and value.__qualname__ == dirty.statement.name:
        return value
    return None


def _new_class(batch: Batch, dirty: Dirty, node: ast.ClassDef) -> None:
    scope = execute(batch, dirty, node)
    revived = dirty.view.module.buried().get(node.name)
    dirty.view.module.graveyard.pop(node.name, None)
    made = scope.pop(node.name)
    forget_if_it_fails(batch, made)
    if is_a(revived, type) and is_a(made, type):
        try:
            class_merge(batch).merge(revived, made, (), members_of(revived))
            made = revived
        except CannotMerge:
            pass
    if bind(batch, dirty, node.name, made):
        rebuild_after(batch, dirty, {node.name})
    if is_a(made, type):
        listed_among_subclasses(batch, made)
    batch.end(dirty, "ran")


def _changed_class(
    batch: Batch, dirty: Dirty, old: Sequence[ast.ClassDef], new: Sequence[ast.ClassDef], live: type
) -> None:
    edit = dirty.view.edit
    text = edit.text if edit else dirty.view.module.text
    again = dirty.view.module.name in batch.reannotated
    diff = MemberDiff(entries_of(old[-1], dirty.view.module.text), entries_of(new[-1], text), new[-1].name, again)
    inputs = member_inputs(batch, dirty, new[-1], diff.dirty)
    diff.annotated = diff.annotated or annotated_otherwise(batch, dirty, new[-1])
    plain = is_plain(live, new[-1]) and not dirty.view.hooked
    whole = class_shell(old[-1]) != class_shell(new[-1]) or _shell_reads_changes(batch, dirty, new[-1], plain)
    whole = whole or bool(dirty.reasons & {"rebuild", "base"}) or "__slots__" in diff.dirty | diff.removed
    whole = whole or diff.steps or (diff.reordered and not plain) or steps_read_changes(batch, dirty, new[-1])
    whole = whole or any(steps_on(n, new[-1].name) & (inputs | diff.dirty) for n in new[-1].body)
    whole = whole or (not diff.only_functions and bool(filled_by_members(live, new[-1])))
    remember_methods(batch, old[-1], new[-1], members_of(live))
    wanted = diff.dirty | inputs
    run = partial(_run, batch, dirty, new, live)
    change = ClassEdit(
        live, dirty, wanted, diff.removed, diff.annotated, class_shell(old[-1]) != class_shell(new[-1]), run
    )
    if not plain and batch.adapting.redefine(change):
        batch.end(dirty, "patched")
        return
    if not whole and plain and not (diff.annotated and sys.version_info >= (3, 14)):
        _members(batch, dirty, old, new, live, diff, inputs)
        batch.end(dirty, "patched")
        return
    if not whole and diff.empty and not inputs:
        _class_docstring(batch, dirty.view, old[-1], new[-1], live)
        batch.end(dirty, "patched")
        return
    by_members = partial(_members, batch, dirty, old, new, live, diff, inputs)
    whole_class(batch, dirty, old, new, live, diff, inputs, by_members)


def _shell_reads_changes(batch: Batch, dirty: Dirty, node: ast.ClassDef, plain: bool) -> bool:
    """Whether decorators, keywords or bases come from something that is another object, or acts otherwise, now."""
    if not dirty.reasons & {"input", "called", "derived"}:
        return False
    exprs = [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
    for expr in exprs:
        names = names_of(ast.Expr(expr))
        for change in batch.changes.values():
            if change.product.kind in ("result", "deep") or (plain and change.product.kind == "content"):
                continue
            if any(batch.resolver.means(dirty.view.module, c, change.product) for c in names.reads | names.calls):
                return True
    return False


def _members(
    batch: Batch,
    dirty: Dirty,
    old: Sequence[ast.ClassDef],
    new: Sequence[ast.ClassDef],
    live: type,
    diff: MemberDiff,
    inputs: set[str],
) -> None:
    nested = _nested(old[-1], new[-1], live, diff.dirty | inputs)
    for _, inner_old, inner_new, inner in nested:  # first: other members may be made of theirs
        _changed_class(batch, dirty, [*old, inner_old], [*new, inner_new], inner)
    names = (diff.dirty | inputs) - {n for n, _, _, _ in nested}
    counted = counted_by(batch, dirty) if diff.added and not diff.only_functions else []
    made = _run(batch, dirty, new, live, names) if names or diff.annotated else {}
    say_counted_late(batch, dirty, diff, counted)
    merge = class_merge(batch)
    merge.owner = live
    before, given = members_of(live), given_of(live)
    annotations = made.pop("__annotations__", None)
    for name, value in made.items():
        result = merge.merged(before[name], value) if name in before else value
        if result is not value and "called" in dirty.reasons and _is_told_its_name(value):
            result = value  # what it is told is another matter now
        if result is not before.get(name, MISSING):
            _set(batch, live, name, result)
    assigned = (n for n in new[-1].body if isinstance(n, (ast.Assign, ast.AnnAssign)))
    dirty.generated |= {
        m for n in assigned for m in member_names(live.__name__, n) if m in made and is_code(before.get(m))
    }
    after = snapshot(live)
    dirty.generated |= {n for n in made.keys() & before.keys() if is_code(before[n]) and after[n] is not before[n]}
    dirty.generated |= others(given, given_of(live)) & made.keys() & before.keys()
    data = {n for n in others(before, after) if n in made and not is_code(before.get(n, MISSING))}
    refilled = {id(c.after) for c in batch.changes.values() if c.product.kind == "content"}
    data |= {n for n, v in made.items() if before.get(n) is v and id(v) in refilled}
    if data | diff.removed or diff.reordered:
        dirty.members |= data | diff.removed
        members_changed(batch, dirty.view.module, live.__qualname__.partition(".")[0], data | diff.removed)
    for name in diff.removed:
        say_named_member(batch, dirty.view, dirty.statement, before.get(name), name)
        del_member(live, name, batch.journal)
    if diff.reordered or not before.keys() >= made.keys():
        put_members_in_order(
            live, [n for node in new[-1].body for n in member_names(live.__name__, node)], batch.journal
        )
    _annotations(batch, live, new[-1], annotations, diff)
    if diff.annotated:
        members_changed(
            batch, dirty.view.module, live.__qualname__.partition(".")[0], data | diff.removed | {"__annotations__"}
        )
    _class_docstring(batch, dirty.view, old[-1], new[-1], live)
    set_hash(live, {n for node in new[-1].body for n in binds_of(node)}, batch.journal)
    merge.refresh(live)
    hooks_replaced(batch, dirty, live, {n: before[n] for n in diff.removed if n in before}, made)


def _nested(
    old: ast.ClassDef, new: ast.ClassDef, live: type, names: set[str]
) -> list[tuple[str, ast.ClassDef, ast.ClassDef, type]]:
    mine = {n.name: n for n in old.body if isinstance(n, ast.ClassDef)}
    members = members_of(live)
    return [
        (name, mine[n.name], n, members[name])
        for n in new.body
        if isinstance(n, ast.ClassDef)
        and n.name in mine
        and (name := mangled(new.name, n.name)) in names
        and is_a(members.get(name), type)
    ]


def _run(batch: Batch, dirty: Dirty, new: Sequence[ast.ClassDef], live: type, names: set[str]) -> dict[str, Any]:
    try:
        return run_members(dirty.view, dirty.index, new, names, live)
    except BaseException as error:
        raise Failed(error, dirty.view.module.path, dirty.statement) from error


def _is_told_its_name(value: Any) -> bool:
    return not is_a(value, type) and is_a(getattr(kind_of(value), "__set_name__", None), FunctionType)


def _set(batch: Batch, live: type, name: str, value: Any) -> None:
    set_member(live, name, value, batch.journal)
    hook: Any = getattr(type(value), "__set_name__", None)  # pyright: ignore[reportUnknownArgumentType]
    if hook is not None and not is_a(value, type):
        hook(value, live, name)


def _annotations(batch: Batch, live: type, node: ast.ClassDef, made: dict[str, Any] | None, diff: MemberDiff) -> None:
    if not diff.annotated or sys.version_info >= (3, 14):
        return
    targets = [n.target.id for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
    names = [mangled(node.name, target) for target in targets]
    values = {**members_of(live).get("__annotations__", {}), **(made or {})}
    set_member(live, "__annotations__", {n: values[n] for n in names if n in values}, batch.journal)
    if not names:
        del_member(live, "__annotations__", batch.journal)


def _class_docstring(batch: Batch, view: View, old: ast.ClassDef, new: ast.ClassDef, live: type) -> None:
    before, after = docstring(old), docstring(new)
    if before != after and members_of(live).get("__doc__") == before:
        set_member(live, "__doc__", after, batch.journal)
        inspected(
            batch, view.module, live.__qualname__.partition(".")[0], f"what {live.__name__} says of itself changed"
        )
    member_docstrings(batch, live)
