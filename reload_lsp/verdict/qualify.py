"""`from m import x` turned into `import m`, and every use of `x` into `m.x`: what is read where it is used cannot grow old. Pure.

The new text is parsed and compared with the old one before it is offered: they differ in nothing else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from ..source.copies import globals_of
from .meant import Meant, rest, without
from .uses import Rebound, bound_by, uses_of

Span = tuple[int, int, int, int]  # first line (from 0) and code point, last line and code point
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Replacement:
    """`text` in the place of what is at `span`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Qualified:
    """The change that reads `spelled` (`m.x`) wherever the imported name was used."""

    spelled: str
    replacements: tuple[Replacement, ...]


def qualify(text: str, line: int, name: str) -> Qualified | None:
    """The change for the import of `name` on a 0-based line; None where it cannot be made, or would change more than that."""
    try:
        tree = ast.parse(text)
        return _Change(text, tree, line, name).made()
    except (Rebound, SyntaxError, ValueError, RecursionError):
        return None


class _Change:
    """One change under way."""

    def __init__(self, text: str, tree: ast.Module, line: int, name: str) -> None:
        self.text, self.tree, self.name = text, tree, name
        self.lines = text.split("\n")
        self.parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
        self.chosen = next((n for n in _imports(tree) if _span(n)[0] <= line <= _span(n)[2] and _alias(n, name)), None)

    def made(self) -> Qualified | None:
        chosen = self.chosen
        alias = _alias(chosen, self.name) if chosen is not None else None
        if chosen is None or alias is None or not chosen.module or not self._binds_globally(chosen):
            return None
        alike = [n for n in _imports(self.tree) if self._is_alike(n, chosen, alias)]
        # What stands under the main guard has run, and does not again: it is left as it is.
        uses = [use for use in uses_of(self.tree, self.name, alike) if not self._is_guarded(use)]
        alike = [node for node in alike if not self._is_guarded(node)]
        if self._is_quoted() or not uses:
            return None
        there = self._imported_already(chosen)
        module = there or self._free_name(chosen)
        if module is None:
            return None
        spelled = f"{module}.{alias.name}"
        statement = "" if there else _import_of(chosen, module)
        replacements = [*self._used(uses, spelled), *self._reimported(alike, statement)]
        after = applied(self.text, replacements)
        return (
            Qualified(spelled, tuple(replacements)) if self._is_same(after, uses, alike, spelled, statement) else None
        )

    # what is there ---------------------------------------------------------------------------------------------
    def _binds_globally(self, node: ast.AST) -> bool:
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, (*Function, ast.ClassDef)):
            parent = self.parents.get(parent)
        return parent is None or (isinstance(parent, Function) and self.name in globals_of(parent))

    def _is_alike(self, node: ast.ImportFrom, chosen: ast.ImportFrom, alias: ast.alias) -> bool:
        other = _alias(node, self.name)
        same = (node.module, node.level) == (chosen.module, chosen.level)
        return same and other is not None and other.name == alias.name and self._binds_globally(node)

    def _is_quoted(self) -> bool:
        """Is the name in a string that is code, or a list of names (`__all__`, an annotation in quotes)?"""
        word = re.compile(rf"\b{re.escape(self.name)}\b")
        for node in ast.walk(self.tree):
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and word.search(said) and (said == self.name or self._annotates(node)):
                return True
        return False

    def _annotates(self, node: ast.AST) -> bool:
        parent = self.parents.get(node)
        while isinstance(parent, ast.expr):
            node, parent = parent, self.parents.get(parent)
        return node in (getattr(parent, "annotation", None), getattr(parent, "returns", None))

    def _imported_already(self, chosen: ast.ImportFrom) -> str | None:
        """The name under which the top of the module has `chosen`'s module already."""
        package, _, last = (chosen.module or "").rpartition(".")
        for node in self.tree.body:
            if isinstance(node, ast.Import) and not chosen.level:
                found = (a.asname or a.name for a in node.names if a.name == chosen.module)
            elif isinstance(node, ast.ImportFrom) and (node.module or "", node.level) == (package, chosen.level):
                found = (a.asname or a.name for a in node.names if a.name == last)
            else:
                continue
            known = next(found, None)
            if known is not None:
                return known
        return None

    def _free_name(self, chosen: ast.ImportFrom) -> str | None:
        last = (chosen.module or "").rpartition(".")[2]
        taken = set(re.findall(r"[^\W\d]\w*", re.sub(r"(?m)^.*\bimport\b.*$", "", self.text)))
        taken = taken.union(*(bound_by(n) for n in ast.walk(self.tree) if isinstance(n, (ast.Import, ast.ImportFrom))))
        return next((n for n in (last, f"{last}_module") if n not in taken), None)

    # what becomes of it ----------------------------------------------------------------------------------------
    def _used(self, uses: Sequence[ast.Name], spelled: str) -> Iterator[Replacement]:
        strings: dict[ast.AST, None] = {}
        for use in uses:
            string = self._string_around(use)
            line, column, _, end = self._points(use)
            if string is None or self.lines[line][column:end] == self.name:
                yield Replacement((line, column, line, end), spelled)
            else:
                strings[string] = None
        for string in strings:  # before 3.12 the places in f-strings are not told
            yield from self._in_string(string, spelled)

    def _in_string(self, string: ast.AST, spelled: str) -> Iterator[Replacement]:
        first, column, last, end = self._points(string)
        for number in range(first, last + 1):
            text = self.lines[number]
            start, stop = column if number == first else 0, end if number == last else len(text)
            for match in re.finditer(rf"(?<![\w.]){re.escape(self.name)}\b", text[start:stop]):
                yield Replacement((number, start + match.start(), number, start + match.end()), spelled)

    def _string_around(self, node: ast.AST) -> ast.AST | None:
        found, parent = None, self.parents.get(node)
        while isinstance(parent, (ast.expr, ast.comprehension)):
            found = parent if isinstance(parent, ast.JoinedStr) else found
            parent = self.parents.get(parent)
        return found

    def _reimported(self, alike: Sequence[ast.ImportFrom], statement: str) -> Iterator[Replacement]:
        above = statement
        for node in alike:
            stays = self._stays(node)
            left = ast.unparse(without(node, self.name)) if len(node.names) > 1 else ""
            here, above = (above, "") if above and stays else ("", above)
            yield self._replaced(node, [part for part in (here, left) if part])
        if above:
            line = self._below_imports()
            yield Replacement((line, 0, line, 0), f"{above}\n")

    def _stays(self, node: ast.stmt) -> bool:
        """Does a new import in the place of this one run with the next reload, and for all of the module?"""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, (*Function, ast.Module)):
            parent = self.parents.get(parent)
        return isinstance(parent, ast.Module)

    def _is_guarded(self, node: ast.AST) -> bool:
        """Does a node stand under `if __name__ == "__main__"`?"""
        above = self.parents[node]
        while not isinstance(above, ast.Module):
            node, above = above, self.parents[above]
        return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)

    def _replaced(self, node: ast.stmt, parts: Sequence[str]) -> Replacement:
        line, column, last, end = self._points(node)
        indent = self.lines[line][:column]
        if parts:
            return Replacement((line, column, last, end), f"\n{indent}".join(parts))
        alone = not indent.strip() and not self.lines[last][end:].strip()
        if alone and len(self._siblings(node)) > 1:
            return (
                Replacement((line, 0, last + 1, 0), "")
                if last + 1 < len(self.lines)
                else Replacement((line, 0, last, end), "")
            )
        return Replacement((line, column, last, end), "pass")

    def _siblings(self, node: ast.stmt) -> list[ast.stmt]:
        parent = self.parents[node]
        bodies = [cast("list[ast.stmt]", b) for _, b in ast.iter_fields(parent) if isinstance(b, list)]
        return next(body for body in bodies if node in body)

    def _below_imports(self) -> int:
        """The line below the last import at the top of the module, or its docstring."""
        line = 0
        for number, node in enumerate(self.tree.body):
            first = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if first or isinstance(node, (ast.Import, ast.ImportFrom)):
                line = node.end_lineno or node.lineno
        return line

    def _points(self, node: ast.AST) -> Span:
        line, column, last, end = _span(node)
        return (
            line,
            len(self.lines[line].encode()[:column].decode()),
            last,
            len(self.lines[last].encode()[:end].decode()),
        )

    # is it so? -------------------------------------------------------------------------------------------------
    def _is_same(
        self, after: str, uses: Sequence[ast.Name], alike: Sequence[ast.ImportFrom], spelled: str, statement: str
    ) -> bool:
        """Is the new text the old one, but for the uses and the imports, and is the module what its name means there?"""
        root = spelled.partition(".")[0]
        before = len(_global_uses(self.tree, root))
        meant = Meant({id(u) for u in uses}, {id(n) for n in alike}, self.name, spelled).visit(self.tree)
        found = ast.parse(after)
        wanted = ast.dump(ast.parse(statement).body[0]) if statement else ""
        means_it = len(_global_uses(found, root)) == before + len(uses)
        return means_it and rest(meant, wanted) == rest(found, wanted)


