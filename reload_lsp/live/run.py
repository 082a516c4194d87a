"""Statements executed on demand: whatever a statement reads is brought up to date before it runs."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from types import FunctionType

from ..source.codes import nested, walk
from ..source.late import runs_with
from .annotated import annotations_changed
from .batch import Batch
from .bind import bind_all, delete_again, execute
from .callee import absolute
from .consumed import called_edited
from .define import define_function
from .define_class import define_class
from .deletions import what_is_there
from .dirty import Dirty, Key
from .documented import only_documented
from .done import Done, read_registered_again
from .dynamic import Dynamic
from .filled import Filled
from .gathered import Gathered
from .grown import Grown
from .heard import Heard
from .held_functions import follow_held_functions
from .held_since import is_as_it_ran
from .imports import imported
from .kinds import is_a
from .loaded import LoadedModule
from .member_inputs import calls_edited_method
from .merge import class_merge
from .methods import follow_given_methods, follow_methods
from .mutators import mutators_after, remember_content, say_seen_later
from .order import put_items_in_order
from .permit import is_main, is_main_guard, may_run
from .product import Reader, given_to
from .refused import Refused
from .remains import is_in_force
from .seed import markers_of
from .seen_names import say_names_seen
from .set_defaults import forget_default
from .stores import follow_stores
from .subclassing import hook_changed, make_members_again
from .touched import Touched
from .unnamed import follow_unnamed
from .users import follow_users
from .virtual import unregister
from .wrapped import unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT = 50  # runs of one statement in one batch


def drain(batch: Batch) -> None:
    """Bring every pending statement to its end, dependencies first."""
    try:
        _drain(batch)
    finally:
        batch.registries.forget()


def _drain(batch: Batch) -> None:
    runs: Counter[Key] = Counter()
    told = 0
    follow_users(batch)
    while batch.pending or follow_unnamed(batch):
        key = min(batch.pending, key=lambda k: _rank(batch, k))
        bring(batch, batch.pending[key])
        if sys.version_info >= (3, 14):
            told = annotations_changed(batch, told)
        follow_users(batch)
        runs[key] += 1
        if runs[key] > LIMIT:
            raise RuntimeError("the batch does not come to an end: its statements keep changing each other")


def follow_bodies(batch: Batch) -> None:
    """Functions and classes whose bodies were swapped: what they made while modules were loading may differ now."""
    for dirty in batch.bodies:
        if "lambda" in dirty.statement.text and called_edited(dirty.view.codes(dirty.index), batch.own_codes):
            batch.mark(dirty.view, dirty.index, "edited", "a function that it called was edited")
        elif dirty.statement.kind == "function":
            _follow_function(batch, dirty)
        elif dirty.statement.kind == "block":
            _follow_block(batch, dirty)
            follow_given_methods(batch, dirty)
        elif dirty.statement.kind != "class":
            _follow_lambdas(batch, dirty)
            follow_given_methods(batch, dirty)
        else:
            follow_methods(batch, dirty)
            _ask_hook_again(batch, dirty)
            if calls_edited_method(batch, dirty):
                batch.mark(dirty.view, dirty.index, "called", "its body calls a method that was edited")
            make_members_again(batch, dirty)
        if dirty.statement.kind == "class" and hook_changed(batch, dirty):
            batch.class_hook_changed(dirty.view.module, dirty.statement.name)
    follow_held_functions(batch)


def _ask_hook_again(batch: Batch, dirty: Dirty) -> None:
    """What an edited `__subclasshook__` once said is cached by its class."""
    inner = [c for body in dirty.view.codes(dirty.index) for c in nested(body)]
    cls = dirty.view.ns.get(dirty.statement.name)
    if is_a(cls, type) and any(c.co_name == "__subclasshook__" and id(c) in batch.own_codes for c in inner):
        class_merge(batch).refresh(cls)


def _follow_block(batch: Batch, dirty: Dirty) -> None:
    """Functions defined under an `if`, a `try` or a `with`."""
    for code in dirty.view.codes(dirty.index):
        if code.co_name in dirty.names.binds and any(id(c) in batch.own_codes for c in walk(code)):
            batch.code_changed(dirty.view.module, code.co_name, f"{code.co_name} was edited", dirty.index)


def _follow_lambdas(batch: Batch, dirty: Dirty) -> None:
    """Functions without a statement of their own: in a value, or put into another object."""
    for name in sorted(dirty.names.binds):
        batch.code_changed(dirty.view.module, name, f"a function in {name} was edited", dirty.index)
    if dirty.statement.kind == "effect":
        for name in sorted(given_to(Reader(dirty.view, dirty.index, "", 0))):
            batch.inner_changed(dirty.view.module, name, f"a function that {name} was given was edited")
    nodes = ast.walk(dirty.view.node(dirty.index))
    attributes = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    for view, index in batch.resolver.with_words(attributes) if attributes else ():
        names = view.names(index)
        chains = [c for c in names.reads | names.calls if len(c) > 1 and c[-1] in attributes]
        targets = (batch.resolver.target_of(view.module, c) for c in chains)
        if (view, index) != (dirty.view, dirty.index) and any(
            is_a(t, FunctionType) and id(t.__code__) in batch.own_codes for t in targets
        ):
            batch.mark(view, index, "called", f"a function in {dirty.statement.label} was edited")


def _follow_function(batch: Batch, dirty: Dirty) -> None:
    name, codes = dirty.statement.name, dirty.view.codes(dirty.index)
    if dirty.statement.text[:1] == "@":
        read_registered_again(batch, dirty)
    running = [c for code in codes for c in runs_with(code) if id(c) in batch.own_codes]
    edited = [c for code in codes for c in walk(code) if id(c) in batch.own_codes]
    if running and only_documented(batch, dirty.view.module, name, running):
        batch.own_codes.difference_update(map(id, running))
    elif running:
        batch.code_changed(dirty.view.module, name, f"{name} was edited", dirty.index)
        return
    if len(edited) > len(running):
        if any(id(c) in batch.own_codes for code in codes for inner in nested(code) for c in runs_with(inner)):
            batch.factories.add(id(dirty.view.ns.get(name)))
        batch.inner_changed(dirty.view.module, name, f"{name} was edited")


def annotate_again(batch: Batch) -> None:
    """Evaluate edited annotations; the values they stand at are state."""
    for dirty in batch.annotations:
        node = dirty.view.node(dirty.index)
        assert isinstance(node, ast.AnnAssign)
        bare = ast.copy_location(ast.AnnAssign(node.target, node.annotation, None, node.simple), node)
        bind_all(batch, dirty, execute(batch, dirty, bare))
        batch.end(dirty, "ran")


def _rank(batch: Batch, key: tuple[str, int]) -> tuple[int, int]:
    return batch.pending[key].view.module.order, key[1]


def bring(batch: Batch, dirty: Dirty) -> None:
    """Run one dirty statement, after the pending ones it reads."""
    batch.pending.pop(dirty.key, None)
    batch.modules.recorder.started.look_again()
    batch.running.add(dirty.key)
    batch.brought += 1
    referred = batch.registries.counts()
    try:
        _inputs(batch, dirty)
        _perform(batch, dirty)
    finally:
        batch.running.discard(dirty.key)
        batch.registries.check(referred)


def _inputs(batch: Batch, dirty: Dirty) -> None:
    names = dirty.names
    module = dirty.view.module
    for entry in names.imports:
        source = batch.modules.named(absolute(module, entry))
        if source is not None:
            _bring_binders(batch, source, entry.name)
    for chain in sorted(names.reads | names.calls):
        if chain[0] not in module.ns:
            _bring_deleted(batch, dirty, chain[0])
        _bring_binders(batch, module, chain[0], before=dirty.index)
        value: Any = module.ns.get(chain[0])
        for part in chain[1:]:
            source = batch.modules.named(getattr(value, "__name__", "")) if _is_module(value) else None
            if source is None:
                break
            _bring_binders(batch, source, part)
            value = source.ns.get(part)


def _bring_deleted(batch: Batch, dirty: Dirty, name: str) -> None:
    """A helper that its module deletes after use is made again for the statement that uses it, and deleted again."""
    view = dirty.view
    binders = [i for i in view.binders(name) if i < dirty.index]
    if not binders:
        return
    batch.mark(view, binders[-1], "rebuild", f"{dirty.statement.label} uses it")
    delete_again(batch, dirty, name)


def _is_module(value: Any) -> bool:
    return type(value) is type(sys)


def _bring_binders(batch: Batch, module: LoadedModule, name: str, before: int | None = None) -> None:
    for key in sorted(k for k in batch.pending if k[0] == module.name):
        dirty = batch.pending.get(key)
        if dirty is None or (before is not None and dirty.index >= before):
            continue
        names = dirty.names
        starred = any(e.name == "*" for e in names.imports)
        if name == "*" or starred or name in names.binds or name in names.mutates:
            bring(batch, dirty)


# one statement -------------------------------------------------------------------------------------------------


def _perform(batch: Batch, dirty: Dirty) -> None:
    view, statement = dirty.view, dirty.statement
    markers = markers_of(view, dirty.index)
    if markers.never or (markers.keep and "added" not in dirty.reasons):
        batch.end(dirty, "kept", "a comment says so")
        return
    if is_as_it_ran(batch, dirty):
        batch.end(dirty, "cut-off", "all is again as it was when it ran")
    elif statement.kind in ("function", "class"):
        heard = Heard(batch, dirty)
        (define_function if statement.kind == "function" else define_class)(batch, dirty)
        heard.settle()
    elif may_run(batch, dirty):
        run(batch, dirty)
    batch.adapting.placed()


def run(batch: Batch, dirty: Dirty) -> None:
    """Execute a statement that is no definition, and bind what it makes."""
    if is_main_guard(dirty) and not is_main(dirty.view):
        batch.end(dirty, "cut-off", "it never runs in an imported module")
        return
    if is_in_force(batch, dirty):
        batch.end(dirty, "cut-off", "what it did when it ran before is still in force")
        return
    names = dirty.names
    direct = dirty.statement.kind == "block" or bool(names.deletes) or bool(names.calls & _NAMESPACE)
    remember_content(batch, dirty)
    say_seen_later(batch, dirty)
    gathered = Gathered(batch, dirty)
    if dirty.statement.kind == "effect":
        unregister(batch, dirty)
        gathered.withdraw()
        unwrap(batch, dirty)
        forget_default(batch, dirty)
    elif dirty.statement.kind == "bind":
        batch.adapting.withdraw(dirty)
    dynamic = Dynamic(batch, dirty)
    filled, refused, grown, done = Filled(batch, dirty), Refused(batch, dirty), Grown(batch, dirty), Done(batch, dirty)
    touched, heard = Touched(batch, dirty), Heard(batch, dirty)
    scope = execute(batch, dirty, what_is_there(dirty.view, dirty.view.node(dirty.index)), direct=direct)
    gathered.settle()
    touched.settle()
    filled.settle()
    grown.settle()
    refused.settle()
    if dirty.key in batch.held:
        batch.findings.withdraw(batch.held.pop(dirty.key))
    if dirty.statement.kind in ("import", "block") and len(sys.modules) > len(batch.imported_before):
        batch.modules.refresh()  # what is called of a new module is to be known
    if dirty.statement.kind == "import":
        scope = imported(batch, dirty, scope)
    changed = bind_all(batch, dirty, scope)
    heard.settle()
    say_names_seen(batch, dirty, scope)
    batch.end(dirty, "ran" if changed or dirty.statement.kind != "bind" else "cut-off")
    mutators_after(batch, dirty, scope)
    if "added" in dirty.reasons:
        put_items_in_order(dirty.view, dirty.index, batch.journal)
    follow_stores(batch, dirty)
    dynamic.settle()
    done.settle()


_NAMESPACE = frozenset((("locals",), ("vars",), ("dir",)))
