"""Which files belong to an environment or a tool rather than to the project."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from pathlib import PurePath

ENVIRONMENT_FOLDERS = frozenset({"site-packages", "dist-packages", "node_modules"})
TOOL_FOLDERS = frozenset({".git", ".hg", ".svn", "__pycache__", ".tox", ".nox", ".mypy_cache", ".ruff_cache"})
MARKERS = ("pyvenv.cfg", "conda-meta")


def in_tool_folder(path: str) -> bool:
    """Is `path` inside a folder that tools write to, where no module of the user's lies?"""
    return not TOOL_FOLDERS.isdisjoint(PurePath(path).parts)


def in_environment(path: str) -> bool:
    """Is `path` in a virtual environment, an installation's library or a package folder?"""
    return not ENVIRONMENT_FOLDERS.isdisjoint(PurePath(path).parts) or _below_marker(os.path.dirname(path))


@functools.lru_cache(maxsize=4096)
def _below_marker(folder: str) -> bool:
    """Does `folder` or one above it hold an environment's marker, or is it the standard library?"""
    if folder in _library_folders() or any(os.path.exists(os.path.join(folder, name)) for name in MARKERS):
        return True
    parent = os.path.dirname(folder)
    return parent != folder and _below_marker(parent)


@functools.lru_cache(maxsize=1)
def _library_folders() -> frozenset[str]:
    paths = sysconfig.get_paths()
    return frozenset(os.path.realpath(paths[name]) for name in ("stdlib", "platstdlib")) | {
        os.path.join(sys.base_prefix, "lib")
    }


def forget_folders() -> None:
    """An environment was made or removed: look again."""
    _below_marker.cache_clear()
