"""A fresh interpreter that imports what another process runs, and tells what it consists of.

Run by path: `python fresh.py`. Reads a JSON object from standard input: `path` (the other's `sys.path`), `modules` (names, in
order), `main` (the script, or null), `output` (the file to write to). The script is executed under another name than
`__main__`, so that its main guard does not run.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PACKAGE = "_reload_lsp_agent"


def main() -> None:
    asked = json.loads(sys.stdin.read())
    describe = _describe()
    sys.path[:] = asked["path"]
    sys.dont_write_bytecode = True
    loaded: list[tuple[str, ModuleType]] = []
    failed: dict[str, str] = {}
    for name in asked["modules"]:
        try:
            loaded.append((name, _script(asked["main"]) if name == "__main__" else importlib.import_module(name)))
        except BaseException as error:
            failed[name] = f"{type(error).__name__}: {error}"
    with open(asked["output"], "w", encoding="utf-8") as file:
        json.dump({"modules": describe(loaded), "failed": failed}, file)


def _describe() -> Callable[[list[tuple[str, ModuleType]]], dict[str, Any]]:
    """Our own rooms, loaded as an agent loads them: nothing of ours on `sys.path`."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(root, "agent", "package.py"), submodule_search_locations=[root]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    return importlib.import_module(f"{PACKAGE}.live.describe").describe


def _script(path: str) -> ModuleType:
    name = "__mp_main__"
    spec = importlib.util.spec_from_file_location(name, path, loader=None) or _source_spec(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module


def _source_spec(name: str, path: str) -> Any:
    from importlib.machinery import SourceFileLoader

    return importlib.util.spec_from_loader(name, SourceFileLoader(name, path))


if __name__ == "__main__":
    main()
