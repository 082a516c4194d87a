"""Function statements made again: a changed `def`, merged into what everybody holds."""

from __future__ import annotations

import ast
import sys
from functools import cached_property
from types import FunctionType, ModuleType

from ..plan.impact import Effect
from ..source.codes import walk
from ..source.fingerprint import docstring
from ..source.names import chain_of, names_of
from ..source.statement import Statement, parse
from .batch import Batch
from .bind import bind, execute
from .decorations import remember
from .dirty import Dirty
from .done import read_registered_again
from .earlier import made_by, overridden, seen_between
from .functions import keep_defaults
from .inspected import inspected
from .journal import MISSING
from .kinds import is_a
from .merge import class_merge
from .mutators import rebuild_after
from .permit import hold
from .reach import functions_of
from .registered import Registered, forget_if_it_fails, may_register, named_in, sorts
from .repeated import Repeated
from .values import same
from .written import read_docstrings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef


def define_function(batch: Batch, dirty: Dirty) -> None:
    """Make a function again: its bare `def` where nothing but its own signature changed, else the whole statement."""
    node = dirty.view.node(dirty.index)
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    old = dirty.view.old(dirty.index)
    before = dirty.view.ns.get(node.name, MISSING)
    raw = _raw_function(dirty, before) if old is not None and old.kind == "function" else None
    if old is not None and _was_decorated(old) and not node.decorator_list and _did_more(batch, dirty, old):
        batch.leftovers.left(
            dirty, [v for v in (raw, before) if v is not None and v is not MISSING], "has no decorator now"
        )
        batch.adapting.withdraw(dirty)
    former = parse(old) if raw is not None and old is not None else None
    if isinstance(former, (ast.FunctionDef, ast.AsyncFunctionDef)):
        remember(batch, former, node, raw)
    undecorated = not node.decorator_list and raw is not before
    if raw is None or undecorated or not _decorators_stand(batch, dirty, node, raw, old):
        _whole_definition(batch, dirty, node, raw, old)
        return
    _bare_definition(batch, dirty, node, raw, old)


def _did_more(batch: Batch, dirty: Dirty, old: Statement) -> bool:
    """Whether the decorators of a definition may have done more than to make another function of it."""
    node = parse(old)
    for decorator in getattr(node, "decorator_list", ()):
        chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        owner = batch.resolver.target_of(dirty.view.module, chain[:-1]) if chain is not None and chain[1:] else None
        if owner is not None and not is_a(owner, ModuleType):
            return True  # a method may give the function to its object
    return batch.effects.of(node, dirty.view.module).effect > Effect.LOCAL


def _was_decorated(old: Statement | None) -> bool:
    return old is not None and old.kind == "function" and old.text.lstrip()[:1] == "@"


def _raw_function(dirty: Dirty, before: Any) -> FunctionType | None:
    """The function of this very statement behind whatever its decorators made of it."""
    lines = range(dirty.statement.line, dirty.statement.end_line + 1)
    for function in functions_of([before], ""):
        code = function.__code__
        stands_here = code.co_filename == dirty.view.module.filename and code.co_firstlineno - 1 in lines
        if stands_here and code.co_name == dirty.statement.name and function.__globals__ is dirty.view.ns:
            return function
    return None


