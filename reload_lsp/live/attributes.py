"""Attributes of a class are others now: who read them when modules were loading looks again."""

from __future__ import annotations

import operator
from collections.abc import Set

from ..plan.impact import Effect
from ..source.names import Chain
from ..source.spelled import of_nameless
from .acting import Acting
from .batch import Batch
from .classes import members_of
from .enumerated import asks_for_members, has_other_members
from .heap import subclasses
from .journal import MISSING
from .kinds import is_a, kind_of
from .loaded import LoadedModule
from .product import Change, Product, is_data
from .values import holds
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def members_changed(batch: Batch, module: LoadedModule, name: str, members: set[str]) -> None:
    """Attributes of a class are others now. Instances follow their class; who read the attributes runs again."""
    product = Product(module, name, "content")
    value = module.ns.get(name, MISSING)
    batch.changes[module.name, name] = Change(product, value, value)
    for sub in subclasses(value) if is_a(value, type) else ():
        home = batch.modules.named(str(sub.__dict__.get("__module__")))
        inherited = members - members_of(sub).keys()
        if (
            home is not None
            and inherited
            and home.ns.get(sub.__name__) is sub
            and (home.name, sub.__name__) not in batch.changes
        ):
            members_changed(batch, home, sub.__name__, inherited)
    loose = [m for m in members if m[:2] != "__" or m == "__annotations__"]
    batch.loose.note_members(loose, Acting(f"{name}.{min(loose, default='')} changed", code=False))
    others = has_other_members(value, members)
    for view, index in list(batch.ran.mentioning(batch.resolver, product)):
        text = view.statements[index].text
        if others and view.statements[index].kind in ("bind", "class"):
            _all_members_read(batch, view, index, product, value)
        if view.statements[index].kind == "import":
            _members_passed_on(batch, view, index, product, members)
        elif view.statements[index].kind == "bind" or any(m in text for m in members):
            _members_read(batch, view, index, product, members)


def _all_members_read(batch: Batch, view: View, index: int, product: Product, value: Any) -> None:
    reader = batch.resolver.reader(view, index, product)
    if reader is not None and not reader.late and asks_for_members(batch, view, index, product, value):
        batch.mark(view, index, "input", reader.why)


def _members_passed_on(batch: Batch, view: View, index: int, product: Product, members: set[str]) -> None:
    if batch.resolver.reader(view, index, product) is None:
        return
    for bound in [e.bound for e in view.names(index).imports if e.name == product.name]:
        if (view.module.name, bound) not in batch.changes:
            members_changed(batch, view.module, bound, members)


def _members_read(batch: Batch, view: View, index: int, product: Product, members: set[str]) -> None:
    reader = batch.resolver.reader(view, index, product)
    if reader is None:
        return
    names, statement = view.names(index), view.statements[index]
    if reader.late:
        late = view.late(index, product.name)[0] if statement.kind == "function" else set[Chain]()
        if _reads_member(batch, view, late, product, members):
            batch.result_changed(view.module, statement.name, reader.why)
    elif _reads_member(batch, view, names.reads | names.calls, product, members):
        batch.mark(view, index, "input", reader.why)
    elif statement.kind == "bind":
        if _asks_by_name(batch, view, index, members):
            batch.mark(view, index, "input", reader.why)
        elif _inspects(batch, view, index, product) or (
            any(of_nameless(statement.text, m) for m in members) and is_data(reader)
        ):
            batch.mark(view, index, "derived", reader.why)
        value = batch.changes[product.module.name, product.name].after
        for bound in names.binds:
            found = view.ns.get(bound)
            if holds(found, value) or any(c is value for c in type.__dict__["__mro__"].__get__(kind_of(found))):
                _members_of_held(batch, view, bound, members)


def _members_of_held(batch: Batch, view: View, bound: str, members: set[str]) -> None:
    if (view.module.name, bound) not in batch.changes:
        members_changed(batch, view.module, bound, members)


def _reads_member(batch: Batch, view: View, chains: Set[Chain], product: Product, members: set[str]) -> bool:
    return any(
        chain[at] in members and batch.resolver.means(view.module, chain[:at], product)
        for chain in chains
        for at in range(1, len(chain))
    )


def _asks_by_name(batch: Batch, view: View, index: int, members: set[str]) -> bool:
    """Whether a statement asks for one of the attributes through an `operator.attrgetter`."""
    names = view.names(index)
    targets = [batch.resolver.target_of(view.module, chain) for chain in names.calls | names.reads]
    asked = [name for t in targets if is_a(t, operator.attrgetter) for name in t.__reduce__()[1]]
    spelled = "attrgetter" in view.statements[index].text
    return any(part in members for name in asked for part in name.split(".")) or (
        spelled
        and any(f"'{m}'" in view.statements[index].text or f'"{m}"' in view.statements[index].text for m in members)
    )


def _inspects(batch: Batch, view: View, index: int, product: Product) -> bool:
    """Whether a harmless statement hands the class itself to something that may look into it."""
    names = view.names(index)
    handed = [c for c in names.reads - names.calls if batch.resolver.means(view.module, c, product)]
    return bool(handed) and batch.effects.of(view.node(index), view.module).effect <= Effect.LOCAL
