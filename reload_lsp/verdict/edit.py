"""One module's old and new text, compared statement by statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..source.codes import own_part
from ..source.diff import Pairing, pair
from ..source.fingerprint import full, shell
from ..source.late import codes_of
from ..source.statement import Statement
from .module import ModuleText


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` is what runs, `new` what would."""

    old: ModuleText
    new: ModuleText
    pairing: Pairing

    def before(self, index: int) -> Statement | None:
        """The old version of new statement `index`."""
        at = self.pairing.old_of[index]
        return None if at is None else self.old.statements[at]

    def touched(self) -> Iterator[tuple[int, Statement | None]]:
        """The new statements whose text differs, with what they were."""
        for index, statement in enumerate(self.new.statements):
            old = self.before(index)
            if old is None or old.text != statement.text or old.kind != statement.kind:
                yield index, old

    def removed(self) -> list[Statement]:
        found = [self.old.statements[i] for i in self.pairing.removed]
        return [s for s in found if s.kind not in ("dead", "text")]


def edit_of(old: ModuleText, new: ModuleText) -> Edit:
    """Raises SyntaxError or ValueError where one of the texts cannot be parsed."""
    return Edit(old, new, pair(old.statements, new.statements))


def same_meaning(old: ast.stmt, new: ast.stmt) -> bool:
    """Do both compile to the same thing, wherever they stand?"""
    return full(old) == full(new)


def bodies_only(old: ast.stmt, new: ast.stmt) -> bool:
    """Do only function bodies differ, so that nothing needs to run? Docstrings that a decorator copied do."""
    return shell(old) == shell(new) and _copied_docs(old) == _copied_docs(new)


def differs_itself(old: ast.stmt, new: ast.stmt) -> bool:
    """Does a function do something else, not only the functions that it makes?"""
    before, after = codes_of(old), codes_of(new)
    return [own_part(code) for code in before] != [own_part(code) for code in after]


def _copied_docs(node: ast.stmt) -> list[str | None]:
    if isinstance(node, ast.ClassDef):
        inner = [d for n in node.body for d in _copied_docs(n)]
        return [ast.get_docstring(node, clean=False), *inner]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list:
        return [ast.get_docstring(node, clean=False)]
    return []


def annotation_only(old: ast.stmt, new: ast.stmt) -> bool:
    """`n: int = 0` to `n: float = 0`: the value is state, the annotation alone is evaluated again."""
    if not isinstance(old, ast.AnnAssign) or not isinstance(new, ast.AnnAssign):
        return False
    values = [n.value and ast.dump(n.value) for n in (old, new)]
    return values[0] == values[1] and ast.dump(old.target) == ast.dump(new.target)


def same_value(old: ast.stmt, new: ast.stmt) -> bool:
    """Do two assignments give the same literal value?"""
    try:
        values = [ast.literal_eval(getattr(n, "value", None) or ast.Pass()) for n in (old, new)]
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return False
    return type(values[0]) is type(values[1]) and repr(values[0]) == repr(values[1])


def edited_functions(old: ast.stmt, new: ast.stmt) -> list[tuple[str, ast.AST]]:
    """The functions whose own text differs, by dotted name; with the old syntax tree."""
    before, after = dict(_functions(old, "")), dict(_functions(new, ""))
    return [(name, node) for name, node in before.items() if name in after and full(node) != full(after[name])]


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield f"{prefix}{node.name}", node
    elif isinstance(node, ast.ClassDef):
        for member in node.body:
            yield from _functions(member, f"{prefix}{node.name}.")
