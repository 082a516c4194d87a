"""One module's old and new text, compared statement by statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..source.codes import own_part
from ..source.diff import Pairing, pair
from ..source.fingerprint import same, same_shell
from ..source.statement import Statement, parse
from .module import ModuleText


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` is what runs, `new` what would. `touched`: the new statements whose text differs, with what they were."""

    old: ModuleText
    new: ModuleText
    pairing: Pairing
    touched: tuple[tuple[int, Statement | None], ...]
    _old_nodes: dict[int, ast.stmt] = field(default_factory=dict[int, ast.stmt])
    _functions: dict[int, list[EditedFunction]] = field(default_factory=dict[int, "list[EditedFunction]"])

    def before(self, index: int) -> Statement | None:
        """The old version of new statement `index`."""
        at = self.pairing.old_of[index]
        return None if at is None else self.old.statements[at]

    def old_node(self, index: int) -> ast.stmt | None:
        """The syntax tree of the old version of new statement `index`."""
        old = self.before(index)
        if old is not None and index not in self._old_nodes:
            self._old_nodes[index] = parse(old)
        return self._old_nodes.get(index)

    def functions(self, index: int) -> list[EditedFunction]:
        """The functions of new statement `index` whose own text differs."""
        if index not in self._functions:
            old = self.old_node(index)
            self._functions[index] = [] if old is None else edited_functions(old, self.new.node(index))
        return self._functions[index]

    def differs_itself(self, index: int) -> bool:
        """Does a function do something else, not only the functions that it makes?"""
        old = self.before(index)
        before = [] if old is None else self.old.codes_in(old)
        after = self.new.codes_in(self.new.statements[index])
        return [own_part(code) for code in before] != [own_part(code) for code in after]

    def removed(self) -> list[Statement]:
        found = [self.old.statements[i] for i in self.pairing.removed]
        return [s for s in found if s.kind not in ("dead", "text")]


def edit_of(old: ModuleText, new: ModuleText) -> Edit:
    """Raises SyntaxError or ValueError where one of the texts cannot be parsed."""
    pairing = pair(old.statements, new.statements)
    return Edit(old, new, pairing, tuple(_touched(old.statements, new.statements, pairing)))


def _touched(old: list[Statement], new: list[Statement], pairing: Pairing) -> Iterator[tuple[int, Statement | None]]:
    for index, (at, statement) in enumerate(zip(pairing.old_of, new, strict=True)):
        before = None if at is None else old[at]
        if before is not statement and (
            before is None or before.text != statement.text or before.kind != statement.kind
        ):
            yield index, before


def same_meaning(old: ast.stmt, new: ast.stmt) -> bool:
    """Do both compile to the same thing, wherever they stand?"""
    return same(old, new)


def bodies_only(old: ast.stmt, new: ast.stmt) -> bool:
    """Do only function bodies differ, so that nothing needs to run? Docstrings that a decorator copied do."""
    return same_shell(old, new) and _copied_docs(old) == _copied_docs(new)


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


@dataclass(frozen=True, slots=True)
class EditedFunction:
    """A function whose own text differs, by its dotted name."""

    name: str
    old: ast.AST
    new: ast.AST


def edited_functions(old: ast.stmt, new: ast.stmt) -> list[EditedFunction]:
    """The functions whose own text differs."""
    before, after = dict(_functions(old, "")), dict(_functions(new, ""))
    both = [EditedFunction(name, node, after[name]) for name, node in before.items() if name in after]
    return [f for f in both if not same(f.old, f.new)]


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield f"{prefix}{node.name}", node
    elif isinstance(node, ast.ClassDef):
        for member in node.body:
            yield from _functions(member, f"{prefix}{node.name}.")
