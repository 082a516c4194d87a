"""The texts that were seen, by the hash of their bytes: a process names what it runs by that hash."""

from __future__ import annotations

from collections import OrderedDict

from ..source.text import UnreadableSource, decode
from ..watch.contents import sha256

LIMIT = 8 << 20  # bytes


class SeenTexts:
    """Keeps the latest texts, up to `limit` bytes of them."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._data: OrderedDict[str, bytes] = OrderedDict()
        self._limit = limit
        self._size = 0

    def note(self, data: bytes) -> str:
        """Keep the bytes of a file; their hash."""
        digest = sha256(data)
        if digest not in self._data:
            self._data[digest] = data
            self._size += len(data)
            while self._size > self._limit and len(self._data) > 1:
                self._size -= len(self._data.popitem(last=False)[1])
        return digest

    def text(self, digest: str) -> str | None:
        """The text whose bytes have this hash, with line feeds alone for line ends; None where it was not seen."""
        data = self._data.get(digest)
        if data is None:
            return None
        self._data.move_to_end(digest)
        try:
            return decode(data)
        except UnreadableSource:
            return None
