"""Which files on disk are not what runs, and what ran before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..sessions.process import LoadedFile
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


def changed_since(before: Sequence[Mapping[str, LoadedFile]], members: Sequence[Member]) -> tuple[str, ...]:
    """The files of which some process runs other bytes than it did `before`."""
    found = {
        path
        for old, member in zip(before, members, strict=True)
        for path, file in member.process.loaded.items()
        if path in old and old[path].sha256 != file.sha256
    }
    return tuple(sorted(found))
