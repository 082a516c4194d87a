"""One statement of a module or class body: flat data, no syntax tree."""

from __future__ import annotations

import ast
import re
from collections import namedtuple

from .scan import skeleton

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, NamedTuple

    StatementKind = Literal["function", "class", "import", "bind", "effect", "block", "dead", "text"]

    class _Fields(NamedTuple):
        kind: StatementKind
        name: str
        line: int
        column: int
        end_line: int
        end_column: int
        text: str

else:  # the agent's thread imports this: were it the first to import `typing`, dataclasses of the program would fail meanwhile
    StatementKind = str
    _Fields = namedtuple("_Fields", "kind name line column end_line end_column text")

_HEAD = re.compile(r"(?:from\s+|import\s+)?[\w.]*")


class Statement(_Fields):
    """A statement where it stands.

    `line` and `end_line` are 0-based and inclusive, decorators belong to the statement. `text` is its source, from the
    first column of its first line. `name` is what it defines or first binds, "" where it binds nothing. A tuple: a first look
    at a project makes tens of thousands.
    """

    __slots__ = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes two versions of a statement the same one, where the text differs."""
        if self.name:
            return ("name", self.name)
        return (self.kind, _HEAD.match(self.text.lstrip()).group())  # type: ignore[union-attr]

    @property
    def label(self) -> str:
        """How a message names it."""
        return self.name or first_words(self.text)


def first_words(text: str) -> str:
    """The first line of a statement, short enough for a message."""
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= 48 else line[:45] + "..."


def parse(statement: Statement, line: int | None = None) -> ast.stmt:
    """The syntax tree of `statement`, with the line numbers it has in its file (or as if it began at `line`)."""
    at = statement.line if line is None else line
    body = _parse_at(statement.text, at)
    return body[0]


def outline(statement: Statement) -> str:
    """The text of `statement` without what its functions do."""
    return skeleton(statement.text) if "def " in statement.text else statement.text


def parse_outline(statement: Statement, outline: str) -> ast.stmt:
    """The syntax tree of the outline of `statement`, as if it began the file."""
    try:
        return _parse_at(outline, 1)[0]
    except SyntaxError:
        return _parse_at(statement.text, 1)[0]


def _parse_at(text: str, line: int) -> list[ast.stmt]:
    if text[:1] not in " \t":
        return ast.parse("\n" * line + text).body
    wrapped = ast.parse("\n" * (line - 1) + "if 1:\n" + text).body[0]
    assert isinstance(wrapped, ast.If)
    return wrapped.body
