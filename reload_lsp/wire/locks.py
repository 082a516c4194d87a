"""The lock on a record: held by a living agent, free once it is dead. Never its pid: those are used again."""

from __future__ import annotations

import os

if os.name == "nt":
    import msvcrt

    _BEYOND = 0x7FFF0000  # a locked byte cannot be read by others, so it is one that no record has

    def hold(descriptor: int) -> None:
        """Take the lock for as long as `descriptor` is open."""
        os.lseek(descriptor, _BEYOND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def is_held(descriptor: int) -> bool:
        """Whether another process holds the lock."""
        try:
            hold(descriptor)
        except OSError:
            return True
        return False

else:
    import fcntl

    def hold(descriptor: int) -> None:
        """Take the lock for as long as `descriptor` is open."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_held(descriptor: int) -> bool:
        """Whether another process holds the lock; several may ask at once without misleading each other."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False
