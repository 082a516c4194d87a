"""What a module was loaded from, in one copy: bytes until somebody reads them, then their text; packed where nobody does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Kept:
    """The bytes of one file as they were loaded, and their text. It never changes; another load has another one.

    `size` is in bytes. A module's text is as long as its code is large: a program of ten thousand modules is not to hold
    each of them twice, nor all of them unpacked.
    """

    __slots__ = ("_data", "_packed", "_text", "size")

    def __init__(self, data: bytes, text: str | None = None) -> None:
        self._data: bytes | None = data
        self._text = text
        self._packed = b""
        self.size = len(data)
        if text is not None:
            self._leave_one(text)

    @property
    def data(self) -> bytes:
        """The bytes."""
        data, text = self._data, self._text
        if data is not None:
            return data
        return text.encode() if text is not None else _unpacked().data_of(self._packed)

    @property
    def text(self) -> str:
        """What the compiler reads in them. Raises UnreadableSource."""
        text, data = self._text, self._data
        if text is None and data is None:
            return _unpacked().text_of(self._packed)
        if text is None:
            from ..source.text import decode

            text = self._text = decode(data or b"")
            self._leave_one(text)
        return text

    @property
    def held(self) -> int:
        """How many bytes are held for it now."""
        held = (self._data, self._text, self._packed)
        return sum(len(part) for part in held if part is not None)

    def pack(self) -> None:
        """Nobody is expected to ask soon."""
        if not self._packed:
            self._packed = _unpacked().packed(self.data)
            self._data = self._text = None

    def _leave_one(self, text: str) -> None:
        """Let the bytes go where the text tells them: nearly always."""
        if text.encode() == self._data:
            self._data = None


def _unpacked() -> Any:
    """What few processes need before they have much text is not imported with the agent."""
    from . import unpacked

    return unpacked
