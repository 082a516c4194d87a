"""What the server already knows about each file's bytes: a change that brings nothing new is no change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


def sha256(data: bytes) -> str:
    """The hash that the wire compares: of the bytes on disk, byte-order mark and all."""
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class KnownContents:
    """The last hash seen of each file, by didSave or by the watcher."""

    _hashes: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, path: str, digest: str) -> bool:
        """Remember that `path` holds `digest` now; False when that was known already."""
        if self._hashes.get(path) == digest:
            return False
        self._hashes[path] = digest
        return True

    def is_latest(self, path: str, digest: str | None) -> bool:
        """Is no other content of `path` known than this?"""
        return self._hashes.get(path, digest or "") == (digest or "")

    def forget(self, path: str) -> None:
        """The file is gone: whatever comes back there is news."""
        self._hashes.pop(path, None)
