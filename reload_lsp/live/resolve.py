"""What dotted names stand for in the running program, and which statements read a product."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, ModuleType

from ..plan.effects import CONSTRUCTORS
from ..source.codes import nested
from ..source.late import late_chains
from ..source.names import Chain, Import, Names
from ..source.spelled import reads_all_names, spelled, spells_attribute
from ..source.statement import Statement
from .by_name import asked_modules, imports_inside, may_import
from .callee import Callees, absolute
from .importers import LOOK_UPS, loads_by_computed_name
from .kinds import is_a, names_in
from .loaded import LoadedModule
from .modules import Modules
from .product import CALLED, Product, Reader, applied_calls
from .target import target_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass


class Resolver:
    """Reads names off live namespaces; the views give the statements of this batch."""

    def __init__(
        self,
        modules: Modules,
        view_of: Callable[[LoadedModule], View],
        edited: Iterable[LoadedModule],
    ) -> None:
        self.modules = modules
        self.view_of = view_of
        self.edited = frozenset(edited)
        self._importers: tuple[list[LoadedModule], dict[LoadedModule, list[LoadedModule]]] | None = None
        self.called = Callees(modules, view_of).called
        self.target_of = target_of

    # readers ---------------------------------------------------------------------------------------------------
    def readers(self, product: Product) -> Iterator[Reader]:
        """The statements of all loaded modules that read `product` when they run, or in their function bodies."""
        for view, index in self.mentioning(product):
            hit = self.reader(view, index, product)
            if hit is not None:
                yield hit

    def mentioning(self, product: Product) -> Iterator[tuple[View, int]]:
        """The statements that could read `product`, by their text and what their module imports."""
        for module in self.candidates(product.module):
            view = self.view_of(module)
            if not self._module_may_read(view, product):
                continue
            for index in view.mentioning(product.name):
                if view.runs(index):
                    yield view, index

    def _module_may_read(self, view: View, product: Product) -> bool:
        """Whether the text of a module, whose statements are not looked at yet, may read the product anywhere."""
        text, name = view.text, product.name
        if name not in text or view.edit is not None or view.module is product.module:
            return name in text or view.reads_all_names
        return (
            view.reads_all_names
            or any(way in text for way in LOOK_UPS)
            or any(c is None or (len(c) > 1 and self.means(view.module, c, product)) for c in spelled(text, name))
            or may_import(text, product)
        )

    def given_lazily(self, own: LoadedModule, word: str = "") -> Iterator[tuple[View, int]]:
        """The statements with `word` in them that take a name of `own` which only its `__getattr__` gives (PEP 562)."""
        short = own.name.rpartition(".")[2]
        for module in self.candidates(own):
            view = self.view_of(module)
            if module is own or len(view.present((short, word))) < 2:
                continue
            for index in view.with_word(word or short):
                statement, text = view.statements[index], view.statements[index].text
                if statement.kind in ("dead", "text", "function") or short not in text or word not in text:
                    continue
                names = view.names(index)
                imports = [e for e in names.imports if e.name not in own.ns and e.name not in ("", "*")]
                chains = names.reads | names.calls
                if any(self.imports_from(module, e, own) for e in imports) or any(
                    self._is_given(module, c, own) for c in chains
                ):
                    yield view, index

    def _is_given(self, scope: LoadedModule, chain: Chain, own: LoadedModule) -> bool:
        """Whether a step of `chain` is an attribute of module `own` that is not among its names."""
        return any(
            self.target_of(scope, chain[:i]) is own.module and chain[i] not in own.ns for i in range(1, len(chain))
        )

    def candidates(self, own: LoadedModule) -> list[LoadedModule]:
        """The modules that may read names of `own`, in the order in which they were loaded."""
        modules = self.modules.all()
        if self._importers is None or self._importers[0] is not modules:
            self._importers = modules, {}
            self.modules.importers.update(modules)
        if own not in self._importers[1]:
            tail = own.name.rpartition(".")[2]
            may = {m for m in self.edited if tail in (text := self._text(m)) or "from ." in text or m is own}
            everyone = self.modules.importers.of(own) | may
            self._importers[1][own] = sorted(everyone, key=lambda m: m.order)
        return self._importers[1][own]

    def with_words(
        self, words: set[str], may: Callable[[View, str], bool] = lambda _view, _text: True
    ) -> Iterator[tuple[View, int]]:
        """The statements with any of `words` in their text, of all modules whose text `may` does not rule out as a whole."""
        for module in self.modules.all():
            view = self.view_of(module)
            present = view.present(words)
            if present and may(view, view.text):
                for index, statement in enumerate(view.statements):
                    if any(w in statement.text for w in present) and view.runs(index):
                        yield view, index

    def _text(self, module: LoadedModule) -> str:
        return self.view_of(module).text

    def reader(self, view: View, index: int, product: Product) -> Reader | None:
        """How a statement reads `product`, None where it does not."""
        if not self._may_read(view, index, product):
            return None
        if self._only_late(view, index, product.name):
            return self._late(view, index, product)
        names = view.names(index)
        imported = self.imports(view.module, names, product)
        if imported is not None:
            return Reader(view, index, f"{_spelled(imported)} of {product.module.name}", 0)
        wanted = names.calls if product.kind in CALLED else names.reads | names.calls
        for chain in sorted(wanted):
            if _registers(view, index, chain, product):
                continue
            if self.means(view.module, chain, product) and not _is_of_functools(view.module, chain):
                return Reader(view, index, f"{'.'.join(chain)} changed", 0)
        if product.kind in CALLED:
            for chain in sorted(names.reads - names.calls):
                if self.means(view.module, chain, product):
                    return Reader(view, index, f"{'.'.join(chain)} changed", 0, handed=True)
        if _looks_up(view.statements[index], product):
            return Reader(view, index, f"it looks {product.module.name} up by its name", 0)
        if any(m is product.module.module for m in asked_modules(view.statements[index].text, view.ns)):
            late = 0 if view.statements[index].kind not in ("function", "class") else 1
            why = f"it asks {product.module.name} for names, and {product.name} changed"
            return Reader(view, index, why, late, product.kind in CALLED)
        return self._whole(view, index, names, product) or self._late(view, index, product)

    def _may_read(self, view: View, index: int, product: Product) -> bool:
        """Whether the text of a statement, not parsed yet, spells anything that is the product."""
        text = view.statements[index].text
        if "import" in text or "sys.modules" in text or may_ask(view, text):
            return True
        return any(c is None or self.means(view.module, c, product) for c in spelled(text, product.name))

    def _only_late(self, view: View, index: int, name: str) -> bool:
        """Whether a definition spells `name`, and all that could stand for it, in the bodies of its functions alone."""
        return not may_ask(view, view.statements[index].text) and not self.may_read_now(view, index, name)

    def may_read_now(self, view: View, index: int, name: str) -> bool:
        """Whether a statement may read `name` when it runs: a definition outside of the bodies of its functions."""
        if view.statements[index].kind not in ("function", "class"):
            return True
        outline = view.outline(index)
        return name in outline or "import" in outline or "sys.modules" in outline or may_ask(view, outline)

    def _whole(self, view: View, index: int, names: Names, product: Product) -> Reader | None:
        why = f"it reads the whole namespace, where {product.name} changed"
        handed = product.kind in CALLED
        if view.module is not product.module:
            return Reader(view, index, why, 0, handed, True) if self._looks_into(view.module, names, product) else None
        if names.binds and all(view.ns.get(n) is view.ns for n in names.binds):
            return None  # `here = locals()`: the namespace itself
        if _whole_namespace(names):
            return Reader(view, index, why, 0, handed, True)
        if "globals" not in view.statements[index].text:
            return None
        return Reader(view, index, why, 1) if ("globals",) in view.late(index, "globals")[0] else None

    def _looks_into(self, scope: LoadedModule, names: Names, product: Product) -> bool:
        """`vars(m)`, `dir(m)`, `inspect.getmembers(m)`, `m.__dict__`: all names of another module."""
        if any(self.target_of(scope, c[:-1]) is product.module.module for c in names.reads if c[-1] == "__dict__"):
            return True
        asks = not names.calls.isdisjoint((("vars",), ("dir",))) or any(c[-1] == "getmembers" for c in names.calls)
        return asks and any(self.target_of(scope, c) is product.module.module for c in names.reads)

    def _late(self, view: View, index: int, product: Product) -> Reader | None:
        kind, text = view.statements[index].kind, view.statements[index].text
        if kind == "import" or (kind in ("bind", "effect") and "lambda" not in text):
            return None  # there is no function in it
        for depth, chains in enumerate(view.late(index, product.name), 1):
            for chain in sorted(chains):
                if self.means(view.module, chain, product):
                    return Reader(view, index, f"{view.statements[index].label} uses {'.'.join(chain)}", depth)
        if imports_inside(view, index, product):
            return Reader(view, index, f"{view.statements[index].label} imports {product.name}", 1)
        return None

    def means(self, module: LoadedModule, chain: Chain, product: Product) -> bool:
        """Whether reading `chain` in `module` reads `product`."""
        if module is product.module and chain[0] == product.name:
            return True
        value = module.ns.get(chain[0])
        for part in chain[1:]:
            if not is_a(value, ModuleType):
                return False
            if value is product.module.module and part == product.name:
                return True
            value = names_in(value).get(part)
        return False

    def applied(self, reader: Reader, product: Product) -> bool:
        """Whether a statement calls what an edited function made, as `@function(1)` does: that ran with the statement."""
        calls = applied_calls(reader.view.node(reader.index)) if product.kind == "inner" else ()
        return any(self.means(reader.view.module, c, product) for c in calls)

    def made_with(self, view: View, index: int, product: Product, methods: frozenset[str] = CONSTRUCTORS) -> bool:
        """Whether the methods of a class that make its objects, or other classes, use the product."""
        makers = [c for code in view.codes(index) for c in nested(code) if c.co_name in methods]
        return any(self.means(view.module, c, product) for c in late_chains(makers, product.name)[0])

    def imports(self, module: LoadedModule, names: Names, product: Product) -> Import | None:
        """The import by which a statement takes `product`, None where it does not."""
        for entry in names.imports:
            if entry.name in (product.name, "*") and self.imports_from(module, entry, product.module):
                return entry
        return None

    def imports_from(self, module: LoadedModule, entry: Import, source: LoadedModule) -> bool:
        name = absolute(module, entry)
        return name == source.name or sys.modules.get(name) is source.module


def may_ask(view: View, text: str) -> bool:
    """Whether a statement may read names that it does not spell."""
    return view.reads_all_names and ("getattr(" in text or reads_all_names(text))


def _spelled(entry: Import) -> str:
    return "it imports all names" if entry.name == "*" else f"it imports {entry.name}"


def _looks_up(statement: Statement, product: Product) -> bool:
    """`import_module("m").x`, `sys.modules["m"].x`: the module is named by a string, when the statement runs."""
    text, name = statement.text, product.module.name
    if statement.kind in ("function", "class") or not any(way in text for way in LOOK_UPS):
        return False
    named = f'"{name}"' in text or f"'{name}'" in text or loads_by_computed_name(text)
    return named and spells_attribute(text, product.name)


def _is_of_functools(module: LoadedModule, chain: Chain) -> bool:
    """`f.register`, `f.cache_clear`: what `functools` put on a function does not call the function."""
    value = module.ns.get(chain[0])
    if len(chain) != 2 or not is_a(value, (FunctionType, functools._lru_cache_wrapper)):
        return False
    added = value.__dict__.get(chain[1])
    return getattr(added, "__module__", None) == "functools" or chain[1] in ("cache_clear", "cache_info")


def _whole_namespace(names: Names) -> bool:
    return any(c in names.calls for c in (("globals",), ("vars",), ("locals",), ("dir",)))


def _registers(view: View, index: int, chain: Chain, product: Product) -> bool:
    """`@group.command()` asks what the decorated function `group` became to register something: it does not call `group`."""
    if product.kind not in CALLED or chain[-1] == product.name or view.statements[index].kind != "function":
        return False
    return not is_a(product.module.ns.get(product.name), (type, FunctionType))
