"""What an edit took away: names unbound, classes that nobody holds out of sight, effects that stay said."""

from __future__ import annotations

import ast
import builtins
import gc
import sys
from types import FunctionType, ModuleType
from weakref import ref

from ..findings.values import Range
from ..source.codes import nested, walk, within
from ..source.statement import Statement, parse
from .batch import Batch
from .callee import absolute
from .discard import leave_bases
from .exported import gives_all_the_same, no_longer_exported
from .gone_members import say_gone_members
from .gone_objects import say_objects_of_gone
from .journal import MISSING
from .kinds import is_a, names_in
from .leftovers import forget_typing
from .missing import read_what_is_gone, say_name_gone
from .product import Product, Reader
from .reach import cell_content, functions_of, getattr_raw
from .remains import say_gone_effect, say_named
from .speak import place_of
from .stores import take_back_stores
from .subclassing import listed_among_subclasses
from .view import View
from .written import say_written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def remove_names(batch: Batch) -> None:
    """Unbind the names whose last binding statement is gone."""
    for view, statement in batch.removed:
        say_gone_effect(batch, view, statement)
    take_back_stores(batch)
    for view, statement in batch.removed:
        names = view.module.names(statement)
        bound = set(names.binds)
        for entry in names.imports:
            if entry.name == "*":
                bound |= _star_names(view, statement)
        for name in sorted(bound):
            _unbind(batch, view, name, statement)
    _shrunk(batch)
    for view, name, statement in batch.unbound:
        _drop(batch, view, name, statement)


def _shrunk(batch: Batch) -> None:
    """Names that a changed statement no longer binds."""
    for edit in batch.edits:
        view = batch.view_of(edit.module)
        for index, before in enumerate(edit.pairing.old_of):
            old, new = edit.old[before] if before is not None else edit.new[index], edit.new[index]
            dead = new.kind == "dead" != old.kind  # it stands where it never runs in this process
            if not dead and old.text == new.text:
                continue
            _unannotate(batch, view, old, new)
            if not dead and old.kind in ("function", "class") and old.name == new.name:
                continue
            binds = set[str]() if dead else view.names(index).binds
            for name in sorted(view.module.names(old).binds - binds):
                _unbind(batch, view, name, old)


def _unannotate(batch: Batch, view: View, old: Statement, new: Statement) -> None:
    """`x: int = 1` became `x = 1`."""
    annotations = view.ns.get("__annotations__") if old.kind == "bind" else None
    if type(annotations) is not dict or old.name not in annotations:
        return
    if isinstance(parse(old), ast.AnnAssign) and not isinstance(parse(new), ast.AnnAssign):
        batch.journal.del_item(annotations, old.name)  # pyright: ignore[reportUnknownArgumentType]


def _star_names(view: View, statement: Statement) -> set[str]:
    node = parse(statement)
    if not isinstance(node, ast.ImportFrom):
        return set()
    source = sys.modules.get(node.module or "")
    table = names_in(source) if is_a(source, ModuleType) else {}
    return {n for n, v in table.items() if not n.startswith("_") and view.ns.get(n, MISSING) is v}


def _unbind(batch: Batch, view: View, name: str, statement: Statement) -> None:
    others = view.binders(name)
    if others:
        _still_registered(batch, view, statement)
        last = max(others)
        if view.statements[last].kind != "function" or not _stands(view, last, name):
            _last_binder(batch, view, last, statement)
        return
    _drop(batch, view, name, statement)


def _still_registered(batch: Batch, view: View, statement: Statement) -> None:
    """A decorated function whose name others bind too (`def _():`) was removed: a registry may hold it."""
    if statement.kind == "function" and statement.text.lstrip()[:1] == "@":
        for code in within(nested(view.module.loaded_code()), statement.line, statement.end_line):
            for function in [h for h in gc.get_referrers(code) if is_a(h, FunctionType)]:
                batch.adapting.gone(view, statement, function)
                batch.leftovers.removed(view, statement, function)


def _stands(view: View, index: int, name: str) -> bool:
    """Whether what `name` stands for was made by the function statement `index`."""
    own = {id(c) for top in view.codes(index) for c in walk(top)}
    return any(id(f.__code__) in own for f in functions_of([view.ns.get(name)], ""))


def _drop(batch: Batch, view: View, name: str, statement: Statement) -> None:
    value = view.ns.get(name, MISSING)
    if value is MISSING or _is_submodule(view, name, value):
        return
    _given_by_another(batch, view, name, f"{statement.label} was removed")
    batch.adapting.gone(view, statement, value)
    batch.leftovers.removed(view, statement, value)
    if statement.kind == "function" and statement.text.lstrip()[:1] == "@":
        say_written(batch, view, statement, name)
    batch.journal.del_item(view.ns, name)
    annotations = view.ns.get("__annotations__")
    if type(annotations) is dict and name in annotations:
        batch.journal.del_item(annotations, name)  # pyright: ignore[reportUnknownArgumentType]
    imported = any(e.bound == name for e in view.module.names(statement).imports)
    if is_a(value, (FunctionType, type)):
        if _made_here(view, value):
            view.module.bury(name, value)
        if imported:
            no_longer_exported(batch, view, name, value)
    if is_a(value, type) and value.__module__ == view.module.name and not imported:
        batch.gone_classes.append(ref(value))
        listed_among_subclasses(batch, value)
        say_named(batch, view, value, statement)
        if sys.getrefcount(value) - _SPARE - 1 <= _self_references(value):  # the journal alone holds it
            batch.journal.record(setattr, value, "__bases__", value.__bases__)
            leave_bases(value)
    _still_imported(batch, view, name)


def _made_here(view: View, value: Any) -> bool:
    if is_a(value, FunctionType):
        return value.__globals__ is view.ns
    return value.__module__ == view.module.name


