"""All of the user's modules that are loaded, kept in step with what is imported and thrown out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from operator import is_
from types import FunctionType, ModuleType

from ..source.text import UnreadableSource
from .importers import Importers
from .kept import Kept
from .kinds import is_a, names_in, spec_of
from .lingering import OldFrames
from .loaded import LoadedModule
from .recorder import Record, Recorder, has_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .adapter import Adapter
    from .held_since import Since
    from .leftovers import Replaced


def _none() -> Sequence[Adapter]:
    return ()


class Modules:
    """All loaded modules of the user, kept in step with the recorder and `sys.modules`."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.native_said: dict[str, float] = {}
        self.native: tuple[object, list[tuple[str, str]]] | None = (
            None  # see `native`, by the `present` it was found in
        )
        self.adapters: Callable[[], Sequence[Adapter]] = _none
        self._loaded: dict[str, tuple[Record, LoadedModule]] = {}
        self._seen: set[str] = set()
        self._state = (-1, -1)
        self.present: list[object] = []  # what is in `sys.modules`: another list whenever that is another
        self.present_names: list[str] = []
        self._order: list[LoadedModule] | None = None
        self._at: dict[str, list[LoadedModule]] | None = None
        self._with_files: list[LoadedModule] | None = None
        self._folders: dict[str, str] = {}
        self.old_frames = OldFrames()
        # What imports that nothing runs again copied, and what is another by now: see `copied`.
        self.copied: set[tuple[str, str, str, str]] = set()
        # What objects of a class, by module and name, lack since an edit, and what they had then.
        self.lacking: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
        # What held statements last ran with, by their module and text.
        self.held: dict[tuple[str, str], Since] = {}
        # The texts of the calls that made the entries, by table and key, that stand against later edits: see `refused`.
        self.refused: dict[tuple[str, str], str] = {}
        # What was made again and is still held, by its file and name: see `leftovers`.
        self.left: dict[tuple[str, str], list[Replaced]] = {}
        # What made the objects of a class, by its module, its name and what was edited: see `made_before`.
        self.made: dict[tuple[str, str, str], dict[int, str]] = {}
        # Lines that are gone, by module and text, of which what they did is still in force: see `remains`.
        self.in_force: set[tuple[str, str]] = set()
        self.said_without_gil = False
        # What texts look for in vain, by module, and the files that came since and were tried: see `looked_for`.
        self.looked_for: dict[str, tuple[Kept, list[tuple[int, str]]]] = {}
        self.tried: set[tuple[str, str, int]] = set()
        self.importers = Importers()

    def refresh(self) -> None:
        """Take in what was loaded or thrown out since."""
        self.recorder.note_main(late=True)
        if (self.recorder.loads, len(self.recorder.records)) == self._state and self._all_present():
            return
        for name in sys.modules.keys() - self._seen:
            self.recorder.note_module(name, sys.modules.get(name), late=True)
            self._seen.add(name)
        self.recorder.settle()
        current = sys.modules
        loaded = self._loaded
        for name, record in list(self.recorder.records.items()):
            known = loaded.get(name)
            if known is None or known[0] is not record or current.get(name) is not known[1].module:
                self._take(name, record)
        self._state = self.recorder.loads, len(self.recorder.records)
        self.present_names, self.present = list(sys.modules), list(sys.modules.values())

    def _all_present(self) -> bool:
        """Whether nothing in `sys.modules` was exchanged: this look is what grows with a project, so it is one C call."""
        try:
            return len(sys.modules) == len(self.present) and all(map(is_, sys.modules.values(), self.present))
        except RuntimeError:  # another thread imports just now
            return False

    def moved(self) -> None:
        """A module stands in another file now."""
        self._changed()

    def _changed(self) -> None:
        self._order = None
        self._at = None
        self._with_files = None

    def track(self, paths: set[str]) -> None:
        """Remember loaded library files among `paths` (real paths) as if they were the user's own."""
        for name, module in list(sys.modules.items()):
            path = names_in(module).get("__file__") if is_a(module, ModuleType) else None  # pyright: ignore[reportUnnecessaryIsInstance]
            if is_a(path, str) and path.endswith(".py") and os.path.realpath(path) in paths:
                self.recorder.note_file(name, os.path.abspath(path))

    def _take(self, name: str, record: Record) -> None:
        module = _module_of(name, record)
        if module is None:
            if self._loaded.pop(name, None) is not None:
                self._changed()
            return
        known = self._loaded.get(name)
        if known is not None and known[0] is record and known[1].module is module:
            return
        self._changed()
        try:
            self._loaded[name] = (record, LoadedModule(record, module))
        except UnreadableSource:
            self._loaded.pop(name, None)

    def all(self) -> list[LoadedModule]:
        """Every loaded module, in the order in which their loads ended."""
        if self._order is None:
            self._order = sorted((m for _, m in self._loaded.values()), key=lambda m: m.order)
        return self._order

    def at(self, path: str) -> list[LoadedModule]:
        """The modules that were loaded from `path` (the same file may be there under two names)."""
        if self._at is None:
            self._at = {}
            for module in self.all():
                self._at.setdefault(self._real_path(module.path), []).append(module)
        return list(self._at.get(os.path.realpath(path), ()))

    def _real_path(self, path: str) -> str:
        """`os.path.realpath`, with one look at the disk for each file of a folder known already."""
        folder, name = os.path.split(path)
        if os.path.islink(path):
            return os.path.realpath(path)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder)
        return os.path.join(real, name)

    def readers_of_file(self, path: str) -> list[LoadedModule]:
        """The modules whose text names the data file `path`."""
        if self._with_files is None:
            self._with_files = [m for m in self.all() if m.files]
        return [m for m in self._with_files if path in m.files]

    def edited(self, module: LoadedModule) -> None:
        """A module has another text now."""
        if self._with_files is not None and module not in self._with_files:
            self._with_files.append(module)
        self.importers.edited(module)

    def library_files(self) -> dict[str, bytes | None]:
        """The files that libraries have read for the program and keep (templates): what they run, None where that is unknown."""
        found: dict[str, bytes | None] = {}
        for adapter in self.adapters():
            if hasattr(adapter, "files") and adapter.library in sys.modules:
                try:
                    found.update(adapter.files())
                except Exception:  # noqa: BLE001, S112, PERF203, RUF100 - a library of another shape
                    continue
        return found

    def replaced(self) -> list[Record]:
        """Loads whose module put something else in its place in `sys.modules`."""
        if len(self._loaded) == len(self.recorder.records):
            return []
        return [r for n, r in self.recorder.records.items() if n not in self._loaded and n in sys.modules]

    def texts(self) -> tuple[int, int]:
        """How many bytes of text are loaded, and how many are held for them."""
        kept = {record.kept for record in list(self.recorder.records.values())}
        return sum(k.size for k in kept), sum(k.held for k in kept)

    def of_namespace(self, ns: dict[str, Any]) -> LoadedModule | None:
        """The module whose globals `ns` are."""
        found = self.named(str(ns.get("__name__")))
        if found is not None and found.ns is ns:
            return found
        return next((m for _, m in self._loaded.values() if m.ns is ns), None)

    def named(self, name: str) -> LoadedModule | None:
        entry = self._loaded.get(name)
        return entry[1] if entry else None

    def forget(self, name: str) -> None:
        self._state = (-1, -1)
        self.present = []
        self._loaded.pop(name, None)
        self._seen.discard(name)
        self._changed()
        self.recorder.records.pop(name, None)


def _module_of(name: str, record: Record) -> ModuleType | None:
    module = sys.modules.get(name)
    main = sys.modules.get("__main__")
    if module is None or _file(module) != record.path:
        if main is not None and getattr(getattr(main, "__spec__", None), "name", None) == name:
            module = main
        elif module is None or name == "__main__":
            return None
    return module if is_a(module, ModuleType) and not _stands_in(module) else None  # pyright: ignore[reportUnnecessaryIsInstance]


def _stands_in(module: ModuleType) -> bool:
    """Whether a module is none in which a text ran, but was made by hand and put in its place (`sys.modules[__name__] = ...`)."""
    names = names_in(module)
    if not has_run(names):
        return not getattr(spec_of(module), "_initializing", False)
    if type(module) is ModuleType:
        return False
    functions = [v for v in list(names.values()) if is_a(v, FunctionType)]
    return any(f.__globals__ is not names and f.__code__.co_filename == names.get("__file__") for f in functions)


def _file(module: ModuleType) -> str | None:
    path = names_in(module).get("__file__") if is_a(module, ModuleType) else None  # pyright: ignore[reportUnnecessaryIsInstance]
    return os.path.abspath(path) if is_a(path, str) else None
