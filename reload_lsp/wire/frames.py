"""Frames, without I/O: a 4-byte big-endian length, then UTF-8 JSON, capped in length and depth."""

from __future__ import annotations

import json
import re
from itertools import accumulate

from .errors import FrameError
from .seal import MAC_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, cast

    from .seal import Seal
else:

    def cast(_kind: object, value: object) -> object:
        return value


LENGTH_SIZE = 4
LENGTH_LIMIT = 16 << 20
DEPTH_LIMIT = 64

# An unfinished string matches up to the end, so no input makes the pattern start over and over again.
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def encode(message: dict[str, Any], seal: Seal | None = None) -> bytes:
    """One frame; ASCII inside, so that file names with undecodable bytes survive."""
    try:
        payload = json.dumps(message, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise FrameError(f"a message cannot be written as JSON: {error}") from error
    if len(payload) > LENGTH_LIMIT:
        raise FrameError(f"a message of {len(payload)} bytes is longer than the {LENGTH_LIMIT} allowed")
    head = len(payload).to_bytes(LENGTH_SIZE, "big")
    return head + (seal.mac(head, payload) if seal is not None else b"") + payload


def decode(payload: bytes) -> dict[str, Any]:
    """The object that one frame holds."""
    if depth(payload) > DEPTH_LIMIT:
        raise FrameError(f"a message is nested deeper than the {DEPTH_LIMIT} levels allowed")
    try:
        message = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a message is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise FrameError("a message is not a JSON object")
    return cast("dict[str, Any]", message)


def depth(payload: bytes) -> int:
    """How deep the brackets outside strings nest, or a bound that is below the limit."""
    openings = payload.count(b"[") + payload.count(b"{")
    if openings <= DEPTH_LIMIT:
        return openings
    brackets = _STRING.sub(b"", payload).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


class FrameDecoder:
    """Bytes in, messages out; an oversize frame is refused at its length, before its body is taken.

    With a `seal`, each frame is checked before it is parsed.
    """

    def __init__(self, seal: Seal | None = None) -> None:
        self._buffer = bytearray()
        self._seal = seal

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The messages that `data` completes."""
        self._buffer += data
        found: list[dict[str, Any]] = []
        while (payload := self._next()) is not None:
            found.append(decode(payload))
        return found

    def _next(self) -> bytes | None:
        if len(self._buffer) < LENGTH_SIZE:
            return None
        length = int.from_bytes(self._buffer[:LENGTH_SIZE], "big")
        if length > LENGTH_LIMIT:
            raise FrameError(f"a frame of {length} bytes is longer than the {LENGTH_LIMIT} allowed")
        start = LENGTH_SIZE + (MAC_SIZE if self._seal is not None else 0)
        end = start + length
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[start:end])
        if self._seal is not None:
            self._seal.check(bytes(self._buffer[LENGTH_SIZE:start]), bytes(self._buffer[:LENGTH_SIZE]), payload)
        del self._buffer[:end]
        return payload
