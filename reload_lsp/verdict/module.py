"""One module as a text: its statements, and what is read off them when it is asked for."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Sequence
from types import CodeType

from ..source.late import codes_of, late_chains
from ..source.names import Chain, Import, Names, names_of
from ..source.retable import edited_table
from ..source.statement import Statement, parse
from ..source.table import known_table, table

_WORDS = re.compile(r"import \*|[^\W\d]\w*").findall
FUTURE = "from __future__ import annotations"
SEARCHES = 12  # of an edited text, before it gets an index of its words


class ModuleText:
    """A module `name` at `path` that runs, or would run, `text`; `order` is its place in the order of loading.

    `main` says whether it runs as `__main__`, None where that is not known; `runs` is set where the text is known to be Python,
    for a process runs it. Raises SyntaxError (ValueError for text with
    NUL) when its statements are first asked for and it cannot be parsed.
    """

    __slots__ = (
        "_before",
        "_binders",
        "_codes",
        "_imports",
        "_index",
        "_lacked",
        "_lacking",
        "_lines",
        "_names",
        "_nodes",
        "_searches",
        "_statements",
        "_touched",
        "_with",
        "_words",
        "main",
        "name",
        "order",
        "path",
        "runs",
        "text",
    )

    def __init__(
        self,
        name: str,
        path: str,
        text: str,
        order: int = 0,
        main: bool | None = None,
        statements: Sequence[Statement] | None = None,
    ) -> None:
        self.name, self.path, self.text, self.order, self.main = name, path, text, order, main
        self.runs = False
        self._statements = list(statements) if statements is not None else None
        self._names: dict[str, Names] = {}
        self._codes: dict[str, list[CodeType]] = {}
        self._before: ModuleText | None = None
        self._searches = 0
        self._lines: list[str] | None = None
        self._imports: dict[str, Import] | None = None
        self._words: dict[str, frozenset[str]] = {}
        self._with: dict[str, list[int]] = {}
        self._lacking: dict[str, bool] = {}  # which words the text lacks, for those who are made of it
        self._lacked: dict[str, bool] = {}
        self._touched: str | None = None
        self._index: dict[str, list[int]] | None = None
        self._binders: dict[str, list[int]] = {}
        self._nodes: dict[int, ast.stmt] = {}

    def edited(self, text: str, statements: Sequence[Statement] | None = None) -> ModuleText:
        """The module with another text; what was read off statements that stay is kept."""
        other = ModuleText(self.name, self.path, text, self.order, self.main, statements)
        other._words, other._lacked = self._words, self._lacking
        # A copy: with this module itself, every text that it was made of would be kept.
        other._before = ModuleText(self.name, self.path, self.text, statements=self.statements)
        if other.lazy_annotations == self.lazy_annotations:
            other._names, other._codes = self._names, self._codes
        return other

    @property
    def statements(self) -> list[Statement]:
        if self._statements is None:
            self._statements = self._table()
        return self._statements

    def _table(self) -> list[Statement]:
        if self.runs:
            return known_table(self.text)
        return table(self.text) if self._before is None else table_after(self.text, self._before)

    @property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines

    def read_quickly(self) -> bool:
        """Have the statements at hand if that takes no look at the whole text; False where it does."""
        if self._statements is None and self.runs:
            self._statements = known_table(self.text)
        elif self._statements is None and self._before is not None:
            self._statements = _quick_table(self.text, self._before)
        return self._statements is not None

    def adopt(self, statements: Sequence[Statement]) -> None:
        """Take the statements that somebody else has read off the text."""
        self._statements = list(statements)

    @property
    def package(self) -> str:
        """What relative imports start from."""
        is_package = posixpath.basename(self.path.replace("\\", "/")) == "__init__.py"
        return self.name if is_package else self.name.rpartition(".")[0]

    @property
    def lazy_annotations(self) -> bool:
        return FUTURE in self.text

    def names(self, index: int) -> Names:
        """What statement `index` binds, reads, calls and changes."""
        return self.names_in(self.statements[index])

    def names_in(self, statement: Statement) -> Names:
        found = self._names.get(statement.text)
        if found is None:
            found = self._names[statement.text] = names_of(parse(statement, 0), self.lazy_annotations)
        return found

    def late(self, index: int, word: str) -> tuple[set[Chain], set[Chain]]:
        """The dotted global names with `word` in them that a statement's functions read, and those nested in them."""
        return late_chains(self.codes_in(self.statements[index]), word)

    def codes_in(self, statement: Statement) -> list[CodeType]:
        """The functions and classes of a statement, compiled as if it stood in line 0."""
        found = self._codes.get(statement.text)
        if found is None:
            found = self._codes[statement.text] = codes_of(parse(statement, 0))
        return found

    def node(self, index: int) -> ast.stmt:
        """The syntax tree of statement `index`, with the line numbers of the file; kept until `let_go`."""
        found = self._nodes.get(index)
        if found is None:
            found = self._nodes[index] = parse(self.statements[index])
        return found

    def let_go(self) -> None:
        """Drop the syntax trees: so many objects would slow every garbage collection."""
        self._nodes = {}

    def mentioning(self, *words: str) -> list[int]:
        """The statements with one of `words` in them (a name, or `import *`); what never runs is left out."""
        index = self._index
        if index is None and self._before is not None and self._searches < SEARCHES:
            return self._searched(words)
        if index is None:
            index = self._index = {}
            for number, statement in enumerate(self.statements):
                if statement.kind not in ("dead", "text"):
                    for word in self._words_of(statement):
                        index.setdefault(word, []).append(number)
        return sorted({i for word in words for i in index.get(word, ())})

    def _searched(self, words: Sequence[str]) -> list[int]:
        """The same without an index: most edited texts are asked too rarely to be worth one."""
        self._searches += 1
        found = {i for word in words for i in self._with_word(word)}
        return sorted(i for i in found if self.statements[i].kind not in ("dead", "text"))

    def _with_word(self, word: str) -> list[int]:
        found = self._with.get(word)
        if found is None:
            some = () if self.lacks(word) else enumerate(self.statements)
            found = self._with[word] = [i for i, s in some if word in s.text and word in self._words_of(s)]
        return found

    def lacks(self, word: str) -> bool:
        """Whether the text has a word nowhere; of the text before that is known already."""
        if self._before is None:
            return word not in self.text
        lacked = self._lacked.get(word)
        if lacked is None:
            lacked = self._lacked[word] = word not in self._before.text
        if lacked and self._touched is None:
            known = {s.text for s in self._before.statements}
            self._touched = "\n".join(s.text for s in self.statements if s.text not in known)
        return lacked and word not in (self._touched or "")

    def _words_of(self, statement: Statement) -> frozenset[str]:
        found = self._words.get(statement.text)
        if found is None:
            found = self._words[statement.text] = frozenset(_WORDS(statement.text))
        return found

    def binders(self, name: str) -> list[int]:
        """The statements that bind `name`, in their order."""
        found = self._binders.get(name)
        if found is None:
            found = self._binders[name] = [i for i in self.mentioning(name) if name in self.names(i).binds]
        return found

    @property
    def imports(self) -> dict[str, Import]:
        """What each imported name stands for; the names of star imports are not known here."""
        if self._imports is None:
            entries = [e for i in self.mentioning("import", "import *") for e in self.names(i).imports]
            self._imports = {e.bound: e for e in entries if e.name != "*"}
        return self._imports

    def stars(self) -> list[Import]:
        """The star imports."""
        if self.lacks("import *"):
            return []
        return [e for i in self.mentioning("import *") for e in self.names(i).imports if e.name == "*"]

    def absolute(self, entry: Import) -> str:
        """The full name of the module that an import names."""
        if not entry.level:
            return entry.module
        package = self.package
        for _ in range(entry.level - 1):
            package = package.rpartition(".")[0]
        return f"{package}.{entry.module}" if entry.module else package

    def value_of(self, name: str) -> ast.expr | None:
        """The expression that `name` was last bound to by a plain assignment."""
        for index in reversed(self.binders(name)):
            node = self.node(index) if self.statements[index].kind == "bind" else None
            return getattr(node, "value", None)
        return None


def dotted(chain: Chain) -> str:
    return ".".join(chain)


def table_after(text: str, before: ModuleText) -> list[Statement]:
    """The statements of an edited text, of which only those that are new are parsed. Raises as `table` does."""
    return _quick_table(text, before) or table(text)  # that says where in the whole text the error is


def _quick_table(text: str, before: ModuleText) -> list[Statement] | None:
    known = {s.text for s in before.statements}
    try:
        statements = edited_table(before.text, before.statements, text)
        told = _begins_at(text, statements) and all(s.text in known or _is_one(s) for s in statements)
        return statements if told else None
    except (SyntaxError, ValueError):
        return None


def _begins_at(text: str, statements: Sequence[Statement]) -> bool:
    """Is there nothing but blank lines and comments above the first statement?"""
    lines = statements[0].line if statements else -1
    above = text.split("\n", lines)[: lines if statements else None]
    return all(not line.strip() or line.lstrip().startswith("#") for line in above)


def _is_one(statement: Statement) -> bool:
    """Is the text of a statement that was found by its looks one statement?"""
    if statement.column or statement.kind == "dead":
        return True  # the parser has found it
    return len(ast.parse(statement.text).body) == 1
