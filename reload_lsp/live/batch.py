"""One batch: swap codes, run what must run, take away what is gone; all of it or nothing."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from weakref import ref

from ..findings.values import Ending, Finding, Step
from ..plan.effects import CONSTRUCTORS, Effects
from ..source.statement import Statement
from .adapting import Adapting
from .consumed import let_go
from .dirty import Dirty, Key
from .edit import ModuleEdit
from .emptied import Emptied
from .evidence import may_call_items
from .functions import Swap
from .given_lazily import tell_who_asked
from .handed_objects import may_have_called
from .journal import MISSING, Journal, KeptList
from .kinds import is_metaclass
from .leftovers import Leftovers, collect
from .loaded import LoadedModule
from .loose import Loose
from .modules import Modules
from .product import (
    CALLED,
    PASSED_ON,
    REASONS,
    Change,
    Product,
    ProductKind,
    Reader,
    concerns,
    given_to,
    holds_objects,
    is_data,
    orders,
    reads_its_own,
    sees_another,
    takes_by_default,
)
from .progress import Progress, say_not_run
from .ran import Ran
from .registries import Registries
from .resolve import Resolver
from .speak import Findings
from .values import holds_functions
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .old_defaults import OldDefaults

HOOKS = frozenset(("__init_subclass__", "__set_name__", "__prepare__"))


class Batch:
    """The state of one batch; its one owner. The steps live in `swap`, `run`, `members` and `audit`."""

    def __init__(self, modules: Modules, edits: Sequence[ModuleEdit], generation: int) -> None:
        self.modules = modules
        self.edits = list(edits)
        self.journal = Journal()
        self.findings = Findings(generation)
        self.resolver = Resolver(modules, self.view_of, (e.module for e in edits))
        self.effects = Effects(self.resolver.called)
        self.pending: dict[Key, Dirty] = {}
        self.steps: dict[Key, Step] = {}
        self.ordered: list[Step] = []
        self.running: set[Key] = set()
        self.brought = 0  # how many statements were taken up so far
        self.told: dict[tuple[str, str, ProductKind, int | None], int] = {}
        self.changes: dict[tuple[str, str], Change] = {}
        self.users: dict[Key, set[Product]] = {}
        self.followed: set[tuple[Key, Product]] = set()
        self.loose = Loose()
        self.only: Callable[[Batch, View, int], bool] | None = None  # which statements may be marked now
        self.vanished: set[str] = set()  # the words of hooks that are gone
        self.stuck: list[ref[type]] = []
        self.gone_classes: list[ref[type]] = []
        self.gone_members: list[tuple[type, Any]] = KeptList()  # of Enums
        self.made_classes = False
        self.factories: set[int] = set()  # functions of which one that they make is edited: by id
        self.own_codes = {id(p.new) for e in self.edits for p in e.codes if p.own}
        self.ran = Ran(modules, self.edits)
        self.reannotated: set[str] = set()
        self._progress = Progress()
        self.discards: list[tuple[Any, Any]] = KeptList()
        self.remade: list[Any] = []
        self.superseded: list[tuple[type, type]] = KeptList()
        self.abstract: list[tuple[type, type]] = KeptList()
        self.swapped: list[Swap] = []
        self.replaced: list[tuple[Any, Dirty]] = []
        self.held: dict[Key, Finding] = {}
        self.data_changed = False
        self.old_defaults: dict[type, OldDefaults] = {}
        self.repositioned: dict[type, Dirty] = {}  # whose written constructor takes its arguments in another order
        self.bodies: list[Dirty] = []
        self.annotations: list[Dirty] = []
        self.removed: list[tuple[View, Statement]] = []
        self.unbound: list[tuple[View, str, Statement]] = []
        self.class_pairs: dict[int, type] = {}
        self.undecorated: dict[int, set[str]] = {}  # by function: what it has of decorators that are gone
        self.imported_before = modules.present_names  # the modules themselves may go
        self.adapting = Adapting(self)
        self.leftovers = Leftovers()
        self.emptied = Emptied()
        self.registries = Registries(self.adapting.classes, self.class_pairs)
        self._views: dict[int, View] = {id(e.module): View(e.module, e) for e in self.edits}

    def view_of(self, module: LoadedModule) -> View:
        """The batch's view of a module."""
        view = self._views.get(id(module))
        if view is None:
            view = self._views[id(module)] = View(module)
        return view

    # dirty statements ------------------------------------------------------------------------------------------
    def mark(self, view: View, index: int, reason: str, why: str) -> None:
        """A statement must be looked at (again)."""
        if self._old_text_runs(view, index, reason) or (self.only and not self.only(self, view, index)):
            return
        if (key := (view.module.name, index)) in self.pending or key not in self.running:
            self.pending.setdefault(key, Dirty(view, index, why=why)).reasons.add(reason)

    def _old_text_runs(self, view: View, index: int, reason: str) -> bool:
        """A statement that its module is executing, or will: in its old text, with what is there then."""
        place = self._progress.place(view, index)
        if place == "ran":
            return False
        edited = reason in ("edited", "added")
        if place == "running" and not edited:
            return reason in ("called", "derived") or isinstance(view.node(index), ast.While)
        if view.edit is None:
            return True
        if edited:
            say_not_run(self.findings, view, view.statements[index], place)
        self.end(Dirty(view, index, {reason}), "held" if edited else "cut-off", "not run yet")
        return True

    def end(self, dirty: Dirty, ending: Ending, why: str = "") -> None:
        """Every dirty statement ends here, exactly once for each time it was taken up."""
        step = Step(dirty.view.module.name, dirty.statement.label, dirty.statement.line, ending, why or dirty.why)
        before = self.steps.get(dirty.key)
        if before is not None and before in self.ordered and before.ending != "held":
            self.ordered.remove(before)
        self.steps[dirty.key] = step
        self.ordered.append(step)

    def changed(self, product: Product, before: Any, after: Any, origin: int | None = None) -> None:
        """A product is not what it was: whoever reads it is dirty. `origin` is the statement that bound it."""
        self.changes[product.module.name, product.name] = Change(product, before, after)
        for reader in self.ran.readers(self.resolver, product):
            key = (reader.view.module.name, reader.index)
            if key in self.running or reads_its_own(reader, product):
                continue
            statement = reader.view.statements[reader.index]
            if origin is not None and not reader.late and sees_another(reader, product, origin):
                continue
            if statement.kind == "class" and product.kind in ("code", "inner"):
                self.users.setdefault(key, set()).add(product)  # a decorator of its methods, or of the class
            if reader.late:
                self.called_late(reader, product)
            elif product.kind in PASSED_ON and statement.kind == "import" and product.name != "__all__":
                self._passed_on(reader.view, reader.index, product)
            elif reader.handed and statement.kind == "class" and ".__doc__" in statement.text:
                self.mark(reader.view, reader.index, "called", reader.why)
            elif reader.handed and not is_data(reader):
                self._made_with_changed(reader, product)
                if (statement.kind == "bind" and holds_objects(reader)) or orders(reader):
                    self.mark(reader.view, reader.index, "called", reader.why)
            elif may_have_called(self.modules, product, reader) and (
                concerns(product, reader) or (id(after) in self.factories and self.resolver.applied(reader, product))
            ):
                self._mark_caller(reader, product, after)
        tell_who_asked(self, product, before)

    def _mark_caller(self, reader: Reader, product: Product, called: Any) -> None:
        if product.kind not in CALLED or may_call_items(self, reader.view, reader.index, called):
            self.mark(reader.view, reader.index, REASONS.get(product.kind, "input"), reader.why)

    def _made_with_changed(self, reader: Reader, product: Product) -> None:
        """What was made of a changed function (`partial(f, 1)`, `[f]`) does something else when it is used."""
        view = reader.view
        kind = view.statements[reader.index].kind
        for owner in given_to(reader) if kind == "effect" else ():
            if (view.module.name, owner) not in self.changes:
                self._called(view.module, owner, "inner", reader.why)
        if takes_by_default(view.ns.get(name := view.statements[reader.index].name), product):
            self._called(view.module, name, "code", reader.why)
        for bound in view.names(reader.index).binds if kind in ("bind", "block") else ():
            functions = holds_functions(view.ns.get(bound))
            if (view.module.name, bound) not in self.changes and not (functions and kind == "block"):
                same = functions or product.kind == "code"
                self._called(view.module, bound, product.kind if same else "inner", reader.why)

    def class_hook_changed(self, module: LoadedModule, name: str) -> None:
        """What makes the subclasses of `name` (or the classes it is the metaclass of) does something else now."""
        product = Product(module, name, "code")
        value = module.ns.get(name, MISSING)
        self.changes[module.name, name] = Change(product, value, value)
        for reader in self.ran.readers(self.resolver, product):
            statement = reader.view.statements[reader.index]
            if statement.kind == "class" and not reader.late and (reader.view.module, statement.name) != (module, name):
                self.mark(reader.view, reader.index, "called", reader.why)
            elif statement.kind == "import":
                for entry in reader.view.names(reader.index).imports:
                    known = self.changes.get((reader.view.module.name, entry.bound))
                    if entry.name == name and (known is None or known.product.kind != "code"):
                        self.class_hook_changed(reader.view.module, entry.bound)

    def called_late(self, reader: Reader, product: Product) -> None:
        """A function uses the product: those who call it while they run may have got another result."""
        view, statement = reader.view, reader.view.statements[reader.index]
        if (view.module.name, statement.name) in self.changes:
            return
        if product.kind in ("code", "inner") and not self.ran.passed_on(product.module.ns.get(product.name)):
            return
        if not self.ran.using(view.codes(reader.index), product.name):
            return
        if statement.kind == "class":
            hooks = HOOKS | (CONSTRUCTORS if is_metaclass(view.ns.get(statement.name)) else frozenset[str]())
            if product.kind != "inner" and self.resolver.made_with(view, reader.index, product, hooks):
                self.class_hook_changed(view.module, statement.name)
            elif product.kind not in ("code", "inner") and self.resolver.made_with(view, reader.index, product):
                self._called(view.module, statement.name, "result", reader.why)
            self.users.setdefault((view.module.name, reader.index), set()).add(product)
            return
        same = product.kind in ("code", "inner")
        kind: ProductKind = product.kind if same else "result" if reader.late == 1 else "deep"
        if statement.kind == "function":
            self._called(view.module, statement.name, kind, reader.why)
        elif is_data(reader) or let_go(view, reader.index):  # `V = sorted(T, key=lambda x: f(x))`
            self.mark(view, reader.index, REASONS.get(product.kind, "derived"), reader.why)
        elif statement.kind == "bind":  # `f = lambda x: x * N`
            for name in [n for n in view.names(reader.index).binds if holds_functions(view.ns.get(n))]:
                if (view.module.name, name) not in self.changes:
                    self._called(view.module, name, kind, reader.why)

    def _passed_on(self, view: View, index: int, product: Product) -> None:
        for entry in view.names(index).imports:
            bound = product.name if entry.name == "*" else entry.bound
            if entry.name in (product.name, "*") and (view.module.name, bound) not in self.changes:
                value = view.ns.get(bound, MISSING)
                self.changed(Product(view.module, bound, product.kind), value, value)

    def code_changed(self, module: LoadedModule, name: str, why: str, origin: int | None = None) -> None:
        """The function `name` does something else when called, though it is the same object."""
        self._called(module, name, "code", why, origin)

    def inner_changed(self, module: LoadedModule, name: str, why: str) -> None:
        """Functions that the function `name` makes, or only uses while it runs, do something else."""
        self._called(module, name, "inner", why)

    def result_changed(self, module: LoadedModule, name: str, why: str) -> None:
        """The function `name` may give another result, for what it reads changed."""
        self._called(module, name, "result", why)

    def content_changed(self, module: LoadedModule, name: str) -> None:
        """What `name` stands for (an object, the file at a path) holds something else."""
        self._called(module, name, "content", "")

    def _called(self, module: LoadedModule, name: str, kind: ProductKind, why: str, origin: int | None = None) -> None:
        value = module.ns.get(name, MISSING)
        key = (module.name, name, kind, origin)
        if self.told.get(key) != self.brought:  # else its readers wait to be run already
            self.told[key] = self.brought
            self.emptied.empty(value if kind in CALLED else None)
            if kind in CALLED:
                self.loose.note_function(module, value)
            self.changed(Product(module, name, kind), value, value, origin)

    def close(self) -> None:
        """Let go of everything: what a batch holds would look like a holder of old code to the next one."""
        lists: tuple[list[Any], ...] = (
            self.edits, self.swapped, self.bodies, self.annotations, self.removed, self.unbound, self.replaced, self.remade,
            self.discards, self.superseded, self.abstract,
        )  # fmt: skip
        tables = self.loose, self.changes, self._views, self.class_pairs, self.old_defaults, self.repositioned
        for held in (*lists, *tables):
            held.clear()
        self.adapting.close()
        self.ran.close()
        self.journal = Journal()
        collect(self.made_classes, self.stuck)
