"""Import statements that run again because what they import changed."""

from __future__ import annotations

from .batch import Batch
from .callee import absolute
from .dirty import Dirty
from .journal import MISSING
from .loaded import LoadedModule
from .mutators import made_over
from .product import Change, Product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def imported(batch: Batch, dirty: Dirty, scope: dict[str, Any]) -> dict[str, Any]:
    """Of what an import gives, what is to be bound: names that the program itself set in the importer stay its own."""
    _star_copies(batch, dirty, scope)
    if dirty.reasons & {"edited", "added", "rebuild"}:
        return scope
    return {n: v for n, v in scope.items() if _follows(batch, dirty, n, v)}


def _follows(batch: Batch, dirty: Dirty, name: str, value: Any) -> bool:
    """Whether the importer still holds what it once imported."""
    ns = dirty.view.ns
    if name not in ns or ns[name] is value or made_over(dirty, name):
        return True
    for entry in dirty.names.imports:
        source = batch.modules.named(absolute(dirty.view.module, entry))
        original = entry.name if entry.bound == name else name if entry.name == "*" else ""
        change = batch.changes.get((source.name, original)) if source is not None else None
        if source is not None and original not in source.ns:
            return True
        if change is not None:
            return change.before is MISSING or ns[name] is change.before
    return False


def _star_copies(batch: Batch, dirty: Dirty, scope: dict[str, Any]) -> None:
    """Names that a star import no longer gives leave the importer."""
    module = dirty.view.module
    for entry in dirty.names.imports:
        source = batch.modules.named(absolute(module, entry)) if entry.name == "*" else None
        removed = {
            n: c.before for (m, n), c in batch.changes.items() if source is not None and _is_removed(source, m, c)
        }
        if source is None or not (removed or (source.name, "__all__") in batch.changes):
            continue
        others = _star_names(batch, dirty)
        for name, value in list(module.ns.items()):
            copied = _copied(source, name, value) or (name in removed and removed[name] is value)
            if copied and name not in scope and name not in others and not dirty.view.binders(name):
                batch.journal.del_item(module.ns, name)
                batch.changed(Product(module, name, "removed"), value, value)


def _is_removed(source: LoadedModule, module: str, change: Change) -> bool:
    return module == source.name and change.product.kind == "removed"


def _star_names(batch: Batch, dirty: Dirty) -> set[str]:
    """What the other star imports of the module give it."""
    found: set[str] = set()
    for index in dirty.view.mentioning("import *"):
        for entry in dirty.view.names(index).imports if index != dirty.index else ():
            source = batch.modules.named(absolute(dirty.view.module, entry)) if entry.name == "*" else None
            if source is not None:
                public = source.ns.get("__all__")
                found.update(public if public is not None else (n for n in source.ns if n[:1] != "_"))
    return found


def _copied(source: LoadedModule, name: str, value: Any) -> bool:
    return not name.startswith("__") and source.ns.get(name, MISSING) is value
