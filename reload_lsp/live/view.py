"""What a batch sees of one module: its statements as they will be, their syntax trees and codes."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from operator import itemgetter
from types import CodeType

from ..source.codes import nested
from ..source.future import KEPT_FLAGS
from ..source.late import late_chains
from ..source.names import Chain, Names
from ..source.spelled import reads_all_names, spelled
from ..source.statement import Statement, parse
from .by_name import asked_modules
from .edit import ModuleEdit
from .loaded import FUTURE_ANNOTATIONS, LoadedModule
from .loaders import compile_statement, makes_plain_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class View:
    """One module in one batch. With an `edit`, statements and code are those of the saved text."""

    __slots__ = (
        "_all_readers",
        "_asked",
        "_code",
        "_codes",
        "_nodes",
        "_old_nodes",
        "_present",
        "_reads_all",
        "_statements",
        "_text",
        "_words",
        "edit",
        "module",
        "redecorated",
    )

    def __init__(self, module: LoadedModule, edit: ModuleEdit | None = None) -> None:
        self.module = module
        self.edit = edit
        self.redecorated: set[str] = set()  # definitions of which decorators have replaced the code
        self._statements: list[Statement] | None = list(edit.new) if edit else None
        self._text: str | None = edit.text if edit else None
        self._all_readers: list[int] | None = None
        self._reads_all: bool | None = None
        self._asked = 0
        self._words: dict[str, set[int]] = {}
        self._present: dict[str, bool] = {}
        self._codes: list[tuple[int, int, CodeType]] | None = None
        self._code: CodeType | None = edit.code if edit else None
        self._old_nodes: dict[int, ast.stmt] = {}
        self._nodes: dict[int, ast.stmt] = dict(edit.nodes) if edit else {}

    @property
    def ns(self) -> dict[str, Any]:
        return self.module.ns

    @property
    def text(self) -> str:
        """The module's text as it will be."""
        if self._text is None:
            self._text = self.module.text
        return self._text

    @property
    def statements(self) -> list[Statement]:
        if self._statements is None:
            self._statements = self.module.statements()
        return self._statements

    @property
    def code(self) -> CodeType:
        """The module's code as it will be."""
        if self._code is None:
            self._code = self.module.loaded_code()
        return self._code

    @property
    def hooked(self) -> bool:
        """Whether an import hook makes the module's code: it sees whatever runs in the module."""
        return not makes_plain_code(self.module.ns.get("__loader__"))

    def runs(self, index: int) -> bool:
        """Whether a statement ever runs here: not what is folded away, nor the main guard of a module that is imported."""
        statement = self.statements[index]
        if statement.kind in ("dead", "text"):
            return False
        guard = statement.kind == "block" and _GUARD(statement.text) is not None and "\nel" not in statement.text
        return not guard or self.ns.get("__name__") == "__main__"

    def node(self, index: int) -> ast.stmt:
        """The syntax tree of a statement, with the line numbers of the file."""
        if index not in self._nodes:
            self._nodes[index] = parse(self.statements[index])
        return self._nodes[index]

    def old_node(self, index: int) -> ast.stmt | None:
        """The syntax tree of the loaded version of statement `index`."""
        before = self.old(index)
        if before is None or before is self.statements[index]:
            return None if before is None else self.node(index)
        if index not in self._old_nodes:
            self._old_nodes[index] = parse(before)
        return self._old_nodes[index]

    def present(self, words: Iterable[str]) -> list[str]:
        """Those of `words` that stand in the text."""
        known, text = self._present, self.text
        for word in words:
            if word not in known:
                known[word] = word in text
        return [w for w in words if known[w]]

    def names(self, index: int) -> Names:
        statement = self.statements[index]
        return self.module.names(statement, self._nodes.get(index))

    def has_attributes(self, index: int, names: Iterable[str]) -> bool:
        """Whether a statement asks anything for an attribute of these names: a text in quotes may spell them, too."""
        return any(isinstance(n, ast.Attribute) and n.attr in names for n in ast.walk(self.node(index)))

    def outline(self, index: int) -> str:
        """The text of a statement without what its functions do."""
        return self.module.outline(self.statements[index])

    def late(self, index: int, word: str) -> tuple[set[Chain], set[Chain]]:
        """The global names with `word` in them that the functions of a statement read, and those nested in them."""
        return late_chains(self.codes(index), word)

    def old(self, index: int) -> Statement | None:
        """The loaded version of statement `index`."""
        if self.edit is None:
            return self.statements[index]
        before = self.edit.pairing.old_of[index]
        return None if before is None else self.edit.old[before]

    def mentioning(self, name: str) -> list[int]:
        """The statements that could read `name`: those with the word in them, star imports, readers of all names."""
        if self._all_readers is None:
            self._all_readers = (
                [i for i, s in enumerate(self.statements) if "getattr(" in s.text or reads_all_names(s.text)]
                if self.reads_all_names
                else []
            )
        return sorted(self.with_word(name).union(self._all_readers))

    @property
    def reads_all_names(self) -> bool:
        """Whether any statement of the module imports or asks for all names of another, or looks at all names of its own."""
        if self._reads_all is None:
            whole = reads_all_names(self.text) if self.edit else self.module.reads_all_names()
            self._reads_all = whole or any(True for _ in asked_modules(self.text, self.ns))
        return self._reads_all

    def with_word(self, name: str) -> set[int]:
        """The statements with a name in their text; those of all names at once where many are asked for."""
        self._asked += 1
        if self._asked < _MANY:
            return {i for i, s in enumerate(self.statements) if name in s.text}
        if self._asked == _MANY:
            for index, statement in enumerate(self.statements):
                for word in set(_WORDS(statement.text)):
                    self._words.setdefault(word, set()).add(index)
        return self._words.get(name, set())

    def binders(self, name: str) -> list[int]:
        """The statements that bind `name`."""
        return [i for i in self.mentioning(name) if self._may_bind(i, name) and name in self.names(i).binds]

    def _may_bind(self, index: int, name: str) -> bool:
        statement = self.statements[index]
        if statement.kind == "dead":
            return False
        if statement.kind in ("function", "class") and ":=" not in statement.text:
            return statement.name == name
        return "import *" in statement.text or any(c is None or c == (name,) for c in spelled(statement.text, name))

    def compiled(self, node: ast.stmt, index: int) -> CodeType:
        """`node`, which stands in statement `index`, compiled to run alone, with the functions of the whole file in it."""
        return graft(self.raw(node), self.codes(index))

    def raw(self, node: ast.stmt) -> CodeType:
        """`node` compiled alone, under the file's name and `__future__` flags."""
        flags = self.code.co_flags & KEPT_FLAGS
        if self.hooked:
            return compile_statement(
                self.module.module, self.module.filename, node, lazy=bool(flags & FUTURE_ANNOTATIONS)
            )
        unit = ast.Module([node], [])
        code: CodeType = compile(unit, self.module.filename, "exec", flags=flags, dont_inherit=True)
        return code

    def codes(self, index: int) -> list[CodeType]:
        """The code objects of the whole file that stand in statement `index`."""
        if self._codes is None:
            self._codes = sorted((c.co_firstlineno - 1, i, c) for i, c in enumerate(nested(self.code)))
        statement = self.statements[index]
        first = bisect_left(self._codes, (statement.line,))
        after = bisect_left(self._codes, (statement.end_line + 1,), first)
        return [code for _, _, code in sorted(self._codes[first:after], key=itemgetter(1))]


