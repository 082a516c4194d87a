"""Whether a file is as it was when it was read, told without reading it again."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    Stamp = tuple[int, int, int]

_SETTLED = 2_000_000_000  # nanoseconds; the coarsest clock of a file system in use


def stamp_of(path: str) -> Stamp | None:
    """When a file was last written (ns), its size and its number; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def is_settled(stamp: Stamp) -> bool:
    """Whether another write would show in the stamp: not where the last one was a moment ago."""
    return stamp[0] < time.time_ns() - _SETTLED
