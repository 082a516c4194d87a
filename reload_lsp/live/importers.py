"""Which modules may read names of another one: those that import it, and those that hold it or a module that does.

More than do read from it, never less, as far as texts and namespaces tell; kept between batches, so that a batch looks at
few modules in a project of any size.
"""

from __future__ import annotations

import re
from types import ModuleType

from ..source.spelled import imported, spells
from ..values import dataclass
from .kinds import kind_of
from .loaded import LoadedModule

_COMPUTED = re.compile(r"(?:import_module|__import__)\(\s*(?:[fF][\"']|[^\"'\s])").search
SEEKING = ("ImportError", "ModuleNotFoundError", "find_spec", "iter_modules", "walk_packages")
LOOK_UPS = ("import_module", "__import__", "sys.modules")


@dataclass(slots=True)
class _Known:
    """What was read off a module once: the names that it imports, the modules among its values."""

    names: tuple[str, ...]
    held: tuple[tuple[int, str], ...]


class Importers:
    """Kept by the one owner of the loaded modules; `update` takes in what came and what went."""

    def __init__(self) -> None:
        self._known: dict[LoadedModule, _Known] = {}
        self._importing: dict[str, set[LoadedModule]] = {}
        self._holding: dict[int, set[tuple[LoadedModule, str]]] = {}
        self._all: list[LoadedModule] = []
        self._found: dict[LoadedModule, frozenset[LoadedModule]] = {}
        self._edited: set[LoadedModule] = set()
        self._looking_up: set[LoadedModule] = set()
        self._computing: set[LoadedModule] = set()  # of those, the ones that load modules by names they compute
        self.seeking: set[LoadedModule] = set()  # those that may look for a module which is not there
        self.lazy: set[LoadedModule] = set()  # those with a `__getattr__` of their own (PEP 562)

    def update(self, modules: list[LoadedModule]) -> None:
        """`modules` are all there are now, in a list that is another where one came or went."""
        if modules is self._all:
            return
        for module in self._known.keys() - set(modules):
            self._drop(module)
        for module in modules:
            if module not in self._known:
                self._take(module)
        self._all = modules
        self._forget()

    def edited(self, module: LoadedModule) -> None:
        """A module has another text now."""
        known = self._known.get(module)
        if known is None:
            return
        self._drop(module)
        self._take(module)
        if self._known[module] == known:
            self._edited.add(
                module
            )  # it may spell what it did not: until more changes, it is among everyone's importers
        else:
            self._forget()

    def of(self, module: LoadedModule) -> frozenset[LoadedModule]:
        """The modules that may read names of `module`: all that do, few others."""
        if module not in self._found:
            self._found[module] = frozenset(self._direct(module) | self._indirect(module))
        return self._found[module] | self._edited

    def _direct(self, module: LoadedModule) -> set[LoadedModule]:
        """The modules that import from `module`, or have it among their values."""
        found = {m for m in self._looking_up if module.name in m.text} | self._computing
        found |= {module, *(holder for holder, _ in self._holding.get(id(module.module), ()))}
        for name in {module.name, str(module.ns.get("__name__"))}:
            package, _, tail = name.rpartition(".")
            found.update(*(self._importing.get(key, ()) for key in (name, *_packages(name))))
            found.update(m for m in self._importing.get(package, ()) if tail in m.text)
        return found

    def _indirect(self, module: LoadedModule) -> set[LoadedModule]:
        """The modules with a longer dotted name that may lead to `module`: such a name ends with what it is held as."""
        words = {word for _, word in self._holding.get(id(module.module), ())}
        return {m for m in self._leading_to(module.module) if any(spells(m.text, w) for w in words)}

    def _leading_to(self, module: ModuleType) -> set[LoadedModule]:
        found: set[LoadedModule] = set()
        stack = [module]
        while stack:
            for holder, _ in self._holding.get(id(stack.pop()), ()):
                if holder not in found:
                    found.add(holder)
                    stack.append(holder.module)
        return found

    def _forget(self) -> None:
        self._found.clear()
        self._edited.clear()

    def _take(self, module: LoadedModule) -> None:
        held = [(id(v), n) for n, v in list(module.ns.items()) if issubclass(kind_of(v), ModuleType)]
        known = self._known[module] = _Known(tuple(names_imported(module.package, module.text)), tuple(held))
        for name in known.names:
            self._importing.setdefault(name, set()).add(module)
        if any(way in module.text for way in LOOK_UPS):
            self._looking_up.add(module)
            if loads_by_computed_name(module.text):
                self._computing.add(module)
        if any(word in module.text for word in SEEKING):
            self.seeking.add(module)
        if "\ndef __getattr__(" in f"\n{module.text}":
            self.lazy.add(module)
        for key, word in held:
            self._holding.setdefault(key, set()).add((module, word))

    def _drop(self, module: LoadedModule) -> None:
        known = self._known.pop(module)
        self._looking_up.discard(module)
        self._computing.discard(module)
        self.lazy.discard(module)
        self.seeking.discard(module)
        for name in known.names:
            self._importing[name].discard(module)
        for key, word in known.held:
            self._holding[key].discard((module, word))


def loads_by_computed_name(text: str) -> bool:
    """`import_module(f"plugins.{name}")`: it may load any module."""
    return _COMPUTED(text) is not None


def names_imported(package: str, text: str) -> set[str]:
    """What a text imports, by full names: `a` for `from a import b`; `a.b`, and `a.` for what it binds, for `import a.b`."""
    found: set[str] = set()
    for dotted, takes in imported(text):
        name = dotted.lstrip(".")
        found.add(absolute_name(package, len(dotted) - len(name), name))
        if not takes and "." in name:
            found.update(_packages(name))
    return found


def _packages(name: str) -> list[str]:
    """The packages that a module stands in, each with a dot behind it."""
    parts = name.split(".")
    return [".".join(parts[:n]) + "." for n in range(1, len(parts))]


def absolute_name(package: str, level: int, name: str) -> str:
    """What `from <level dots><name>` names in a module of `package`."""
    if not level:
        return name
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{name}" if name else package
