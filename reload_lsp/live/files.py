"""The files that a process runs: of modules, of what they read, of what libraries and extension modules are made of."""

from __future__ import annotations

from collections.abc import Sequence

from ..source.text import digest
from .loaded import LoadedModule
from .modules import Modules
from .native import changed_since_start, native_files
from .reading import read_regular
from .requests import LoadedFile


def files_of(modules: Sequence[LoadedModule]) -> list[LoadedFile]:
    by_path: dict[str, list[LoadedModule]] = {}
    for module in modules:
        by_path.setdefault(module.path, []).append(module)
    files = [LoadedFile(p, m[0].sha256, tuple(x.name for x in m)) for p, m in by_path.items()]
    named = {p: (d, m.name) for m in modules for p, d in m.files.items()}
    return files + [LoadedFile(p, digest(d), (n,)) for p, (d, n) in named.items()]


def replaced_files(modules: Modules) -> list[LoadedFile]:
    """The files of modules that put something else in their place: an edit of them must be answered too."""
    return [LoadedFile(r.path, digest(r.kept.data), (r.name,)) for r in modules.replaced()]


def library_files(modules: Modules) -> list[LoadedFile]:
    """Templates and the sources of extension modules, in the name of no module."""
    newer = set(changed_since_start(modules))
    native = {p: None if p in newer else read_regular(p) for p in native_files(modules)}
    return [LoadedFile(p, digest(d or b""), ()) for p, d in {**native, **modules.library_files()}.items()]
