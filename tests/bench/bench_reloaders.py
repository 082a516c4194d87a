"""One class for each reloader, as it lives in the measured program. Runs in that reloader's own environment: standard library
and the reloader alone.

`prepare` is called before the program is imported, `begin` after it. One that `watches` notices saved files by itself, unless it
is made with `watching=False`; `reload` reloads one saved file in the calling thread, as whoever asks by hand would.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any


class Reloader:
    """What all have in common: nothing is reloaded."""

    watches = False

    def __init__(self, watching: bool = True) -> None:
        self.watching = watching

    def prepare(self, folder: Path) -> None: ...
    def begin(self) -> None: ...
    def reload(self, path: Path) -> None: ...


class Ours(Reloader):
    """Let in by `reload-lsp run`; the editor's save comes to it through the language server."""

    watches = True

    def prepare(self, folder: Path) -> None:
        if "_reload_lsp_agent" not in sys.modules:  # measured without an editor
            import reload_lsp

            reload_lsp.start()

    def reload(self, path: Path) -> None:
        process = importlib.import_module("_reload_lsp_agent.agent.process")
        requests = importlib.import_module("_reload_lsp_agent.live.requests")
        report = process.engine().apply([requests.Save(str(path))], "save")
        assert report.outcome == "applied", report


class ImportlibReload(Reloader):
    """`importlib.reload` of the saved module."""

    def reload(self, path: Path) -> None:
        importlib.reload(sys.modules[path.stem])


class OrderedReload(Reloader):
    """`importlib.reload` of the saved module and of all that import it, dependencies first, as careful people write it."""

    def prepare(self, folder: Path) -> None:
        self.folder = str(folder) + os.sep

    def reload(self, path: Path) -> None:
        imports = {name: self._imports(module) for name, module in self._modules()}
        dirty = {path.stem}
        while True:
            more = {name for name, used in imports.items() if used & dirty} - dirty
            if not more:
                break
            dirty |= more
        for name in self._in_order(dirty, imports):
            importlib.reload(sys.modules[name])

    def _modules(self) -> list[tuple[str, ModuleType]]:
        found = [(n, m) for n, m in list(sys.modules.items()) if n != "__main__"]
        return [(n, m) for n, m in found if str(getattr(m, "__file__", "")).startswith(self.folder)]

    def _imports(self, module: ModuleType) -> set[str]:
        found: set[str] = set()
        for node in ast.parse(Path(str(module.__file__)).read_bytes()).body:
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
        return found

    def _in_order(self, dirty: set[str], imports: dict[str, set[str]]) -> list[str]:
        done: list[str] = []
        left = sorted(dirty)
        while left:
            ready = [n for n in left if not imports.get(n, set()) & set(left) - {n}] or left[:1]
            done += ready
            left = [n for n in left if n not in ready]
        return done


class Autoreload(Reloader):
    """IPython's `%autoreload 2`: what happens before the next cell is run."""

    def begin(self) -> None:
        from IPython.extensions.autoreload import ModuleReloader

        self.reloader: Any = ModuleReloader()
        self.reloader.enabled = self.reloader.check_all = True
        self.reloader.check(check_all=True, do_reload=False)
        if hasattr(self.reloader, "deduper_reloader"):
            self.reloader.deduper_reloader.update_sources()

    def reload(self, path: Path) -> None:
        self.reloader.check(check_all=True)


class Jurigged(Reloader):
    """`jurigged.watch`: watchdog, and the functions patched in place."""

    watches = True

    def prepare(self, folder: Path) -> None:
        import jurigged

        mine = str(folder)
        self.watcher: Any = jurigged.watch(
            lambda name: name.startswith(mine), logger=self._heard, autostart=self.watching
        )

    def _heard(self, event: object) -> None: ...

    def reload(self, path: Path) -> None:
        self.watcher.refresh(str(path))


# hmr runs a module again when what reads it runs again, and that begins here: the entry uses what the program has.
ENTRY = """\
from app import bound, state, table, target, thing
from derived import all_of_them

limits = [module.limit for module in all_of_them]
"""


class Hmr(Reloader):
    """`hmr`: modules that know who reads which of their names, run again when they are next read."""

    watches = True

    def prepare(self, folder: Path) -> None:
        from reactivity.hmr.core import HMR_CONTEXT, SyncReloader

        (folder / "entry.py").write_text(ENTRY)
        self.context: Any = HMR_CONTEXT
        self.reloader: Any = SyncReloader(str(folder / "entry.py"), [str(folder)], [])
        self.effect: Any = self.context.effect(self.reloader.run_entry_file)

    def begin(self) -> None:
        if self.watching:
            threading.Thread(target=self.reloader.start_watching, daemon=True).start()

    def reload(self, path: Path) -> None:
        self.reloader.on_changes({path.resolve()})


class Pydevd(Reloader):
    """The reloader in pydevd, which debugpy's `autoReload` and PyDev use; without a debugger attached."""

    def begin(self) -> None:
        import debugpy

        sys.path.append(os.path.join(os.path.dirname(str(debugpy.__file__)), "_vendored", "pydevd"))
        self.module: Any = importlib.import_module("_pydevd_bundle.pydevd_reload")
        for name in ("notify_info0", "notify_info", "notify_info2", "notify_error"):
            setattr(self.module, name, lambda *_: None)

    def reload(self, path: Path) -> None:
        self.module.xreload(sys.modules[path.stem])


class Limeade(Reloader):
    """`limeade.refresh` of the saved module."""

    def begin(self) -> None:
        importlib.import_module("importlib.machinery")  # limeade expects it to be there
        import limeade

        self.limeade: Any = limeade

    def reload(self, path: Path) -> None:
        self.limeade.refresh([sys.modules[path.stem]])


RELOADERS: dict[str, type[Reloader]] = {
    "none": Reloader,
    "reload-lsp": Ours,
    "importlib.reload": ImportlibReload,
    "ordered reload": OrderedReload,
    "IPython autoreload": Autoreload,
    "jurigged": Jurigged,
    "hmr": Hmr,
    "pydevd": Pydevd,
    "limeade": Limeade,
}
