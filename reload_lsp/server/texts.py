"""Files as they are on disk, and whether Python can read them."""

from __future__ import annotations

import ast
import io
import os
import tokenize
import warnings
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from ..findings.values import Position, Range
from .lines import split_lines

# Beyond this the agent judges alone: compiling holds the interpreter, and the editor waits for this process.
COMPILE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text cannot be compiled, and where."""

    message: str
    range: Range


def read_bytes(path: str) -> bytes | None:
    """What is in the file, or None when it cannot be read or is no plain file."""
    try:
        # A pipe would keep the server waiting.
        return Path(path).read_bytes() if S_ISREG(os.stat(path).st_mode) else None
    except OSError:
        return None


def problem_in(data: bytes, path: str) -> Problem | None:
    """What keeps this Python from compiling `data`; None also when it is too long to be judged here."""
    if len(data) > COMPILE_LIMIT:
        return None
    at = data.find(b"\0")
    if at >= 0:
        return Problem("source code cannot contain null bytes", _whole_line(data, at))
    try:
        text = decoded(data)
    except UnicodeDecodeError as error:
        return Problem(f"{error.encoding} cannot decode this line: {error.reason}", _whole_line(data, error.start))
    except (SyntaxError, LookupError) as error:
        return Problem(str(error), _whole_line(data, 0))
    return _uncompilable(text, path)


def decoded(data: bytes) -> str:
    """The text of a source file, by its byte-order mark or coding comment."""
    if not any(b"coding" in line for line in data.split(b"\n", 2)[:2]):
        return data.decode("utf-8-sig")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding)


def _uncompilable(text: str, path: str) -> Problem | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return Problem(error.msg, _range(error, split_lines(text), _is_parsed(text, path)))
    except (ValueError, OverflowError, RecursionError, MemoryError) as error:
        return Problem(str(error) or type(error).__name__, Range.of(0, 0, 1, 0))
    return None


def _is_parsed(text: str, path: str) -> bool:
    """Is the error one that only the compiler sees? It counts bytes where the parser counts code points."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _range(error: SyntaxError, lines: list[str], in_bytes: bool) -> Range:
    start = _place(lines, error.lineno or 1, error.offset or 1, in_bytes)
    end = _place(lines, error.end_lineno or error.lineno or 1, error.end_offset or 1, in_bytes)
    if (end.line, end.column) <= (start.line, start.column):
        end = Position(start.line, start.column + 1)
    return Range(start, end)


def _place(lines: list[str], line: int, offset: int, in_bytes: bool) -> Position:
    line, column = max(line - 1, 0), max(offset - 1, 0)
    if in_bytes and line < len(lines):
        column = len(lines[line].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
    return Position(line, column)


def _whole_line(data: bytes, at: int) -> Range:
    line = data.count(b"\n", 0, at)
    return Range.of(line, 0, line + 1, 0)
