"""A module whose file is gone and stands elsewhere: `tools.py` became the package `tools/__init__.py`, or the other way round."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

from .batch import Batch
from .loaded import LoadedModule
from .modules import Modules
from .reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec


class Relocated:
    """The modules of a batch that are imported from other files now; `put_back` where the batch comes to nothing."""

    def __init__(self) -> None:
        self._moved: list[tuple[LoadedModule, ModuleSpec, str]] = []

    def follow(self, modules: Modules, module: LoadedModule) -> bytes | None:
        """What the import system would load for a module whose own file is gone; None where it finds nothing."""
        spec = _found_now(module)
        data = read_regular(spec.origin) if spec is not None and spec.origin else None
        if spec is None or data is None:
            return None
        self._moved.append((module, spec, module.path))
        _stands_at(modules, module, str(spec.origin))
        return data

    def settle(self, batch: Batch) -> None:
        """The attributes by which imports go are those of the new file, before anything runs."""
        for module, spec, _ in self._moved:
            ns = module.ns
            values = {
                "__file__": spec.origin,
                "__spec__": spec,
                "__loader__": spec.loader,
                "__cached__": spec.cached,
                "__package__": spec.parent,
                "__path__": spec.submodule_search_locations,
            }
            for name, value in values.items():
                if value is not None:
                    batch.journal.set_item(ns, name, value)
                elif name in ns and name == "__path__":
                    batch.journal.del_item(ns, name)

    def put_back(self, modules: Modules) -> None:
        """Nothing came of it: the modules run what their files were."""
        for module, _, path in self._moved:
            _stands_at(modules, module, path)


def _found_now(module: LoadedModule) -> ModuleSpec | None:
    parent = module.name.rpartition(".")[0]
    folders = getattr(sys.modules.get(parent), "__path__", None) if parent else None
    if module.name == "__main__" or (parent and folders is None):
        return None
    spec = PathFinder.find_spec(module.name, folders)
    return spec if spec is not None and str(spec.origin).endswith(".py") else None


def _stands_at(modules: Modules, module: LoadedModule, path: str) -> None:
    module.path = path
    if module.code is not None:
        module.code = module.code.replace(co_filename=path)
    record = modules.recorder.records.get(module.name)
    if record is not None:
        record.path, record.code = path, module.code
    modules.moved()
