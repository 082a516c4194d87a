"""One of the user's modules as it is loaded now: namespace, text, code and the statements read off the text when needed."""

from __future__ import annotations

import ast
import re
import sys
import weakref
from collections.abc import Callable, Iterable
from types import CodeType, FunctionType, ModuleType

from ..source.codes import walk
from ..source.import_names import import_names
from ..source.names import Names, names_of
from ..source.spelled import reads_all_names
from ..source.statement import Statement, outline, parse_outline
from ..source.table import known_table
from ..source.text import digest
from .execution import Execution, executing_code
from .kept import Kept
from .kinds import is_a, names_in
from .loaders import compile_module
from .reach import functions_of
from .reading import read_regular
from .recorder import EXTENSIONS, Record, data_files
from .stamps import is_settled, stamp_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from .stamps import Stamp

FUTURE_ANNOTATIONS = 0x1000000


class Graveyard(dict[str, "Callable[[], Any]"]):
    """What edits took away, by name, for as long as somebody else holds it; a kind of its own, so that it is no registry."""


class LoadedModule:
    """One loaded module. `code` is the module's code with the live code objects of its functions among the constants."""

    __slots__ = (
        "_caches",
        "_names",
        "_outlines",
        "_reads_all",
        "_statements",
        "code",
        "doubt",
        "execution",
        "files",
        "graveyard",
        "kept",
        "module",
        "name",
        "order",
        "path",
        "stamp",
    )

    def __init__(self, record: Record, module: ModuleType) -> None:
        self.name = names_in(module).get("__name__", record.name) if record.name != "__main__" else "__main__"
        self.path = record.path
        self.kept = record.kept
        _ = self.kept.text  # what is no text is no module of ours
        self.code = record.code
        self.order = record.order
        self.module = module
        self.stamp: Stamp | None = None
        self.graveyard = Graveyard()
        self.files = record.files
        self.doubt = record.doubt
        self.execution: Execution | None = None
        self._statements: list[Statement] | None = None
        self._names: dict[str, Names] = {}
        self._outlines: dict[str, str] = {}
        self._reads_all: bool | None = None
        self._caches: list[weakref.ref[Any]] | None = None

    @property
    def ns(self) -> dict[str, Any]:
        return names_in(self.module)

    @property
    def data(self) -> bytes:
        """The bytes that it was loaded from."""
        return self.kept.data

    @property
    def text(self) -> str:
        """Their text."""
        return self.kept.text

    @property
    def sha256(self) -> str:
        """The hash of the bytes that run; empty where they are known to be none that were ever seen."""
        return "" if self.doubt == "other" else digest(self.data)

    @property
    def package(self) -> str:
        """What relative imports start from."""
        package = self.ns.get("__package__")
        if is_a(package, str):
            return package
        return self.name if "__path__" in self.ns else self.name.rpartition(".")[0]

    @property
    def filename(self) -> str:
        """The file name that its code objects carry."""
        return self.code.co_filename if self.code is not None else str(self.ns.get("__file__", self.path))

    @property
    def lazy_annotations(self) -> bool:
        if sys.version_info >= (3, 14):
            return True
        return self.code is not None and bool(self.code.co_flags & FUTURE_ANNOTATIONS)

    def statements(self) -> list[Statement]:
        """The statements of the loaded text."""
        if self._statements is None:
            self._statements = known_table(self.text)
        return self._statements

    def reads_all_names(self) -> bool:
        """Whether the loaded text imports all names of another module, or looks at all names of its own."""
        if self._reads_all is None:
            self._reads_all = reads_all_names(self.text)
        return self._reads_all

    def caches(self, find: Callable[[dict[str, Any]], list[Any]]) -> list[Any]:
        """What `find` finds among the module's names; looked for once for each text."""
        if self._caches is None:
            self._caches = [weakref.ref(found) for found in find(self.ns)]
        return [found for r in self._caches if (found := r()) is not None]

    def names(self, statement: Statement, node: ast.stmt | None = None) -> Names:
        """What `statement` binds, reads, calls and changes."""
        found = self._names.get(statement.text)
        if found is None:
            found = import_names(statement.text) if statement.kind == "import" else None
            if found is None:
                tree = node if node is not None else parse_outline(statement, self.outline(statement))
                found = names_of(tree, self.lazy_annotations)
            self._names[statement.text] = found
        return found

    def outline(self, statement: Statement) -> str:
        """The text of a statement without what its functions do."""
        found = self._outlines.get(statement.text)
        if found is None:
            found = self._outlines[statement.text] = outline(statement)
        return found

    def loaded_code(self) -> CodeType:
        """The module's code; where it was loaded before we looked, compiled again with the live codes in their places."""
        if self.code is None and not self.doubt:
            self.code = executing_code(self.ns)  # a script in its last statement
        if self.code is None:
            fresh = compile_module(self.module, str(self.ns.get("__file__", self.path)), self.data)
            self.code = anchor(fresh, self.live_functions())
        return self.code

    def live_functions(self) -> list[FunctionType]:
        """The functions of this file that can be reached from its namespace."""
        return [f for f in functions_of(list(self.ns.values()), self.path) if f.__globals__ is self.ns]

    def bury(self, name: str, value: Any) -> None:
        """Remember an object that an edit took away while somebody else holds it; for good what knows no weak references."""
        self.graveyard[name] = weakref.ref(value) if type(value).__weakrefoffset__ else lambda: value

    def buried(self) -> dict[str, Any]:
        """The taken-away objects that somebody still holds."""
        found = {n: r() for n, r in self.graveyard.items()}
        return {n: v for n, v in found.items() if v is not None}

    def on_disk(self) -> Literal["same", "other", "deleted"]:
        """What stands in the module's file now, beside what is loaded."""
        stamp = stamp_of(self.path)
        if stamp is None:
            return "deleted"
        if stamp == self.stamp and not self.doubt:
            return "same"
        found = read_regular(self.path)
        if found is None:
            return "deleted"
        same = found == self.data
        self.stamp = stamp if same and is_settled(stamp) else None
        return "same" if same and not self.doubt else "other"

    def became(self, data: bytes, text: str, code: CodeType, statements: list[Statement]) -> None:
        """The module now runs another text."""
        self.kept, self.code = Kept(data, text), code
        self.doubt = ""
        self.stamp = None
        self.files = data_files(self.path, data) if _NAMES_A_FILE(data) else {}
        self._statements = statements
        self._reads_all = self._caches = None
        current = {s.text for s in statements}
        self._names = {s: n for s, n in self._names.items() if s in current}
        self._outlines.clear()


# Much quicker than to look for each ending; where this is loaded, `re` is.
_NAMES_A_FILE = re.compile(b"|".join(re.escape(e) for e in EXTENSIONS)).search


def anchor(fresh: CodeType, functions: Iterable[FunctionType]) -> CodeType:
    """`fresh` with the code objects that live functions run in the place of equal ones."""
    live: dict[CodeType, CodeType] = {}
    for function in functions:
        for code in walk(function.__code__):
            live.setdefault(code, code)
    return _anchored(fresh, live)


def _anchored(code: CodeType, live: dict[CodeType, CodeType]) -> CodeType:
    if code in live:
        return live[code]
    constants = tuple(_anchored(c, live) if type(c) is CodeType else c for c in code.co_consts)
    if all(a is b for a, b in zip(constants, code.co_consts, strict=True)):
        return code
    return code.replace(co_consts=constants)
