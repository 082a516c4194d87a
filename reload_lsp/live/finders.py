"""Files that came since the import system last looked: it is told to look again."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def look_again() -> None:
    """As `importlib.invalidate_caches`, without the 40 ms of `importlib.metadata`: that imports it, from CPython 3.13 on."""
    namespaces: Any = getattr(sys.modules.get("_frozen_importlib_external"), "_NamespacePath", None)
    if "importlib.metadata" in sys.modules or not hasattr(namespaces, "_epoch"):
        importlib.invalidate_caches()
        return
    for finder in list(sys.meta_path):
        if finder is PathFinder:
            _forget_entries()
            namespaces._epoch += 1
        elif hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()  # type: ignore[attr-defined]


def _forget_entries() -> None:
    """What is known of the folders on the path, as `PathFinder` itself forgets it."""
    for name, finder in list(sys.path_importer_cache.items()):
        if finder is None or not os.path.isabs(name):
            sys.path_importer_cache.pop(name, None)
        elif hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()  # type: ignore[attr-defined]
