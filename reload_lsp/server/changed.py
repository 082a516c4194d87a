"""Which files on disk are not what runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..sessions.roster import Member
from ..watch.contents import sha256
from .texts import read_bytes


def changed_files(members: Iterable[Member], concerns: Callable[[str], bool]) -> list[str]:
    """The loaded files that `concerns` takes, and whose bytes on disk some process does not run."""
    found: set[str] = set()
    for member in members:
        found |= member.behind
        for path, file in list(member.process.loaded.items()):
            if concerns(path):
                data = read_bytes(path)
                if data is None or sha256(data) != file.sha256:
                    found.add(path)
    return sorted(found)
