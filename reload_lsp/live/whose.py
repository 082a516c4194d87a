"""Who holds the live objects of a class, or a function: module-level names, attributes, containers, running calls, as places."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from types import CellType, FrameType, FunctionType

from .heap import survey
from .kinds import is_a, kind_of
from .modules import Modules
from .reach import getattr_raw
from .rebind import Split
from .requests import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST = 500  # objects whose holders are looked for
LEVELS = 4  # containers in containers
_CONTAINERS: tuple[type, ...] = (list, tuple, set, frozenset, dict, CellType)


class Whose:
    """One look at the heap. `found` are (path, 0-based line, what holds, how many of the objects)."""

    def __init__(self, modules: Modules, splits: Iterable[Split], place: Place) -> None:
        self.modules = modules
        self.found: dict[tuple[str, int, str], int] = {}
        self._namespaces = {id(m.ns): m for m in modules.all()}
        self._targets = [*_made_at(modules, splits, place)]

    def look(self) -> tuple[int, list[list[Any]]]:
        """How many objects there are, and who holds them, most first."""
        objects = self._objects()
        for target in objects[:MOST]:
            held = self._holders(target, objects)
            for place in held:
                self.found[place] = self.found.get(place, 0) + 1
        ordered = sorted(self.found.items(), key=lambda item: (-item[1], item[0]))
        return len(objects), [[path, line, what, count] for (path, line, what), count in ordered]

    def _objects(self) -> list[Any]:
        classes = [t for t in self._targets if is_a(t, type)]
        heap = survey((), classes)
        return [
            *(o for found in heap.instances.values() for o in found),
            *(t for t in self._targets if not is_a(t, type)),
        ]

    def _holders(self, target: Any, objects: list[Any]) -> set[tuple[str, int, str]]:
        found: set[tuple[str, int, str]] = set()
        seen = {id(objects), id(self._targets)}
        level: list[Any] = [target]
        for depth in range(LEVELS):
            seen |= {id(level), *map(id, level)}
            holders = [h for h in gc.get_referrers(*level) if id(h) not in seen and not _is_ours(h)]
            inside = " in a container" if depth else ""
            next_level: list[Any] = []
            for holder in holders:
                place = self._told(holder, level, inside)
                if place is not None:
                    found.add(place)
                elif kind_of(holder) in _CONTAINERS:
                    next_level.append(holder)
            del holders
            level = next_level
            if not level:
                break
        return found

    def _told(self, holder: Any, held: list[Any], inside: str) -> tuple[str, int, str] | None:
        module = self._namespaces.get(id(holder))
        if module is not None:
            name = next((n for n, v in list(module.ns.items()) if any(v is h for h in held)), "")
            line = next((s.line for s in module.statements() if s.name == name), 0)
            return module.path, line, f"{module.name}.{name}{inside}"
        if is_a(holder, FrameType):
            code = holder.f_code
            return code.co_filename, holder.f_lineno - 1, f"a running call of {code.co_name}{inside}"
        return self._instance(holder, held, inside)

    def _instance(self, holder: Any, held: list[Any], inside: str) -> tuple[str, int, str] | None:
        """An object of one of the program's own classes, by itself or by the dict of its attributes."""
        owner = holder
        if kind_of(holder) is dict:
            owner = next((o for o in gc.get_referrers(holder) if getattr_raw(o, "__dict__") is holder), None)
        kind = kind_of(owner)
        module = self.modules.named(kind.__module__) if owner is not None else None
        if module is None or kind in _CONTAINERS:
            return None
        state = getattr_raw(owner, "__dict__")
        names = list(state.items()) if kind_of(state) is dict else []
        name = next((n for n, v in names if any(v is h for h in held)), "an attribute")
        line = next((s.line for s in module.statements() if s.name == kind.__name__), 0)
        return module.path, line, f"{name} of a {kind.__qualname__} object{inside}"


def _made_at(modules: Modules, splits: Iterable[Split], place: Place) -> Iterator[Any]:
    """The classes and functions of a statement, those from before a classic reload with them."""
    for module in modules.at(place.path):
        names = {s.name for s in module.statements() if s.line <= place.line <= s.end_line and s.name}
        yield from (v for s in splits if s.module == module.name and s.name in names and (v := s.old()) is not None)
        yield from (v for n in names if is_a(v := module.ns.get(n), (type, FunctionType)))


def _is_ours(holder: Any) -> bool:
    name = holder.f_globals.get("__name__", "") if is_a(holder, FrameType) else ""
    return "reload_lsp" in str(name) and ".live." in str(name)
