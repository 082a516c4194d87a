"""Authenticated frames, for connections that leave the machine: whoever sits between the two can read, but not change, add,
leave out, reorder or repeat a frame.

A frame is its length (4 bytes), HMAC-SHA256 over the frame's number, length and body, and the body. Each direction has a key of
its own, made of the handshake (`session`), so that no frame fits into another connection or the other direction.
"""

from __future__ import annotations

import hmac

from .errors import FrameError

MAC_SIZE = 32


class Seal:
    """One direction of one connection: frames are numbered from 0 on."""

    def __init__(self, session: bytes, side: bytes) -> None:
        self._key = hmac.digest(session, b"frames from " + side, "sha256")
        self._number = 0

    def mac(self, head: bytes, body: bytes) -> bytes:
        """The MAC of the next frame of this direction."""
        number = self._number.to_bytes(8, "big")
        self._number += 1
        return hmac.digest(self._key, number + head + body, "sha256")

    def check(self, given: bytes, head: bytes, body: bytes) -> None:
        """Raise FrameError unless `given` is the MAC of the next frame."""
        if not hmac.compare_digest(given, self.mac(head, body)):
            raise FrameError("a frame was changed, or does not belong here: somebody is between the two programs")
