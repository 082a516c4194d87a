"""What runs, and what would run, as programs of texts: of each process, and of the workspace where none is attached."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..sessions.process import LoadedFile
from ..verdict.graph import edges_of, load_order
from ..verdict.module import ModuleText
from ..verdict.program import Program
from ..watch.environments import in_environment
from .roots import is_below
from .seen import SeenTexts
from .texts import read_bytes

MOST_FILES = 3_000  # of a workspace, beyond which other modules are not looked into
SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages", "build", "dist"))


@dataclass(frozen=True, slots=True)
class Texts:
    """A program, and the paths of which the text that runs was never seen: there it holds the text on disk."""

    program: Program
    unseen: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Known:
    """The modules made of one file, for as long as its text stays."""

    mark: object
    modules: list[ModuleText]
    seen: bool


class Programs:
    """Makes programs, and remembers what was read off their texts. Its methods read files: they belong in a thread."""

    def __init__(self, seen: SeenTexts) -> None:
        self._seen = seen
        self._processes: dict[str, dict[str, _Known]] = {}
        self._folders: dict[str, _Known] = {}

    def of_process(self, process: str, loaded: Sequence[tuple[str, LoadedFile]]) -> Texts:
        """What a process runs: `loaded` are its files by canonical path, in the order of loading."""
        known = self._processes.setdefault(process, {})
        modules: list[ModuleText] = []
        unseen: set[str] = set()
        for order, (path, file) in enumerate(loaded):
            if not path.endswith(".py") and "__main__" not in file.modules:
                continue
            found = known.get(path)
            if found is None or found.mark != file.sha256 or not found.seen:
                found = known[path] = self._read(path, file, order)
            modules += found.modules
            if not found.seen:
                unseen.add(path)
        return Texts(Program(modules), frozenset(unseen))

    def of_folders(self, folders: Iterable[str]) -> Texts:
        """What is saved in the workspace, in the order in which the texts import each other."""
        modules: list[ModuleText] = []
        for path, root in _python_files(folders):
            mark = _mark(path)
            found = self._folders.get(path)
            if found is None or found.mark != mark:
                found = self._folders[path] = self._saved(path, root, mark)
            modules += found.modules
        program = Program(modules)
        for order, name in enumerate(load_order(edges_of(program))):
            module = program.named(name)
            if module is not None:
                module.order = order
        return Texts(Program(program.all()))

    def forget(self, process: str) -> None:
        """A process has ended."""
        self._processes.pop(process, None)

    def _read(self, path: str, file: LoadedFile, order: int) -> _Known:
        text = self._seen.text(file.sha256)
        if text is None:
            self.note(path)
            text = self._seen.text(file.sha256)
        seen = text is not None
        if text is None:
            data = read_bytes(path)
            text = self._seen.text(self._seen.note(data)) if data is not None else None
        names = file.modules if text is not None else ()
        made = [ModuleText(name, path, text or "", order, name == "__main__") for name in names]
        for module in made:
            module.runs = seen
        return _Known(file.sha256, made, seen)

    def _saved(self, path: str, root: str, mark: object) -> _Known:
        data = read_bytes(path)
        text = self._seen.text(self._seen.note(data)) if data is not None else None
        return _Known(mark, [] if text is None else [ModuleText(module_name(path, root), path, text)], True)

    def note(self, path: str) -> None:
        """Keep the text that a file has now."""
        data = read_bytes(path)
        if data is not None:
            self._seen.note(data)


def module_name(path: str, root: str) -> str:
    """The name under which a file is most likely imported: from the outermost package, or the workspace, down."""
    folder, file = os.path.split(path)
    stem = file.removesuffix(".py")
    parts = [] if stem == "__init__" else [stem]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    while is_below(folder, root) and folder != root and os.path.basename(folder) not in ("src", "lib"):
        folder, name = os.path.split(folder)  # a namespace package, or a folder of scripts
        parts.insert(0, name)
    return ".".join(parts) or stem


def _mark(path: str) -> object:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _python_files(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The Python files of some folders, each with its folder; environments and hidden folders are passed over."""
    left = MOST_FILES
    for root in folders:
        for folder, below, files in os.walk(root):
            below[:] = sorted(d for d in below if d[0] != "." and d not in SKIPPED and not _is_environment(folder, d))
            for name in sorted(files):
                if name.endswith(".py") and left > 0:
                    left -= 1
                    yield os.path.join(folder, name), root


def _is_environment(folder: str, name: str) -> bool:
    return in_environment(os.path.join(folder, name, "_.py"))
