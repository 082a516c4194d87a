"""The module-level name that stands at a place of a text. Pure."""

from __future__ import annotations

import ast
import re

from ..source.fingerprint import same
from ..source.names import Chain, locals_of
from ..source.statement import parse
from .module import ModuleText
from .program import Place, Program

_CHAIN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def chain_at(line: str, column: int) -> tuple[Chain, int, int] | None:
    """The dotted name under a code point of a line, up to the word that is pointed at; with its start and end."""
    for match in _CHAIN.finditer(line):
        if match.start() <= column <= match.end():
            end = line.find(".", column, match.end())
            end = match.end() if end < 0 else end
            return tuple(line[match.start() : end].split(".")), match.start(), end
    return None


def name_at(program: Program, module: ModuleText, line: int, column: int) -> tuple[Place, int, int] | None:
    """What of the program is named at a 0-based place of `module`; None for locals, attributes and foreign names."""
    lines = module.lines
    found = chain_at(lines[line], column) if line < len(lines) else None
    if found is None or _is_local(module, found[0][0], line) or _is_in_text(lines[line], found[1]):
        return None
    place = program.locate(module, found[0])
    if place is None or place.module is None or not place.name or place.rest:
        return None
    return place, found[1], found[2]


def _is_local(module: ModuleText, name: str, line: int) -> bool:
    """Is a name that of a variable in the function around the line?"""
    for statement in module.statements:
        if statement.line <= line <= statement.end_line and statement.kind in ("function", "class"):
            inner = [n for n in ast.walk(parse(statement)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
            around = [n for n in inner if n.lineno - 1 <= line <= (n.end_lineno or n.lineno) - 1]
            return any(name in locals_of(n) for n in around if n.name != name or n.lineno - 1 != line)
    return False


def _is_in_text(line: str, column: int) -> bool:
    """Is a place of a line behind a comment sign or inside a string, as far as the line alone shows?"""
    before = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "", line[:column])
    return "#" in before or before.count("'") % 2 == 1 or before.count('"') % 2 == 1


def same_definition(old: ModuleText, new: ModuleText, name: str) -> bool | None:
    """Do two texts of a module define `name` alike? None where the old one does not define it."""
    before, after = ([m.statements[i] for i in m.binders(name)] for m in (old, new))
    if not before:
        return None
    if [s.text for s in before] == [s.text for s in after]:
        return True
    return len(before) == len(after) and all(same(parse(a), parse(b)) for a, b in zip(before, after, strict=True))
