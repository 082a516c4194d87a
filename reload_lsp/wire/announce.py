"""An agent's own record: written whole, locked before it can be seen, removed at the end.

Light on purpose: it is loaded while the user's program starts, and `json` alone would cost 5 ms.
"""

from __future__ import annotations

import os
from _json import encode_basestring_ascii

from . import locks
from .descriptors import Watched

TYPE_CHECKING = False  # typing alone would cost 5 ms
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import cast
else:

    def cast(_kind, value):
        return value


class Announcement:
    """The record of a living agent in `folder`; open, and so locked, until `withdraw` or `forget`."""

    def __init__(self, folder: str, agent_id: str, data: Mapping[str, object]) -> None:
        self.path = os.path.join(folder, f"{agent_id}.json")
        draft = f"{self.path}.new"
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            locks.hold(descriptor)
            write_all(descriptor, plain_json(data).encode("ascii"))
            os.rename(draft, self.path)
        except BaseException:
            os.close(descriptor)
            remove(draft)
            raise
        self._held: Watched | None = Watched(descriptor)

    def withdraw(self) -> None:
        """The agent ends: its record goes."""
        remove(self.path)
        self.forget()

    def forget(self) -> None:
        """Close without removing: a forked child must let go of its parent's record."""
        held, self._held = self._held, None
        if held is not None and held.intact():
            os.close(held.number)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it; OSError where the disk is full: a record that is cut short would never be found."""
    while data:
        data = data[os.write(descriptor, data) :]


def remove(path: str) -> None:
    """Remove a file that may be gone already."""
    try:
        os.unlink(path)
    except OSError:
        pass


def plain_json(value: object) -> str:
    """JSON text, in ASCII, of the plain data that a record holds."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return "{" + ", ".join(f"{plain_json(k)}: {plain_json(v)}" for k, v in pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(plain_json, cast("list[object]", value))) + "]"
    raise TypeError(f"a record cannot hold {type(value).__name__}")
