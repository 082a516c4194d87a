"""Attributes and items that statements set on objects of others: taken back where an edit takes the statement away, or said."""

from __future__ import annotations

import ast
from types import FunctionType, ModuleType

from ..source.names import Names, names_of
from ..source.statement import Statement, parse
from ..source.stores import Target, stored_in
from .batch import Batch
from .classes import del_member, members_of
from .dirty import Dirty
from .journal import MISSING
from .kinds import is_a, names_in
from .loaded import LoadedModule
from .product import Product
from .speak import place_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def take_back_stores(batch: Batch) -> None:
    """What the old text stored and the new one does not: made again by who defines it, deleted, or said."""
    for edit in batch.edits:
        view = batch.view_of(edit.module)
        before = dict(_stores_of(_left(batch, view)))
        after = {t for t, _ in _stores_of(iter(view.statements))} if before else set[Target]()
        for target in sorted(before.keys() - after, key=str):
            _take_back(batch, view, target, before[target])


def _left(batch: Batch, view: View) -> Iterator[Statement]:
    """The statements that are gone or were edited, as they were."""
    assert view.edit is not None
    pairing = view.edit.pairing
    yield from (view.edit.old[i] for i in pairing.removed)
    for index, before in enumerate(pairing.old_of):
        if before is not None and view.edit.old[before].text != view.edit.new[index].text:
            yield view.edit.old[before]


def _stores_of(statements: Iterator[Statement]) -> Iterator[tuple[Target, Statement]]:
    for statement in statements:
        if statement.kind in ("effect", "block") and any(word in statement.text for word in (".", "[", "setattr")):
            yield from ((target, statement) for target in stored_in(parse(statement)))


def _take_back(batch: Batch, view: View, target: Target, statement: Statement) -> None:
    root = target.owner[0]
    if any(view.statements[i].kind == "bind" for i in view.binders(root)) or _goes_too(view, root):
        return  # the module's own object is built again, or gone
    owner = batch.resolver.target_of(view.module, target.owner)
    if owner is None:
        return
    if target.is_item or not _removed(batch, owner, target.name, statement):
        _say_still_there(batch, view, target, statement)


def _goes_too(view: View, root: str) -> bool:
    """Whether the edit takes away the statement that made the object, too."""
    assert view.edit is not None
    removed = (view.edit.old[i] for i in view.edit.pairing.removed)
    return any(s.kind == "bind" and root in view.module.names(s).binds for s in removed if root in s.text)


def _removed(batch: Batch, owner: Any, name: str, statement: Statement) -> bool:
    """Whether the attribute is gone, or is to be made again by the statement that defines it."""
    if is_a(owner, ModuleType):
        module = batch.modules.named(str(names_in(owner).get("__name__")))
        return module is not None and module.module is owner and _of_module(batch, module, name, statement)
    if is_a(owner, type):
        return _of_class(batch, owner, name)
    if is_a(owner, FunctionType) and name in owner.__dict__:
        batch.journal.del_item(owner.__dict__, name)
        return True
    return False


def _of_module(batch: Batch, module: LoadedModule, name: str, statement: Statement) -> bool:
    view = batch.view_of(module)
    binders = view.binders(name)
    if binders:
        batch.mark(view, binders[-1], "rebuild", f"{statement.label} was removed")
    elif name in module.ns:
        before = module.ns[name]
        batch.journal.del_item(module.ns, name)
        batch.changed(Product(module, name, "removed"), before, MISSING)
    return True


def _of_class(batch: Batch, cls: type, name: str) -> bool:
    module = batch.modules.named(str(cls.__dict__.get("__module__")))
    if module is None or module.ns.get(cls.__name__) is not cls:
        return False
    view = batch.view_of(module)
    binder = next((i for i in reversed(view.binders(cls.__name__)) if view.statements[i].kind == "class"), None)
    if binder is None:
        return False
    if name in members_of(cls):
        del_member(cls, name, batch.journal)
    if name in view.statements[binder].text:
        batch.mark(view, binder, "rebuild", f"{cls.__name__}.{name} is set no more from outside")
    return True


def _say_still_there(batch: Batch, view: View, target: Target, statement: Statement) -> None:
    at = view.statements[0] if view.statements else statement
    batch.findings.say(
        "RLD308",
        f"`{statement.label}` was removed or changed, but {target} is still set as it left it. Restart the process to be "
        "without it.",
        view.module.path,
        place_of(at),
        verdict="applied-risk",
        data={"fixes": [{"kind": "restart"}]},
    )


def follow_stores(batch: Batch, dirty: Dirty) -> None:
    """An edited statement has set something on an object of others: what reads it further on runs again."""
    if not dirty.reasons & {"edited", "added", "input"} or dirty.statement.kind not in ("effect", "block"):
        return
    for target in stored_in(dirty.view.node(dirty.index)):
        owner = batch.resolver.target_of(dirty.view.module, target.owner)
        module = batch.modules.named(str(names_in(owner).get("__name__"))) if is_a(owner, ModuleType) else None
        if module is not None and module.module is owner and not target.is_item:
            value = module.ns.get(target.name, MISSING)
            batch.changed(Product(module, target.name, "identity"), value, value)
        elif owner is not None:
            _readers_after(batch, dirty, target)
            home = batch.modules.of_namespace(owner.__globals__) if is_a(owner, FunctionType) else None
            if home is not None and target.name in owner.__code__.co_names:  # it reads its own attribute
                batch.result_changed(home, owner.__name__, f"{target} changed")


_READING = frozenset(("bind", "class", "function", "effect"))


def _given_in(node: ast.stmt) -> Names:
    """What `c.m = c.n + 1` reads of what it gives: `c.m` itself it only sets. Other effects are not for a reader to repeat."""
    return (
        names_of(node.value) if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value else names_of(ast.Pass())
    )


def _readers_after(batch: Batch, dirty: Dirty, target: Target) -> None:
    """Statements below that read the object of which an attribute or item was set."""
    chain = target.owner if target.is_item else (*target.owner, target.name)
    view = dirty.view
    ways = {chain, (*chain[:-1], "getenv")} if chain[-1] == "environ" else {chain}
    for index in range(dirty.index + 1, len(view.statements)):
        statement = view.statements[index]
        if statement.kind in _READING and any(way[-1] in statement.text for way in ways):
            names = view.names(index) if statement.kind != "effect" else _given_in(view.node(index))
            if any(c[: len(chain)] in ways for c in names.reads | names.calls):
                batch.mark(view, index, "input", f"{target} changed")
