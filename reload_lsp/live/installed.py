"""Folders outside of environments into which libraries were installed all the same (`pip install --target vendor`).

What is installed is in the list of files of each distribution (PyPA, "Recording installed projects"); all else is the user's.
"""

from __future__ import annotations

import os

_INFO = ".dist-info"


class Installed:
    """Which files belong to a distribution, by their top folders; each folder is looked at once."""

    __slots__ = ("_names", "_tops")

    def __init__(self) -> None:
        self._tops: dict[
            str, tuple[str, str]
        ] = {}  # by folder: that above its outermost package, and the name of that one
        self._names: dict[str, set[str]] = {}

    def has(self, path: str) -> bool:
        """Whether an absolute path is that of an installed file."""
        folder, file = os.path.split(path)
        if folder not in self._tops:
            self._tops[folder] = _top_of(folder)
        above, package = self._tops[folder]
        if above not in self._names:
            self._names[above] = _installed_in(above)
        return (package or file) in self._names[above]


def _top_of(folder: str) -> tuple[str, str]:
    package = ""
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        above, package = os.path.split(folder)
        if above == folder:
            break
        folder = above
    return folder, package


def _installed_in(folder: str) -> set[str]:
    """The first parts of all paths that the distributions in a folder list."""
    found: set[str] = set()
    for name in _listed(folder):
        if name.endswith(_INFO):
            try:
                with open(os.path.join(folder, name, "RECORD"), encoding="utf-8") as record:
                    found.update(line.partition(",")[0].partition("/")[0].strip('"') for line in record)
            except (OSError, UnicodeDecodeError):
                continue
    return found


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
