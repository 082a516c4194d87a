"""Whether a file may have been edited between the moment it was loaded and the moment we first looked at it."""

from __future__ import annotations

import os
import sys
import time
from importlib.util import cache_from_source

_STARTED: list[float] = []
_CLOCKS = 0.05  # seconds that the clocks of files and processes may be apart


def edited_since_start(path: str, late: bool = False) -> bool:
    """A file that was written after this process began, and whose cached bytecode is not of the text that it has now.

    Where the process has run for a while (`late`), another one may have cached the newer text, and tools that copy files may
    have given it an older time: any change of the file since the process began counts.
    Where the system does not tell when the process began (no `/proc`), no file counts as edited.
    """
    try:
        found = os.stat(path)
        if late:
            return max(found.st_mtime, found.st_ctime) > process_start() - _CLOCKS
        return found.st_mtime > process_start() + _CLOCKS and not _is_cached(path, int(found.st_mtime), found.st_size)
    except OSError:
        return False


def process_start() -> float:
    """When this process began, in seconds since the epoch; infinity where that is not known."""
    if not _STARTED:
        _STARTED.append(_process_start())
    return _STARTED[0]


def _process_start() -> float:
    if sys.platform != "linux":
        return float("inf")
    with open("/proc/self/stat", "rb") as file:
        ticks = int(file.read().rpartition(b")")[2].split()[19])  # proc(5): starttime, the 22nd field
    since_boot = time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time() - since_boot + ticks / os.sysconf("SC_CLK_TCK")


def edited_since_cached(path: str) -> bool:
    """A file whose bytecode was cached since this process began, and which is another one since: loaded was the text before."""
    try:
        cached = os.stat(cache_from_source(path)).st_mtime >= process_start() - _CLOCKS
        found = os.stat(path)
        return cached and not _is_cached(path, int(found.st_mtime), found.st_size)
    except (OSError, NotImplementedError):
        return False


def _is_cached(path: str, modified: int, size: int) -> bool:
    """PEP 552: flags, time of change and size of the source stand in the first 16 bytes of a `.pyc`."""
    try:
        with open(cache_from_source(path), "rb") as file:
            head = file.read(16)
    except (OSError, NotImplementedError):
        return False
    stamp = (modified & 0xFFFFFFFF).to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
    return head[4:] == bytes(4) + stamp