def leave_bases_of_gone(batch: Batch) -> None:
    """Removed classes that nobody holds leave their bases at once, not at some later collection."""
    for reference in batch.gone_classes:
        cls = reference()
        if cls is not None and sys.getrefcount(cls) - _SPARE <= _self_references(cls):
            leave_bases(cls)
    cls = None
    if any(_is_listed(batch, r) for r in (*batch.gone_classes, *batch.stuck)):
        forget_typing()
        gc.collect()  # of what holds only itself
    for reference in batch.gone_classes:
        _still_a_subclass(batch, reference, "was removed, but the program still holds it")
    for reference in batch.stuck:
        _still_a_subclass(batch, reference, "was made again, but something holds the copy that was made on the way")


def say_gone(batch: Batch) -> None:
    """When nothing of the batch holds them any more: what lives on without its class, or its Enum."""
    say_objects_of_gone(batch, [r for r in batch.gone_classes if not _is_listed(batch, r) and _is_held(r)])
    say_gone_members(batch)


def _is_held(reference: ref[type]) -> bool:
    """Whether more than a class itself holds it."""
    cls = reference()
    return cls is not None and sys.getrefcount(cls) - _SPARE > _self_references(cls)


def _is_listed(batch: Batch, reference: ref[type]) -> bool:
    """Whether a class is still among the subclasses of one of the program's own."""
    cls = reference()
    return cls is not None and any(batch.modules.named(b.__module__) for b in cls.__bases__)


def _still_a_subclass(batch: Batch, reference: ref[type], why: str) -> None:
    cls = reference()
    module = batch.modules.named(cls.__module__) if cls is not None and _is_listed(batch, reference) else None
    if cls is None or module is None:
        return
    bases = ", ".join(b.__name__ for b in cls.__bases__)
    own = [s for s in module.statements() if s.kind == "class" and s.name == cls.__qualname__.partition(".")[0]]
    first = own or module.statements()
    batch.findings.say(
        "RLD206",
        f"Class {cls.__qualname__} {why}: it is listed among the subclasses of {bases}. "
        "Let go of it, or restart the process.",
        module.path,
        place_of(first[0]) if first else Range.of(0, 0, 0, 1),
        severity="warning",
        data={"class": cls.__qualname__, "fixes": [{"kind": "restart"}]},
    )


def _self_references(cls: type) -> int:
    """How often a class refers to itself: its method resolution order, its descriptors, the cells of its methods."""
    members = list(cls.__dict__.values())
    owned = sum(1 for m in members if getattr_raw(m, "__objclass__") is cls)
    cells = {id(c) for f in functions_of(members, "") for c in f.__closure__ or () if cell_content(c) is cls}
    return 1 + owned + len(cells)


def _gives(batch: Batch, view: View, index: int, name: str) -> bool:
    """Whether a star import gives `name` too."""
    for entry in view.names(index).imports:
        source = batch.modules.named(absolute(view.module, entry)) if entry.name == "*" else None
        if source is not None and name in source.ns.get("__all__", [n for n in source.ns if n[0] != "_"]):
            return name in source.ns
    return False


def _spare_references() -> int:
    """References to a class that only a local name holds, beyond those to itself: 3.14 counts fewer."""

    class Probe:
        def method(self) -> object:
            return __class__  # pyright: ignore[reportUndefinedVariable]

    return sys.getrefcount(Probe) - _self_references(Probe)


_SPARE = _spare_references()


def _last_binder(batch: Batch, view: View, index: int, statement: Statement) -> None:
    key = (view.module.name, index)
    if key not in batch.steps and key not in batch.pending:
        batch.mark(view, index, "rebuild", f"{statement.label} was removed")


def _is_submodule(view: View, name: str, value: Any) -> bool:
    return is_a(value, ModuleType) and sys.modules.get(f"{view.module.name}.{name}") is value


def _still_imported(batch: Batch, view: View, name: str) -> None:
    """Importers of a name that is gone: a fresh process would fail there."""
    product = Product(view.module, name, "removed")
    for reader in list(batch.resolver.readers(product)):
        if reader.late == 1 and reader.view.module is view.module and hasattr(builtins, name):
            batch.called_late(reader, product)
        if not reader.late and reader.whole:
            batch.mark(reader.view, reader.index, "input", reader.why)
        if reader.late or reader.whole:
            continue
        if reader.view.statements[reader.index].kind != "import":
            read_what_is_gone(batch, reader, view, product)
        elif reader.view.module is view.module:
            continue
        elif any(e.name == "*" for e in reader.view.names(reader.index).imports):
            _star_copy_gone(batch, reader, name)
        elif gives_all_the_same(view, name):
            batch.mark(reader.view, reader.index, "input", f"{name} of {view.module.name} changed")
        else:
            what = f"{reader.view.module.name} imports it: it keeps the old object"
            say_name_gone(batch, reader, view, name, what, "Remove the import")


def _star_copy_gone(batch: Batch, reader: Reader, name: str) -> None:
    binders = reader.view.binders(name)
    if binders and max(binders) < reader.index:  # what it had replaced stands again
        batch.mark(reader.view, max(binders), "rebuild", f"{name} is no longer imported in its place")
    if name in reader.view.ns and not binders:
        batch.journal.del_item(reader.view.ns, name)
        if not _given_by_another(batch, reader.view, name, f"{name} is no longer imported in its place"):
            _still_imported(batch, reader.view, name)


def _given_by_another(batch: Batch, view: View, name: str, why: str) -> bool:
    """Whether star imports give `name` too: they run again."""
    giving = [i for i in view.mentioning("import *") if _gives(batch, view, i, name)]
    for index in giving:
        batch.mark(view, index, "rebuild", why)
    return bool(giving)
