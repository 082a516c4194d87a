"""Bytes of a source file to text, as the compiler would read them."""

from __future__ import annotations

import hashlib
import io
import tokenize


class UnreadableSource(ValueError):
    """The bytes are no Python source text; `args[0]` says why, `line` (0-based) where."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def digest(data: bytes) -> str:
    """The hash by which editors, server and agent name a version of a file."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """The text of `data` (PEP 263 encoding cookie, byte-order mark, universal newlines). Raises UnreadableSource."""
    if b"\0" in data:
        raise UnreadableSource("source code cannot contain null bytes", data.count(b"\n", 0, data.index(b"\0")))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise UnreadableSource(f"not valid {error.encoding}: {error.reason}", line) from None
    except (SyntaxError, LookupError) as error:
        raise UnreadableSource(str(error)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
