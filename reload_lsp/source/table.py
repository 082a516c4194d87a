"""A module's text as a table of statements."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence

from .scan import blanked, spans
from .statement import Statement, StatementKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_KINDS: Final[dict[type[ast.stmt], StatementKind]] = {
    ast.FunctionDef: "function",
    ast.AsyncFunctionDef: "function",
    ast.ClassDef: "class",
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.Assign: "bind",
    ast.AnnAssign: "bind",
    ast.AugAssign: "effect",
    ast.Expr: "effect",
    ast.Delete: "effect",
    ast.Assert: "effect",
    ast.Raise: "effect",
    ast.Pass: "text",
    ast.Global: "text",
}


class Lines:
    """The lines of a text, and the slices of it that syntax tree positions (UTF-8 bytes) mean."""

    __slots__ = ("lines",)

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")

    def column(self, line: int, offset: int) -> int:
        """The code point at byte `offset` of `line` (0-based)."""
        text = self.lines[line]
        if text.isascii():
            return offset
        return len(text.encode()[:offset].decode(errors="replace"))

    def slice(self, line: int, column: int, end_line: int, end_column: int) -> str:
        """The text from one place to another; leading blanks of the first line are kept."""
        first = self.lines[line]
        start = 0 if not first[:column].strip() else column
        if line == end_line:
            return first[start:end_column]
        inner = self.lines[line + 1 : end_line]
        return "\n".join([first[start:], *inner, self.lines[end_line][:end_column]])


def table(text: str) -> list[Statement]:
    """The statements at the top level of `text`. Raises SyntaxError, or ValueError for text with NUL."""
    return list(flatten(ast.parse(text).body, Lines(text)))


def known_table(text: str) -> list[Statement]:
    """The same for a text that is known to be Python: only what does not tell its kind at sight is parsed."""
    try:
        return list(_scanned(text))
    except SyntaxError:
        return table(text)


def _scanned(text: str) -> Iterator[Statement]:
    if "\f" in text:  # a form feed begins a line anew: left to the parser
        raise SyntaxError
    blank, line, at = blanked(text), 0, 0
    for start, end in spans(blank):
        line += text.count("\n", at, start)
        at = start
        known = _at_sight(blank, start, end)
        if known is None:
            yield from _parsed(text[start:end], line)
            continue
        lines = text.count("\n", start, end)
        column = end - text.rfind("\n", start, end) - 1 if lines else end - start
        yield Statement(*known, line, 0, line + lines, column, text[start:end])


_SIGHT = re.compile(
    r"""(?P<import>(?:import|from)\s)
      | (?:@.*?^)?(?:(?:async\s+)?def\s+(?P<function>\w+)|class\s+(?P<class>\w+))
      | (?P<block>(?:for|while|with|try)\b|if\b(?![^:]*(?:TYPE_CHECKING|version_info|platform|os\.name)))
      | (?P<bind>[^\W\d]\w*)\s*[:=](?!=)
      | (?P<text>'\x01*(?:\n\x01*)*'?\Z)""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_NAMED = frozenset(("function", "class", "bind"))


def _at_sight(blank: str, start: int, end: int) -> tuple[StatementKind, str] | None:
    """Kind and name of a statement that its first words tell, None where only the parser knows."""
    found = _SIGHT.match(blank, start, end)
    if found is None or blank.find(";", start, end) >= 0:
        return None
    kind = found.lastgroup
    assert kind is not None
    return kind, found.group(kind) if kind in _NAMED else ""  # type: ignore[return-value]


def _parsed(text: str, line: int) -> Iterator[Statement]:
    for statement in flatten(ast.parse(text).body, Lines(text)):
        yield statement._replace(line=statement.line + line, end_line=statement.end_line + line)


def statements_of(body: Sequence[ast.stmt], text: str) -> list[tuple[Statement, ast.stmt]]:
    """The statements of a body with their syntax trees, folded as `table` folds them."""
    lines = Lines(text)
    return [(s, n) for s, n in _flatten(body, lines)]