_GUARD = re.compile(r"if\s+__name__\s*==\s*[\"']__main__[\"']\s*:").match
_MANY = 20
_WORDS = re.compile(r"[^\W\d]\w*").findall


def graft(code: CodeType, whole: list[CodeType]) -> CodeType:
    """`code` with the code objects of the whole file in the place of its own."""
    rest = list(whole)
    constants: list[Any] = []
    for constant in code.co_consts:
        if type(constant) is CodeType:
            constant = _counterpart(constant, rest)
        constants.append(constant)
    if all(a is b for a, b in zip(constants, code.co_consts, strict=True)):
        return code
    return code.replace(co_consts=tuple(constants))


def _counterpart(code: CodeType, rest: list[CodeType]) -> CodeType:
    candidate = _same_place(code, rest)
    if candidate is None:
        return code
    if code.co_flags & _NEW_LOCALS or code.co_name[:1] == "<":
        return candidate
    return graft(code, nested(candidate))  # a class body holds its own line since 3.13


def _same_place(code: CodeType, rest: list[CodeType]) -> CodeType | None:
    there = [c for c in rest if _place(c) == _place(code)]
    if there:  # several stand on one line: `f = lambda: 1; g = lambda: 2`
        best = next((c for c in there if _does(c) == _does(code)), there[0])
        rest[:] = [c for c in rest if c is not best]
        return best
    # A `def` compiled without its decorators begins lower than in the file.
    alike = [c for c in rest if _form(c) == _form(code)]
    return alike[0] if len(alike) == 1 else None


_NEW_LOCALS = 0x2


def _place(code: CodeType) -> tuple[object, ...]:
    return (code.co_firstlineno, *_form(code))


def _does(code: CodeType) -> tuple[object, ...]:
    return code.co_code, code.co_names, code.co_consts


def _form(code: CodeType) -> tuple[object, ...]:
    return code.co_name, code.co_flags & 3, code.co_argcount, code.co_freevars