def _global_uses(tree: ast.Module, name: str) -> list[ast.Name]:
    """Where a module that the text imports is meant by its name; raises Rebound where that may be another one."""
    stack: list[ast.AST] = [tree]
    imports: list[ast.stmt] = []
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)) and name in bound_by(node):
            imports.append(node)
        elif not isinstance(node, (*Function, ast.ClassDef, ast.expr)):
            stack.extend(ast.iter_child_nodes(node))
    return uses_of(tree, name, imports if len({ast.dump(n) for n in imports}) == 1 else [])


def applied(text: str, replacements: Sequence[Replacement]) -> str:
    """A text with replacements made in it."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for change in sorted(replacements, key=lambda r: r.span, reverse=True):
        line, column, last, end = change.span
        text = text[: starts[line] + column] + change.text + text[starts[last] + end :]
    return text


def _imports(tree: ast.Module) -> list[ast.ImportFrom]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]


def _alias(node: ast.ImportFrom, name: str) -> ast.alias | None:
    return next((a for a in node.names if (a.asname or a.name) == name), None)


def _import_of(node: ast.ImportFrom, bound: str) -> str:
    """The statement that imports the module of a `from m import x` under the name `bound`."""
    package, _, last = (node.module or "").rpartition(".")
    renamed = "" if bound == last else f" as {bound}"
    if not package and not node.level:
        return f"import {last}{renamed}"
    return f"from {'.' * node.level}{package} import {last}{renamed}"


def _span(node: ast.AST) -> Span:
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    return first - 1, getattr(node, "col_offset", 0), last - 1, getattr(node, "end_col_offset", 0)