def _decorators_stand(batch: Batch, dirty: Dirty, node: Function, raw: FunctionType, old: Statement | None) -> bool:
    """Whether what the decorators made can stay: they are the same, nothing they use changed, they copied nothing."""
    if not node.decorator_list:
        return True
    if old is None or "rebuild" in dirty.reasons:
        return False
    before = parse(old)
    if not isinstance(before, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if [ast.dump(d) for d in before.decorator_list] != [ast.dump(d) for d in node.decorator_list]:
        return False
    if dirty.reasons & {"input", "called", "derived"} and _decorators_read_changes(batch, dirty, node):
        return False
    value = dirty.view.ns.get(node.name)
    if node.name in dirty.view.redecorated or not any(raw.__code__ == c for c in dirty.view.codes(dirty.index)):
        return False  # a decorator has replaced the code
    if not _transparent(value) or _is_generated(value) or batch.adapting.derives(value, raw):
        return False
    if docstring(before) != docstring(node) and read_docstrings(batch, dirty.view.module, node):
        return False
    edited = _signature(before) != _signature(node) and "edited" in dirty.reasons
    return not (edited and _is_told(batch, dirty, node))


def _signature(node: Function) -> str:
    """The parameters and annotations of a function, from which a decorator may have read what to do."""
    return ast.dump(node.args) + (ast.dump(node.returns) if node.returns else "")


def _is_told(batch: Batch, dirty: Dirty, node: Function) -> bool:
    """Whether a decorator does more than wrap: it may have written down what the signature says."""
    return batch.effects.of(node, dirty.view.module).effect > Effect.LOCAL


def _decorators_read_changes(batch: Batch, dirty: Dirty, node: Function) -> bool:
    for decorator in node.decorator_list:
        names = names_of(ast.Expr(decorator))
        chain_sets = names.reads | names.calls
        for change in batch.changes.values():
            if any(batch.resolver.means(dirty.view.module, c, change.product) for c in chain_sets):
                return True
    return False


def _is_generated(value: Any) -> bool:
    """Whether a wrapper was written by its decorator, from the signature it found."""
    return is_a(value, FunctionType) and "__wrapped__" in value.__dict__ and value.__code__.co_filename[:1] == "<"


def _transparent(value: Any) -> bool:
    """Whether a decorated value holds its function in a way that a patch reaches, documentation included."""
    kinds = (FunctionType, staticmethod, classmethod, property, cached_property)
    return is_a(value, kinds) or type(value).__name__ == "_lru_cache_wrapper"


def _bare_definition(batch: Batch, dirty: Dirty, node: Function, raw: FunctionType, old: Statement | None) -> None:
    bare = _without_decorators(node)
    made = execute(batch, dirty, bare)[node.name]
    if made.__code__.co_freevars != raw.__code__.co_freevars and not node.decorator_list:
        _whole_definition(
            batch, dirty, node, raw, old
        )  # its type parameters are others: the name stands for the new one
        return
    if old is not None:
        code = next((p.old for e in batch.edits for p in e.codes if p.new is raw.__code__), raw.__code__)
        keep_defaults(raw, code, made, _kept_defaults(batch, dirty, node, old), batch.journal)
    annotations = dict(raw.__annotations__) if sys.version_info < (3, 14) else None
    doc = docstring(parse(old)) if old is not None else raw.__doc__  # the swap may have set the new one
    defaults = raw.__defaults__, raw.__kwdefaults__
    class_merge(batch).function(raw, made)
    _wrappers(batch, dirty, raw, doc, annotations)
    batch.adapting.functions.append(raw)
    batch.end(dirty, "patched")
    own = _does_otherwise(batch, dirty) or _takes_refilled(batch, raw)
    if own or not same(defaults, (raw.__defaults__, raw.__kwdefaults__)):  # else its annotations alone are others
        batch.code_changed(dirty.view.module, node.name, f"{node.name} changed")
    elif "edited" in dirty.reasons or dirty.reasons & {"input", "called", "derived"}:
        inspected(batch, dirty.view.module, node.name, f"the annotations of {node.name} changed")


def _takes_refilled(batch: Batch, function: FunctionType) -> bool:
    """Whether what a function takes where nothing is given is a container that has other content now."""
    refilled = {id(c.after) for c in batch.changes.values() if c.product.kind == "content"}
    given = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    return any(id(value) in refilled for value in given)


def _does_otherwise(batch: Batch, dirty: Dirty) -> bool:
    """Whether the code of a function was edited; that of its annotations (since 3.14) apart."""
    codes = (c for code in dirty.view.codes(dirty.index) for c in walk(code))
    return any(id(c) in batch.own_codes for c in codes if c.co_name != "__annotate__")


def _without_decorators(node: Function) -> Function:
    kind = type(node)
    values = {f: getattr(node, f) for f in node._fields if f != "decorator_list" and hasattr(node, f)}
    return ast.copy_location(kind(**values, decorator_list=[]), node)


def _kept_defaults(batch: Batch, dirty: Dirty, node: Function, old: Statement) -> set[str]:
    """Parameters whose default expression is the one that was evaluated, with nothing it reads changed."""
    before = parse(old)
    if not isinstance(before, (ast.FunctionDef, ast.AsyncFunctionDef)) or dirty.reasons & {
        "input",
        "called",
        "derived",
    }:
        return set()
    mine, theirs = _defaults(node), _defaults(before)
    return {n for n, d in mine.items() if theirs.get(n) == d}


def _defaults(node: Function) -> dict[str, str]:
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    tail = positional[len(positional) - len(args.defaults) :] if args.defaults else []
    found = {a.arg: ast.dump(d) for a, d in zip(tail, args.defaults, strict=True)}
    found.update({a.arg: ast.dump(d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True) if d is not None})
    return found


def _wrappers(
    batch: Batch, dirty: Dirty, raw: FunctionType, doc: str | None, annotations: dict[str, Any] | None
) -> None:
    """`functools.wraps` and descriptors copied the docstring when they were made."""
    value = dirty.view.ns.get(raw.__name__)
    chain = [f for f in functions_of([value], "") if f is not raw and f.__dict__.get("__wrapped__") is not None]
    for wrapper in (*chain, *([value] if value is not raw and not is_a(value, FunctionType) else ())):
        if wrapper.__doc__ == doc and raw.__doc__ != doc:
            batch.journal.set_plain(wrapper, "__doc__", raw.__doc__)


def _whole_definition(
    batch: Batch, dirty: Dirty, node: Function, raw: FunctionType | None, old: Statement | None
) -> None:
    if not dirty.reasons & {"edited", "added", "rebuild"} and node.decorator_list:
        impact = batch.effects.of(node, dirty.view.module)
        known = "input" in dirty.reasons and impact.effect == Effect.UNKNOWN
        if impact.effect > Effect.LOCAL and not known and not batch.adapting.repeats(dirty, impact):
            hold(batch, dirty, impact)
            return
    before = dirty.view.ns.get(node.name, MISSING)
    if raw is None and node.decorator_list and overridden(batch, dirty.view, dirty.index, node.name):
        before = made_by(dirty)  # the name stands for what a later statement made
    if node.decorator_list:
        batch.adapting.withdraw(dirty)
        batch.leftovers.again(dirty, [raw, before])  # what no adapter has taken out
    repeated = Repeated(batch, dirty, None) if node.decorator_list and old is not None else None
    registers = bool(node.decorator_list) and may_register(batch, dirty)
    registered = Registered(
        batch,
        (raw, before if before is not MISSING else None) if registers else (),
        named_in(dirty),
        sorts(batch, dirty),
    )
    scope = execute(batch, dirty, node)
    if repeated is not None:
        repeated.settle()
    registered.settle()
    made = scope.pop(node.name)
    if node.decorator_list and "added" in dirty.reasons:
        forget_if_it_fails(batch, made)
    new_raw = _raw_function(dirty, made)
    if raw is not None and new_raw is not None and raw is not before and raw is not new_raw:
        kept = class_merge(batch).function(raw, new_raw)
        made = kept if made is new_raw else made
    own = _does_otherwise(batch, dirty)
    if made is raw and raw is not before and max(dirty.view.binders(node.name)) > dirty.index:
        if own:  # what a later line made of it calls it
            batch.code_changed(dirty.view.module, node.name, f"{node.name} changed")
    elif overridden(batch, dirty.view, dirty.index, node.name):
        seen_between(batch, dirty, node.name)
    else:
        changed = bind(batch, dirty, node.name, made)
        if changed and dirty.view.ns.get(node.name) is not before:
            rebuild_after(batch, dirty, {node.name})
    if raw is not None:
        batch.adapting.functions.append(raw)
    if node.decorator_list and old is not None:
        read_registered_again(batch, dirty)
    batch.end(dirty, "ran" if node.decorator_list or old is None else "patched")