def flatten(body: Sequence[ast.stmt], lines: Lines) -> Iterator[Statement]:
    """Statements of a body; tests that have one answer for good (`if TYPE_CHECKING`, versions) are folded."""
    for statement, _ in _flatten(body, lines):
        yield statement


def _flatten(body: Sequence[ast.stmt], lines: Lines) -> Iterator[tuple[Statement, ast.stmt]]:
    for node in body:
        verdict = static_test(node.test) if isinstance(node, ast.If) else None
        if verdict is None or not isinstance(node, ast.If) or not _own_lines(node):
            yield _statement(node, lines, None), node
            continue
        taken, dead = (node.body, node.orelse) if verdict else (node.orelse, node.body)
        yield from ((_statement(n, lines, "dead"), n) for n in dead)
        yield from _flatten(taken, lines)


def _own_lines(node: ast.If) -> bool:
    """Whether both branches stand on lines of their own (an `elif` does not begin a statement)."""
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and node.orelse[0].col_offset == node.col_offset:
        return False
    return all(n.lineno > node.lineno for n in (*node.body, *node.orelse))


def _statement(node: ast.stmt, lines: Lines, kind: StatementKind | None) -> Statement:
    start, offset = node.lineno, node.col_offset
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        start = min(d.lineno for d in decorators)
    line, end_line = start - 1, (node.end_lineno or node.lineno) - 1
    column = lines.column(line, offset)
    end_column = lines.column(end_line, node.end_col_offset or 0)
    text = lines.slice(line, column, end_line, end_column)
    return Statement(kind or _kind(node), _name(node), line, column, end_line, end_column, text)


def _kind(node: ast.stmt) -> StatementKind:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return "text"
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return "bind"
    if isinstance(node, ast.Assign) and not any(_target_name(t) for t in node.targets):
        return "effect"
    if type(node).__name__ == "TypeAlias":
        return "bind"
    return _KINDS.get(type(node), "block")


def _name(node: ast.stmt) -> str:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign):
        return next((n for n in map(_target_name, node.targets) if n), "")
    if isinstance(node, ast.AnnAssign):
        return _target_name(node.target)
    if type(node).__name__ == "TypeAlias":
        return _target_name(getattr(node, "name"))  # noqa: B009 - ast.TypeAlias is 3.12+
    return ""


def _target_name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, (ast.Tuple, ast.List)):
        return next((n for n in map(_target_name, target.elts) if n), "")
    if isinstance(target, ast.Starred):
        return _target_name(target.value)
    return ""


def static_test(test: ast.expr) -> bool | None:
    """What a test that never changes its answer in this process gives, None for any other test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = static_test(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
        return False
    if isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING":
        return False
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _version_test(test)
    return None


def _version_test(test: ast.Compare) -> bool | None:
    left = ast.unparse(test.left)
    if left not in ("sys.version_info", "sys.platform", "os.name"):
        return None
    try:
        right = ast.literal_eval(test.comparators[0])
    except (ValueError, SyntaxError):
        return None
    return _compare(left, type(test.ops[0]), right)


def _compare(left: str, op: type[ast.cmpop], right: object) -> bool | None:
    if left == "sys.version_info":
        value: object = sys.version_info[:]
        if not isinstance(right, tuple):
            return None
    else:
        value = sys.platform if left == "sys.platform" else __import__("os").name
    if op is ast.Eq:
        return value == right
    if op is ast.NotEq:
        return value != right
    if not isinstance(right, tuple):
        return None
    return _ordered(op, sys.version_info[:], right)  # pyright: ignore[reportUnknownArgumentType]


def _ordered(op: type[ast.cmpop], left: tuple[object, ...], right: tuple[object, ...]) -> bool | None:
    if op is ast.GtE:
        return left >= right
    if op is ast.Gt:
        return left > right
    if op is ast.LtE:
        return left <= right
    if op is ast.Lt:
        return left < right
    return None
