"""Files are read whole, and only those that end: a pipe would keep the program waiting, or lose what is in it."""

from __future__ import annotations

import os
import stat
import sys


def read_regular(path: str, largest: int | None = None) -> bytes | None:
    """What is in a file; None where it is no plain file, cannot be read, or is larger than `largest`."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode) or (largest is not None and found.st_size > largest):
            return None
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def forget_lines(path: str) -> None:
    """What tracebacks show of a file is read anew."""
    check = getattr(sys.modules.get("linecache"), "checkcache", None)  # where it is not there, nobody has kept any
    if check is not None:
        check(path)
