"""What was loaded, from import on: the bytes of each of the user's modules and the code object made of them.

Kept light: this is all of the engine that a process pays for before its first reload. The hook stands in
`SourceFileLoader.get_code`, which every source import and `runpy` go through, also under beartype and typeguard.
"""

from __future__ import annotations

import os
import sys
import time
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType

from .installed import Installed
from .kept import Kept
from .kinds import is_a, names_in, spec_of
from .reading import read_regular
from .rewriting import Rewriting
from .since_start import edited_since_cached, edited_since_start
from .started import Started

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Literal

    Doubt = Literal["", "edited", "unseen", "other"]


class Record:
    """One load of a module: `kept` is what was on disk then, `order` counts loads as they end.

    `files` are the data files that the text names, with what they held. `doubt` where the text was taken later than the module
    was loaded: "edited" where the file was written since the process began, "unseen" where another
    text may have been loaded, "other" where one was: what runs is none of this text.
    """

    __slots__ = ("code", "doubt", "files", "kept", "name", "order", "path")

    def __init__(self, name: str, path: str, data: bytes, code: CodeType | None, doubt: Doubt = "") -> None:
        self.doubt = doubt
        self.files = data_files(path, data)
        self.name = name
        self.path = path
        self.kept = Kept(data)
        self.code = code
        self.order = -1


ATTEMPTS = 3  # to load a file that is written just while it is loaded


class Recorder:
    """The one owner of load records. `install` is idempotent; `remove` takes the hook out again.

    `reading` are the modules whose text is being read this very moment, in other threads: what they will run is not known yet.
    `on_read` is called once, in such a thread, when none is any more. `awaited` are called before the modules of these names.
    """

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.started = Started(self.records, self._is_loading)
        self.reading: set[str] = set()
        self.on_read: Callable[[], None] | None = None
        self.awaited: dict[str, Callable[[], None]] = {}
        self.since = time.time()
        self.libraries = _library_folders()
        self._installed = Installed()
        self._loading: list[Record] = []
        self._done = 0
        self._original: Any = None
        self._rewriting = Rewriting(self.ran)
        self._late = False

    def install(self, late: bool = False) -> None:
        """Hook the source loader, and take what is loaded already from disk; `late` where others may have cached newer texts."""
        if self._original is not None:
            return
        self._late = late
        self._original = SourceFileLoader.get_code
        SourceFileLoader.get_code = _hook(self, self._original)  # type: ignore[method-assign]
        for name, module in list(sys.modules.items()):
            self.note_module(name, module)

    def remove(self) -> None:
        if self._original is not None:
            SourceFileLoader.get_code = self._original  # type: ignore[method-assign]
            self._original = None
        self._rewriting.remove()

    # What the hook calls: a fault of ours must never break an import.

    def begin(self, loader: Any, name: str) -> tuple[int, int, int] | None:
        """A loader is about to read a module; how its file is now, None where it is none of the user's."""
        try:
            self._rewriting.install()
            if name in self.awaited:
                self.awaited[name]()
            if "reload_lsp_compiles" in loader.__dict__ or not self.is_user_path(loader.path):
                return None
            self.reading.add(name)
            return _stamp(loader.path)
        except Exception:  # noqa: BLE001, RUF100
            return None

    def has_read(self, loader: Any, name: str, code: CodeType | None, stamp: tuple[int, int, int] | None) -> bool:
        """It has; False where the file was written since `stamp` (None: do not look), so that `code` may be of other bytes."""
        try:
            path = loader.path
            data = loader.get_data(path)
            if stamp is not None and stamp != _stamp(path):
                return False
            self.loaded(name, os.path.abspath(path), code, data, "" if stamp is not None else "unseen")
        except Exception:  # noqa: BLE001, S110, RUF100
            pass
        return True

    def end(self, name: str) -> None:
        """It has come to its end, well or not."""
        self.reading.discard(name)
        then, self.on_read = (None, self.on_read) if self.reading else (self.on_read, None)
        try:
            if then is not None:
                then()
        except Exception:  # noqa: BLE001, S110, RUF100
            pass

    def ran(self, name: str, path: str) -> None:
        """A loader that asks nobody for the code of a module is about to run it."""
        data = read_regular(path) if self.is_user_path(path) else None
        if data is not None:
            self.loaded(name, os.path.abspath(path), None, data)

    def loaded(self, name: str, path: str, code: CodeType | None, data: bytes, doubt: Doubt = "") -> None:
        """A module is about to run `code`, made of `data`."""
        self._settle()
        record = Record(name, path, data, code, doubt)
        self.records[name] = record
        self._loading.append(record)
        self.note_main()
        if code is not None:
            self.started.watch(code)
        self.started.look_again()

    def note_main(self, late: bool = False) -> None:
        """The script that runs as `__main__` has no loader: its text is taken when it is first seen."""
        main = sys.modules.get("__main__")
        known = self.records.get("__main__")
        path = getattr(main, "__file__", None)
        if main is None or not path or (known and known.path == os.path.abspath(path)):
            return
        if getattr(main, "__spec__", None) is None:
            self._from_disk("__main__", os.path.abspath(path), late)

    def note_module(self, name: str, module: object, late: bool = False) -> None:
        """A module that was loaded by other means than the hook."""
        if name in self.records or name in self.reading or not is_a(module, ModuleType):
            return
        names = names_in(module)
        path = names.get("__file__")
        if not has_run(names):
            return
        if is_a(path, str) and path.endswith(".py") and self.is_user_path(path):
            self._from_disk(name, os.path.abspath(path), late)
            self.started.nothing_is_known_before()

    def note_file(self, name: str, path: str) -> None:
        """A library module that the user has opened in the editor."""
        if name not in self.records and name not in self.reading:
            self._from_disk(name, path)

    def _from_disk(self, name: str, path: str, late: bool = False) -> None:
        data = read_regular(path)
        if data is None:
            return
        doubt: Doubt = "unseen" if late else "edited" if edited_since_start(path, self._late) else ""
        if doubt == "edited" and edited_since_cached(path):
            doubt = "other"
        record = Record(name, path, data, None, doubt)
        self.records[name] = record
        self._settle()
        self._finish(record)

    def is_user_path(self, path: str) -> bool:
        """Whether a file is the user's own: not of the standard library, not in an environment, nor installed elsewhere."""
        if "site-packages" in path or "dist-packages" in path:
            return False
        return not path.startswith(self.libraries) and not self._installed.has(path)

    def settle(self) -> None:
        """Number the loads that have ended since; called before an order is needed."""
        self._settle()
        for record in reversed(self._loading):
            self._finish(record)
        self._loading.clear()

    @property
    def loads(self) -> int:
        """How many loads have begun so far."""
        return self._done + len(self._loading)

    def _is_loading(self) -> bool:
        return any(_initializing(record.name) for record in list(self._loading))

    def _settle(self) -> None:
        while self._loading and not _initializing(self._loading[-1].name):
            self._finish(self._loading.pop())

    def _finish(self, record: Record) -> None:
        record.order = self._done
        self._done += 1


