"""One spelling for each file, however the editor, the program and the file system name it."""

from __future__ import annotations

import functools
import os


def canonical(path: str) -> str:
    """`path` without symlinks: what files are compared by."""
    folder, name = os.path.split(path)
    found = os.path.join(_real_folder(folder), name)
    return os.path.realpath(found) if os.path.islink(found) else found


@functools.lru_cache(maxsize=8192)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def forget_folders() -> None:
    """A symlink may lead elsewhere now: look again."""
    _real_folder.cache_clear()
