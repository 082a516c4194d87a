"""A statement executed, and what it made bound: in place of the old object, or patched into it."""

from __future__ import annotations

import ast
import builtins
import gc
from types import FunctionType, GenericAlias, UnionType
from weakref import ref

from ..plan.impact import Effect
from ..source.names import binds_of
from ..source.spelled import reads_all_names
from .batch import Batch
from .dirty import Dirty
from .earlier import Earlier, overridden, seen_between
from .enums import is_enum
from .failed import Failed
from .given import is_given
from .journal import MISSING
from .kinds import is_a, kind_of
from .lost import remember_remade
from .merge import merged
from .order import put_in_order
from .product import Product
from .reach import getattr_raw
from .seen_names import as_above
from .values import CONTAINERS, plain, same
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def execute(batch: Batch, dirty: Dirty, node: ast.stmt, direct: bool = False) -> dict[str, Any]:
    """Run `node` in its module; what it binds is returned, not yet bound. Raises Failed for the user's own errors."""
    view = dirty.view
    code = view.compiled(node, dirty.index)
    direct = direct and as_above(dirty) is None
    before = dict(view.ns) if direct else {}
    scope: dict[str, Any] = {}
    stored: Stored | None = None
    try:
        earlier = Earlier(batch, dirty, code)
        if direct and dirty.statement.kind == "block" and not reads_all_names(dirty.statement.text):
            stored = Stored(view.ns)
            with earlier as seen:
                stored.update(seen)
                exec(code, view.ns, stored)
        elif direct:
            exec(code, view.ns)
        elif (above := as_above(dirty)) is not None:
            known = dict(above)
            exec(code, above)
            scope = {k: v for k, v in above.items() if known.get(k, MISSING) is not v and k != "__builtins__"}
        else:
            with earlier as scope:
                exec(code, view.ns, scope)
            scope = earlier.made(scope)
            if view.hooked:  # hooks import what they use
                scope = {n: v for n, v in scope.items() if n in binds_of(node) or n.startswith("__annot")}
    except BaseException as error:
        if direct:
            _undo_direct(view, before)
        raise Failed(error, view.module.path, dirty.statement) from error
    if stored is not None:
        _note_unbound(batch, dirty, stored.names)
    if direct:
        scope = {k: v for k, v in view.ns.items() if before.get(k, MISSING) is not v}
        gone = [k for k in before if k not in view.ns]
        _undo_direct(view, before)
        for name in gone:
            batch.journal.del_item(view.ns, name)
    return scope


