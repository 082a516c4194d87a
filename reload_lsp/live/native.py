"""Extension modules of the user's: no process can load one a second time, so an edit of their sources is said at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES

from ..findings.values import Range
from .kinds import spec_of
from .modules import Modules
from .speak import Findings

SOURCES = (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".pyx", ".pxd", ".rs", ".f90", ".go", ".nim")


def native_files(modules: Modules) -> dict[str, str]:
    """The compiled files of the user's loaded extension modules and the sources beside them, with the module's name."""
    found: dict[str, str] = {}
    for name, path in _extension_modules(modules):
        found[path] = name
        modules.native_said.setdefault(path, _written(path))
        for source in _sources(path, name.rpartition(".")[2]):
            found[source] = name
            modules.native_said.setdefault(source, max(modules.recorder.since, _written(path)))
    return found


def _extension_modules(modules: Modules) -> list[tuple[str, str]]:
    """Their names and files, looked for once for what is loaded."""
    known = modules.native
    if known is None or known[0] is not modules.present:
        known = modules.native = modules.present, list(_found(modules))
    return known[1]


def _found(modules: Modules) -> Iterator[tuple[str, str]]:
    for name, module in list(sys.modules.items()):
        path = getattr(spec_of(module), "origin", None)
        if isinstance(path, str) and path.endswith(tuple(EXTENSION_SUFFIXES)) and modules.recorder.is_user_path(path):
            yield name, path


def _sources(path: str, stem: str) -> list[str]:
    folder = os.path.dirname(path)
    places = [os.path.join(at, stem) + end for at in (folder, os.path.join(folder, "src")) for end in SOURCES]
    found = [p for p in places if os.path.isfile(p)]
    for _ in range(3):
        if os.path.isfile(os.path.join(folder, "Cargo.toml")):
            found += _of_crate(os.path.join(folder, "src"))
            break
        folder = os.path.dirname(folder)
    return found


def _of_crate(folder: str) -> list[str]:
    return [os.path.join(at, n) for at, _, names in os.walk(folder) for n in names if n.endswith(".rs")]


def changed_since_start(modules: Modules) -> list[str]:
    """Of those files, the ones that were written after this process began to be watched, and of which nothing was said yet."""
    return [p for p in native_files(modules) if _written(p) > modules.native_said[p]]


def _written(path: str) -> float:
    try:
        return os.stat(path).st_ctime
    except OSError:
        return 0.0


def say_native(modules: Modules, findings: Findings, path: str) -> None:
    """A saved file: where it belongs to an extension module, the edit is in no running process."""
    name = native_files(modules).get(path) if path.endswith((*SOURCES, *EXTENSION_SUFFIXES)) else None
    if name is None:
        return
    modules.native_said[path] = _written(path)
    built = path.endswith(tuple(EXTENSION_SUFFIXES))
    what = f"{os.path.basename(path)} was replaced" if built else f"{os.path.basename(path)} is a source of {name}"
    todo = "Restart the process." if built else "Build it, then restart the process."
    findings.say(
        "RLD502",
        f"{what}, and this process goes on with the extension module it has loaded: none can be loaded a second time. {todo}",
        path,
        Range.of(0, 0, 0, 1),
        data={"module": name, "fixes": [{"kind": "restart"}]},
    )
