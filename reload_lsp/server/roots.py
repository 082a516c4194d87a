"""The workspace's folders, and how files are spelled for the client (LSP "Workspace Folders", "URI")."""

from __future__ import annotations

import os
from collections.abc import Iterable

from pygls.uris import from_fs_path, to_fs_path

from ..sessions.paths import canonical


def path_of(uri: str) -> str | None:
    """The path a URI names; None for what is no file."""
    path = to_fs_path(uri)
    return os.path.normpath(path) if path else None


def uri_of(path: str) -> str:
    return from_fs_path(path) or ""


class Roots:
    """The folders as the client spells them, with what they are without symlinks."""

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}

    def add(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._spelled[canonical(path)] = path

    def remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._spelled.pop(canonical(path), None)

    @property
    def folders(self) -> list[str]:
        """All folders, canonical."""
        return list(self._spelled)

    def root_of(self, path: str) -> str | None:
        """The innermost folder that holds a canonical path."""
        holding = [root for root in self._spelled if is_below(path, root)]
        return max(holding, key=len, default=None)

    def spelled(self, path: str) -> str:
        """A canonical path as the client would write it."""
        root = self.root_of(path)
        return path if root is None else self._spelled[root] + path[len(root) :]


def is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