class Stored(dict[str, "Any"]):
    """The names of a module as a block that runs in it sees them; `names` are those that it bound."""

    def __init__(self, ns: dict[str, Any]) -> None:
        super().__init__()
        self.ns = ns
        self.names: set[str] = set()

    def __missing__(self, key: str) -> Any:
        return self.ns[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.names.add(key)
        self.ns[key] = value

    def __delitem__(self, key: str) -> None:
        del self.ns[key]


def _note_unbound(batch: Batch, dirty: Dirty, stored: set[str]) -> None:
    """Names that the block bound when it ran before, and this time did not; `try: x` / `except NameError: x = {}` keeps x."""
    view = dirty.view
    if "edited" not in dirty.reasons and _asks_the_program(view.node(dirty.index)):
        return
    asked = {chain[0] for chain in dirty.names.reads | dirty.names.calls}
    for name in sorted(dirty.names.binds - stored - asked):
        *earlier, last = view.binders(name)
        if name not in view.ns or last != dirty.index or f"global {name}" in view.module.text:
            continue
        if earlier:
            _stands_again(batch, view, earlier[-1], name)
        else:
            batch.unbound.append((view, name, dirty.statement))


def _stands_again(batch: Batch, view: View, index: int, name: str) -> None:
    """A block that comes after a binding of the name leaves it alone now: it is what that binding makes."""
    kind = view.statements[index].kind
    harmless = kind in ("function", "class", "import") or (
        kind == "bind" and batch.effects.of(view.node(index), view.module).effect <= Effect.LOCAL
    )
    value = view.ns.get(name)
    if harmless and (plain(value) or is_a(value, (FunctionType, type))):
        batch.mark(view, index, "rebuild", f"{name} is not bound again below it")


def _asks_the_program(node: ast.stmt) -> bool:
    """`if not is_registered("Shop"): class Shop: ...`: the answer is another one once the block has run."""
    calls = [n for n in ast.walk(node.test) if isinstance(n, ast.Call)] if isinstance(node, ast.If) else []
    return any(not isinstance(c.func, ast.Name) or not hasattr(builtins, c.func.id) for c in calls)


def _undo_direct(view: View, before: dict[str, Any]) -> None:
    for name in [k for k in view.ns if before.get(k, MISSING) is not view.ns[k]]:
        if name in before:
            view.ns[name] = before[name]
        else:
            del view.ns[name]
    for name in before.keys() - view.ns.keys():
        view.ns[name] = before[name]


def bind_all(batch: Batch, dirty: Dirty, scope: dict[str, Any]) -> bool:
    """Bind what a statement made; True where any product is not what it was."""
    annotations = scope.pop("__annotations__", None)
    for special in ("__annotate__", "__conditional_annotations__"):
        scope.pop(special, None)
    if type(annotations) is dict and annotations is not dirty.view.ns.get("__annotations__"):
        _annotate(batch, dirty.view, annotations)  # pyright: ignore[reportUnknownArgumentType]
    changed = False
    for name, value in scope.items():
        if overridden(batch, dirty.view, dirty.index, name):
            seen_between(batch, dirty, name)
        elif bind(batch, dirty, name, value):
            changed = True
            _blocks_after(batch, dirty, name)
        elif "edited" in dirty.reasons:  # what lines below made of the value before may be what it is now
            _blocks_after(batch, dirty, name)
    return changed


def _blocks_after(batch: Batch, dirty: Dirty, name: str) -> None:
    """A later `if` or `try` may bind the name too: whether it does is seen by running it again."""
    for index in dirty.view.binders(name):
        if index > dirty.index and dirty.view.statements[index].kind == "block":
            batch.mark(dirty.view, index, "rebuild", f"{name} was bound again above it")


def delete_again(batch: Batch, dirty: Dirty, name: str) -> None:
    """A name that was not there because a later statement deletes it goes again when its readers have run."""
    view = dirty.view
    for index in range(dirty.index + 1, len(view.statements)):
        if name in view.statements[index].text and name in view.names(index).deletes:
            batch.mark(view, index, "rebuild", f"{name} was made again")


def _annotate(batch: Batch, view: View, annotations: dict[str, Any]) -> None:
    current = view.ns.get("__annotations__")
    if type(current) is not dict:
        batch.journal.set_item(view.ns, "__annotations__", dict(annotations))
        return
    for name, value in annotations.items():
        if not same(current.get(name, MISSING), value):  # pyright: ignore[reportUnknownMemberType]
            batch.journal.set_item(current, name, value)  # pyright: ignore[reportUnknownArgumentType]


def bind(batch: Batch, dirty: Dirty, name: str, value: Any) -> bool:
    """Bind `name`, patching the old object in place where that is sound. True where its readers must look again."""
    view = dirty.view
    before = view.ns.get(name, MISSING)
    if before is value:
        _tell_refilled(batch, dirty, name, value)
        return False
    if is_a(value, (FunctionType, type)):
        before = _revived(dirty, name, before, value)
    stood = view.ns.get(name, MISSING)
    if kind_of(before) in CONTAINERS and kind_of(value) is kind_of(before):
        remember_remade(batch, dirty, name, before)
    result, kind = merged(batch, dirty, before, value)
    if stood is MISSING or (stood is not before and result is not stood):
        before, kind = stood, "added" if stood is MISSING else "identity"
    if view.ns.get(name, MISSING) is not result:
        batch.journal.set_item(view.ns, name, result)
    if (
        is_a(before, type)
        and result is not before
        and (before.__module__, before.__qualname__) == (view.module.name, name)
    ):
        batch.gone_classes.append(ref(before))
    if stood is MISSING:
        put_in_order(view, dirty.index, batch.journal)
        delete_again(batch, dirty, name)
    if kind is None:
        _tell_refilled(batch, dirty, name, result)
        return False
    if kind == "identity" and before is not MISSING and _is_state(before) and not is_given(batch, dirty, before):
        batch.replaced.append((before, dirty))
    batch.changed(Product(view.module, name, kind), before, result, dirty.index)
    return True


def _tell_refilled(batch: Batch, dirty: Dirty, name: str, value: Any) -> None:
    """A statement gave the same as before: that is, or holds, an object which has other content since this batch."""
    module = dirty.view.module
    if dirty.statement.kind != "bind" or (module.name, name) in batch.changes or is_a(value, (type, FunctionType)):
        return
    refilled = {id(c.after) for c in batch.changes.values() if c.product.kind == "content" and not is_a(c.after, type)}
    if refilled and not refilled.isdisjoint(map(id, _held_by(value))):
        batch.content_changed(module, name)


def _held_by(value: Any) -> list[Any]:
    """An object, and what it leads to at once."""
    if is_a(value, ref):
        return [value, value()]
    state = getattr_raw(value, "__dict__")
    return [value, *(state.values() if type(state) is dict else ()), *gc.get_referents(value)]  # pyright: ignore[reportUnknownMemberType]


def _is_state(value: Any) -> bool:
    """Whether it matters that somebody still holds a value: data, members of an Enum and what `typing` caches are no state."""
    if is_a(value, FunctionType):
        return True
    if is_enum(kind_of(value)):  # its class holds it
        return False
    return not plain(value) and type(value).__module__ != "typing" and not is_a(value, (GenericAlias, UnionType))


def _revived(dirty: Dirty, name: str, before: Any, value: Any) -> Any:
    """An object of the same kind that an earlier edit removed or replaced, and that somebody may still hold."""
    kept = dirty.view.module.buried().get(name, MISSING)
    if type(kept) is not type(value) or kept is value or kept is before:
        return before
    if is_a(value, FunctionType) and value.__code__.co_name != kept.__name__:
        return before
    del dirty.view.module.graveyard[name]
    dirty.revived.append(kept)
    return kept
