"""Whether a file descriptor is still what it was: daemons close all they have, and numbers are used again."""

from __future__ import annotations

import os


class Watched:
    """A descriptor as it was when it was opened."""

    def __init__(self, descriptor: int) -> None:
        self.number = descriptor
        self._was = _identity(descriptor)

    def intact(self) -> bool:
        """Whether the number still means the same open file: only then may it be read, written or closed."""
        return self._was is not None and _identity(self.number) == self._was


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        about = os.fstat(descriptor)
    except OSError:
        return None
    return about.st_dev, about.st_ino
