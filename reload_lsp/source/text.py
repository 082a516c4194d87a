"""Bytes of a source file to text, as the compiler would read them."""

from __future__ import annotations

import io


class UnreadableSource(ValueError):
    """The bytes are no Python source text; `args[0]` says why, `line` (0-based) where."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def digest(data: bytes) -> str:
    """The hash by which editors, server and agent name a version of a file."""
    from hashlib import sha256  # OpenSSL's library is loaded with it

    return sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """The text of `data` (PEP 263 encoding cookie, byte-order mark, universal newlines). Raises UnreadableSource."""
    if b"\0" in data:
        raise UnreadableSource("source code cannot contain null bytes", data.count(b"\n", 0, data.index(b"\0")))
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise UnreadableSource(f"not valid {error.encoding}: {error.reason}", line) from None
    except (SyntaxError, LookupError) as error:
        raise UnreadableSource(str(error)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str:
    """What the text says of itself; without a look by `tokenize`, which few processes have imported, where it says nothing."""
    beginning = data[: data.find(b"\n", data.find(b"\n") + 1) + 1 or None]
    if beginning.isascii() and b"coding" not in beginning:
        return "utf-8"
    from tokenize import detect_encoding

    return detect_encoding(io.BytesIO(data).readline)[0]
