"""Where git says that it is changing a work tree: the lock of the index (git-index-lock, "git help repository-layout")."""

from __future__ import annotations

import os


def index_lock(folder: str) -> str | None:
    """The path of the lock of the repository that `folder` stands in; None where it stands in none."""
    while True:
        git = os.path.join(folder, ".git")
        if os.path.isdir(git):
            return os.path.join(git, "index.lock")
        if os.path.isfile(git):
            return _of_worktree(git)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _of_worktree(pointer: str) -> str | None:
    """A linked work tree has a file that names its part of the repository: `gitdir: <path>` (gitrepository-layout)."""
    try:
        with open(pointer, encoding="utf-8") as file:
            found = file.read(4096).strip()
    except (OSError, UnicodeDecodeError):
        return None
    if not found.startswith("gitdir:"):
        return None
    return os.path.join(os.path.dirname(pointer), found.removeprefix("gitdir:").strip(), "index.lock")
