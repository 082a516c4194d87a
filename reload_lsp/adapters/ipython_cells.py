"""IPython: cells are no module; what they imported by name (`from m import f`) follows where they still hold it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple

    from ..live.work import Work

    class Copy(NamedTuple):
        """A name of the notebook that holds what a name of a module is: imported by a cell, and not set since."""

        alias: str
        module: str
        name: str
        value: Any
else:
    from collections import namedtuple

    Copy = namedtuple("Copy", "alias module name value")

LIBRARY = "IPython.core.interactiveshell"


class IPythonCells:
    """Names in the notebook's namespace."""

    library = LIBRARY
    tested = "9.18"

    def __init__(self) -> None:
        self._read: list[list[tuple[str, str, str]]] = []
        self._copies: list[Copy] = []

    def begin(self, work: Work) -> None:
        """Remember what cells hold of the modules as they are before the batch."""
        self._copies = list(self._held(work))

    def settle(self, work: Work) -> None:
        """Give the notebook what the modules have now."""
        names = names_of_notebook()
        copies, self._copies = self._copies, []
        for copy in copies:
            module = work.module(copy.module)
            if names is None or module is None or module.ns.get(copy.name) is copy.value:
                continue
            if copy.name in module.ns:
                work.journal.set_item(names, copy.alias, module.ns[copy.name])
            else:
                self._say_gone(work, copy)

    def _say_gone(self, work: Work, copy: Copy) -> None:
        work.say(
            "RLD209",
            f"{copy.name} is gone from {copy.module}; cells imported it and go on with what it was. Import something else there.",
            severity="warning",
        )

    def _held(self, work: Work) -> Iterator[Copy]:
        notebook = names_of_notebook()
        if notebook is None:
            return
        for alias, module_name, name in self._imports(notebook):
            module = work.module(module_name)
            there = module.ns if module is not None else {}
            pairs = [(n, n) for n in there if n[:1] != "_"] if name == "*" else [(alias, name)]
            for here, original in pairs:
                if original in there and here in notebook and notebook[here] is there[original]:
                    yield Copy(here, module_name, original, there[original])

    def _imports(self, notebook: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        """What cells imported so far: the name in the notebook, the module, the name there; each cell is read once."""
        cells = list(notebook.get("In") or ())
        if len(cells) < len(self._read):
            self._read.clear()  # the history was cleared
        for cell in cells[len(self._read) :]:
            self._read.append(list(imports_of(cell)))
        for found in self._read:
            yield from found


def imports_of(cell: object) -> Iterator[tuple[str, str, str]]:
    """The names that a cell imports from modules at its top level."""
    try:
        tree = ast.parse(cell if isinstance(cell, str) else "")
    except (SyntaxError, ValueError, RecursionError):
        return
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((name.asname or name.name, node.module, name.name) for name in node.names)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo.extend(ast.iter_child_nodes(node))


def names_of_notebook() -> dict[str, Any] | None:
    """The namespace of the process's interactive shell; None where there is none."""
    shells = getattr(sys.modules.get(LIBRARY), "InteractiveShell", None)
    shell = shells._instance if shells is not None else None
    return shell.user_ns if shell is not None else None


ADAPTER = IPythonCells()
