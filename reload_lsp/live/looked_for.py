"""Modules that a text looked for in vain when it ran (`try: import fast / except ImportError:`), and that are there now."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence

from .batch import Batch
from .importers import SEEKING, absolute_name
from .loaded import LoadedModule
from .modules import Modules
from .recorder import Recorder

_FIND_SPEC = re.compile(r"""\bfind_spec\(\s*["']([\w.]+)["']\s*\)""").findall


def arrived(modules: Modules) -> dict[str, list[tuple[LoadedModule, int, str]]]:
    """The files that came since, each with the statements that looked for them and the name they used."""
    found: dict[str, list[tuple[LoadedModule, int, str]]] = {}
    loaded = modules.all()
    roots: list[str] | None = None
    modules.importers.update(loaded)
    for module in sorted(modules.importers.seeking, key=lambda m: m.order):
        for index, name in _looked_for(modules, module):
            if name in sys.modules:
                continue
            roots = _roots(loaded) if roots is None else roots
            path = next((p for p in _candidates(name, roots) if _is_new(modules.recorder, p)), None)
            if path is not None and (module.name, path, os.stat(path).st_mtime_ns) not in modules.tried:
                found.setdefault(path, []).append((module, index, name))
    return found


def mark_arrived(batch: Batch) -> None:
    """The statements that looked for a module which is there now run again; each is tried once for each such file."""
    for path, seekers in arrived(batch.modules).items():
        for module, index, name in seekers:
            batch.modules.tried.add((module.name, path, os.stat(path).st_mtime_ns))
            _mark(batch, module, index, f"there is a module {name} now")


def mark_departed(batch: Batch, deleted: Sequence[LoadedModule]) -> None:
    """The statements that list the modules of a package run again where one of them is gone."""
    packages = {f"{parent}.*": m.name for m in deleted if (parent := m.name.rpartition(".")[0])}
    if packages:
        batch.modules.importers.update(batch.modules.all())
    for module in sorted(batch.modules.importers.seeking, key=lambda m: m.order) if packages else ():
        for index, name in _looked_for(batch.modules, module):
            if name in packages:
                _mark(batch, module, index, f"there is no module {packages[name]} any more")


def _mark(batch: Batch, module: LoadedModule, index: int, why: str) -> None:
    view = batch.view_of(module)
    text = module.statements()[index].text
    for now, statement in enumerate(view.statements):
        if statement.text == text:
            batch.mark(view, now, "input", why)


def _looked_for(modules: Modules, module: LoadedModule) -> list[tuple[int, str]]:
    """What the top level of a module tries to import, by the statement that does."""
    known = modules.looked_for.get(module.name)
    if known is None or known[0] is not module.kept:
        known = modules.looked_for[module.name] = (module.kept, list(_names(module)))
    return known[1]


def _names(module: LoadedModule) -> Iterator[tuple[int, str]]:
    for index, statement in enumerate(module.statements()):
        if statement.kind not in ("block", "bind") or not any(word in statement.text for word in SEEKING):
            continue
        if "iter_modules" in statement.text or "walk_packages" in statement.text:
            yield index, f"{module.name}.*"
        yield from ((index, name) for name in _FIND_SPEC(statement.text))
        for entry in module.names(statement).imports if statement.kind == "block" else ():
            source = absolute_name(module.package, entry.level, entry.module)
            yield index, source
            if entry.name not in ("", "*"):
                yield index, f"{source}.{entry.name}"


def _roots(loaded: Sequence[LoadedModule]) -> list[str]:
    """The folders that the user's modules are imported from."""
    found: dict[str, None] = {}
    for module in loaded:
        folder = os.path.dirname(module.path)
        for _ in range(module.package.count(".") + bool(module.package)):
            folder = os.path.dirname(folder)
        found[folder] = None
    return list(found)


def _candidates(name: str, roots: Sequence[str]) -> Iterator[str]:
    parent, _, last = name.rpartition(".")
    if parent and parent not in sys.modules:
        return
    folders = list(getattr(sys.modules.get(parent), "__path__", ())) if parent else roots
    if last == "*":  # any module of the package
        yield from (p for folder in folders for p in _files(folder) if not _is_loaded(parent, p))
        return
    for folder in folders:
        yield os.path.join(folder, f"{last}.py")
        yield os.path.join(folder, last, "__init__.py")


def _files(folder: str) -> list[str]:
    try:
        return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith(".py") and n[:2] != "__"]
    except OSError:
        return []


def _is_loaded(package: str, path: str) -> bool:
    return f"{package}.{os.path.basename(path)[:-3]}" in sys.modules


def _is_new(recorder: Recorder, path: str) -> bool:
    """Whether a file came after the program began to be watched: one that was there has been tried."""
    try:
        return os.stat(path).st_ctime >= recorder.since
    except OSError:
        return False
