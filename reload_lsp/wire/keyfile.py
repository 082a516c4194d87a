"""The file with the key that a program which listens on the network shares with an editor: 64 hex digits, for its owner alone."""

from __future__ import annotations

import os
import stat

from .errors import FolderError

KEY_SIZE = 32
READ_LIMIT = 1 << 12


def read_key(path: str) -> bytes:
    """The key in a file that nobody else can read; FolderError with what to do otherwise."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise FolderError(f"the key file {path} cannot be read: {error.strerror}") from error
    try:
        _verify(path, os.fstat(descriptor))
        text = os.read(descriptor, READ_LIMIT).decode("ascii", "replace").strip()
    finally:
        os.close(descriptor)
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_SIZE:
        raise FolderError(
            f"the key file {path} does not hold {2 * KEY_SIZE} hex digits; remove it to have one made by `run`"
        )
    return key


def make_key(path: str) -> None:
    """A new key in a new file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(os.urandom(KEY_SIZE).hex() + "\n")


def _verify(path: str, about: os.stat_result) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise FolderError(f"the key file {path} is no ordinary file")
    if os.name == "nt":
        return
    if about.st_uid not in (os.getuid(), 0):
        raise FolderError(f"the key file {path} belongs to user {about.st_uid}, not to you")
    if about.st_mode & 0o077:
        raise FolderError(f"the key file {path} is open to other users; run: chmod 600 {path}")
