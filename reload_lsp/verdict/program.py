"""Modules together: what a dotted name stands for in the texts, and which statements read a product."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..plan import known
from ..plan.impact import Called
from ..source.names import Chain, Import, chain_of
from .inside import imports_inside
from .module import ModuleText, dotted

ProductKind = Literal["identity", "content", "code", "result", "deep", "removed"]
CALLED = frozenset(("code", "result", "deep"))
DEEPEST = 12  # how many re-exports are followed
_WHOLE = (("globals",), ("vars",), ("locals",), ("dir",))


@dataclass(frozen=True, slots=True)
class Product:
    """What a statement binds: `name` in the module named `module`, and in what way it changes."""

    module: str
    name: str
    kind: ProductKind


@dataclass(frozen=True, slots=True)
class Reader:
    """A statement that a changed product reaches; `late` where only function bodies read it (2: nested ones)."""

    module: ModuleText
    index: int
    why: str
    late: int


@dataclass(frozen=True, slots=True)
class Place:
    """What a dotted name leads to: `name` in a module of the program ("" for the module), or outside of it; then `rest`."""

    module: ModuleText | None
    name: str
    rest: Chain = ()

    @property
    def qualified(self) -> str:
        return dotted((self.name, *self.rest))


class Program:
    """The modules that are, or would be, loaded; by name, in their order of loading."""

    def __init__(self, modules: Iterable[ModuleText]) -> None:
        self._modules = {m.name: m for m in sorted(modules, key=lambda m: m.order)}

    def all(self) -> list[ModuleText]:
        return list(self._modules.values())

    def named(self, name: str) -> ModuleText | None:
        return self._modules.get(name)

    def at(self, path: str) -> list[ModuleText]:
        """The modules that one file makes (a script may be imported under its own name too)."""
        return [m for m in self._modules.values() if m.path == path]

    def with_modules(self, edited: Iterable[ModuleText]) -> Program:
        """This program with other texts."""
        return Program({**self._modules, **{m.name: m for m in edited}}.values())

    # dotted names ----------------------------------------------------------------------------------------------
    def locate(self, scope: ModuleText, chain: Chain, depth: int = DEEPEST) -> Place | None:
        """What `chain` means in the module `scope`; None where the texts do not say."""
        if depth < 0:
            return None
        entry = scope.imports.get(chain[0])
        if entry is not None:
            return self._imported(scope, entry, chain[1:], depth - 1)
        if scope.binders(chain[0]):
            return Place(scope, chain[0], chain[1:])
        for star in scope.stars():
            source = self.named(scope.absolute(star))
            found = self.locate(source, chain, depth - 1) if source else None
            if found is not None and found.qualified.partition(".")[0] != "builtins":
                return found
        return Place(None, "builtins", chain) if hasattr(builtins, chain[0]) else None

    def _imported(self, scope: ModuleText, entry: Import, rest: Chain, depth: int) -> Place | None:
        full = scope.absolute(entry)
        if not entry.name:
            return self._in_module(full if entry.bound != full.partition(".")[0] else entry.bound, rest, depth)
        source = self.named(full)
        if source is not None and source is not scope and entry.name in source.text:
            found = self.locate(source, (entry.name, *rest), depth)
            if found is not None and found.name != "builtins":
                return found
        return self._in_module(f"{full}.{entry.name}", rest, depth)

    def _in_module(self, name: str, rest: Chain, depth: int) -> Place | None:
        while rest and self.named(f"{name}.{rest[0]}") is not None:
            name, rest = f"{name}.{rest[0]}", rest[1:]
        module = self.named(name)
        if module is None:
            return Place(None, name, rest)
        return self.locate(module, rest, depth) if rest else Place(module, "")

    def called(self, scope: ModuleText, chain: Chain, depth: int = DEEPEST) -> Called | None:
        """What a call of `chain` runs, for the effect analysis."""
        place = self.locate(scope, chain)
        if place is None or depth < 0 or (place.module is not None and not place.name):
            return None
        if place.module is None:
            return Called(home_of(place.qualified))
        binders = place.module.binders(place.name)
        node = place.module.node(binders[-1]) if binders else None
        if isinstance(node, ast.ClassDef) and len(place.rest) == 1:
            node = next((n for n in node.body if _is_function(n, place.rest[0])), None)
        elif place.rest:
            return None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return Called(node=node, scope=place.module, is_class=isinstance(node, ast.ClassDef))
        alias = chain_of(getattr(node, "value", None) or ast.Pass())
        return self.called(place.module, alias, depth - 1) if alias and alias != chain else None

    # readers ---------------------------------------------------------------------------------------------------
    def readers(self, product: Product) -> Iterator[Reader]:
        """The statements of all modules that read `product` when they run, or in their function bodies."""
        for module in self.all():
            if not module.lacks(product.name) or not module.lacks("import *") or _reads_all(module, product):
                yield from self._readers_in(module, product)

    def _readers_in(self, module: ModuleText, product: Product) -> Iterator[Reader]:
        words = [product.name, "import *"]
        if module.name == product.module:
            words += ["globals", "vars", "locals", "dir"]
        for index in module.mentioning(*words):
            hit = self._hit(module, index, product)
            if hit is not None:
                yield hit

    def _hit(self, module: ModuleText, index: int, product: Product) -> Reader | None:
        names = module.names(index)
        for entry in names.imports:
            if entry.name in (product.name, "*") and module.absolute(entry) == product.module:
                how = "it imports all names" if entry.name == "*" else f"it imports {entry.name}"
                return Reader(module, index, f"{how} of {product.module}", 0)
        wanted = names.calls if product.kind in CALLED else names.reads | names.calls
        for chain in sorted(wanted):
            if self.means(module, chain, product):
                return Reader(module, index, f"{dotted(chain)} changed", 0)
        if module.name == product.module and product.kind not in CALLED and names.calls.intersection(_WHOLE):
            return Reader(module, index, f"it reads the whole namespace, where {product.name} changed", 0)
        return self._late(module, index, product)

    def _late(self, module: ModuleText, index: int, product: Product) -> Reader | None:
        if module.statements[index].kind == "import":
            return None
        for depth, chains in enumerate(module.late(index, product.name), 1):
            for chain in sorted(chains):
                if self.means(module, chain, product):
                    label = module.statements[index].label
                    return Reader(module, index, f"{label} uses {dotted(chain)}", depth)
        if imports_inside(module, index, product.module, product.name):
            return Reader(module, index, f"{module.statements[index].label} imports {product.name}", 1)
        return None

    def means(self, module: ModuleText, chain: Chain, product: Product) -> bool:
        """Whether reading `chain` in `module` reads `product` there, not a copy of it that an import made."""
        if module.name == product.module and chain[0] == product.name:
            return True
        if product.name not in chain[1:]:
            return False
        entry = module.imports.get(chain[0])
        if entry is None:
            return False
        full = module.absolute(entry)
        name = f"{full}.{entry.name}" if entry.name else full
        if not entry.name and entry.bound == full.partition(".")[0]:
            name = entry.bound
        for part in chain[1:]:
            if name == product.module:
                return part == product.name
            name = f"{name}.{part}"
        return False


def _is_function(node: ast.stmt, name: str) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name


def _reads_all(module: ModuleText, product: Product) -> bool:
    return module.name == product.module and any(not module.lacks(f"{c[0]}(") for c in _WHOLE)


def home_of(qualified: str) -> str:
    """The name by which the table of effects knows a library function that is offered elsewhere too."""
    tables = (known.RESOURCES, known.GLOBALS)
    if known.is_pure(qualified) or any(known.public(qualified) in t for t in tables):
        return qualified
    if qualified in _OFFERED:
        return _OFFERED[qualified]
    root, tail = qualified.partition(".")[0], qualified.rpartition(".")[2]
    alike = [q for t in tables for q in t if q.startswith(f"{root}.") and q.endswith(f".{tail}")]
    return alike[0] if len(alike) == 1 else qualified


_LOCKS = ("Lock", "Event", "Condition", "Semaphore", "BoundedSemaphore", "Barrier")
_QUEUES = ("Queue", "PriorityQueue", "LifoQueue")
_OFFERED = {
    **{f"asyncio.{name}": f"asyncio.locks.{name}" for name in _LOCKS},
    **{f"asyncio.{name}": f"asyncio.queues.{name}" for name in _QUEUES},
}