def data_files(path: str, data: bytes) -> dict[str, bytes]:
    """The data files that a module's text names, as they are now: beside the module, or in the current folder."""
    found: dict[str, bytes] = {}
    for name in set(_names_in(data)):
        for folder in (os.path.dirname(path), os.getcwd()):
            full = os.path.join(folder, os.fsdecode(name))
            held = read_regular(full, _LARGEST)
            if held is not None:
                found[full] = held
                break
    return found


EXTENSIONS = (
    b".json", b".toml", b".yaml", b".yml", b".ini", b".cfg", b".csv", b".tsv", b".txt", b".sql", b".html", b".jinja", b".jinja2",
)  # fmt: skip
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_NAME = _WORD | frozenset(b"./-")
_LONGEST_NAME = 200


def _names_in(data: bytes) -> Iterator[bytes]:
    """What looks like the name of a data file: found by its end, for few places in a text look like one.

    By hand, since `re` alone would cost a process 3 ms of its start.
    """
    for extension in EXTENSIONS:
        at = data.find(extension)
        while at >= 0:
            end = at + len(extension)
            begin = _begin_of_name(data, at)
            if begin < at and data[at - 1] in _WORD and (end == len(data) or data[end] not in _WORD):
                yield data[begin:end]
            at = data.find(extension, end)


def _begin_of_name(data: bytes, at: int) -> int:
    begin = at
    while begin > max(0, at - _LONGEST_NAME) and data[begin - 1] in _NAME:
        begin -= 1
    return begin


_LARGEST = 1 << 20


def _initializing(name: str) -> bool:
    return bool(getattr(spec_of(sys.modules.get(name)), "_initializing", False))


def has_run(names: dict[str, Any]) -> bool:
    """Whether the text of the module with these names was executed; a lazy one is in `sys.modules` long before."""
    return "__builtins__" in names


def _library_folders() -> tuple[str, ...]:
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    standard = os.path.dirname(os.__file__)
    return (own + os.sep, standard + os.sep, "<")


def _stamp(path: str) -> tuple[int, int, int]:
    """What changes when a file is written."""
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _hook(recorder: Recorder, original: Any) -> Any:
    def get_code(self: Any, fullname: str) -> CodeType | None:
        stamp = recorder.begin(self, fullname)
        try:
            code = original(self, fullname)
            for _ in range(ATTEMPTS):
                if stamp is None or recorder.has_read(self, fullname, code, stamp):
                    return code
                stamp = recorder.begin(self, fullname)
                code = original(self, fullname)
            recorder.has_read(self, fullname, code, None)
            return code
        finally:
            recorder.end(fullname)

    # Tracebacks of failing imports leave importlib's frames out; ours goes with them.
    get_code.__code__ = get_code.__code__.replace(co_filename="<frozen importlib._bootstrap_external>")
    return get_code
