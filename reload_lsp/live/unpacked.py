"""Texts that were packed, as they are asked for: the last ones stay at hand, for a batch asks for the same ones often."""

from __future__ import annotations

import zlib
from functools import lru_cache

from ..source.text import decode

AT_HAND = 256  # texts
FAST = 1  # zlib's level: a quarter of the size remains, in a third of the time of the usual one


def packed(data: bytes) -> bytes:
    """`data` in fewer bytes."""
    return zlib.compress(data, FAST)


def data_of(packed: bytes) -> bytes:
    """What was packed."""
    return zlib.decompress(packed)


@lru_cache(AT_HAND)
def text_of(packed: bytes) -> str:
    """The text of the file that was packed."""
    return decode(zlib.decompress(packed))
