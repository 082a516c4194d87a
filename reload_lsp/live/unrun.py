"""Which edited lines have not run since they were reloaded: one event a line, then nothing (PEP 669, CPython 3.12 on).

Only while somebody wants to know: a client asks for it, and nothing is watched before.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from types import CodeType

from ..source.codes import walk
from ..source.text import UnreadableSource, decode
from .kept import Kept
from .loaded import LoadedModule
from .modules import Modules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOOLS = (3, 4)  # the identifiers that PEP 669 gives to no kind of tool
NAME = "reload-lsp"
LONGEST = 20_000  # lines of a file, beyond which its edits are not followed


def available() -> bool:
    """Can this interpreter tell which lines run, at no cost for those that did?"""
    return hasattr(sys, "monitoring")


class Unrun:
    """The edited lines (0-based, of the loaded texts) of each file that have not run; `on_change` hears from any thread."""

    def __init__(self, modules: Modules, on_change: Callable[[], None]) -> None:
        self._modules, self._on_change = modules, on_change
        self._left: dict[str, set[int]] = {}
        self._files: dict[str, str] = {}
        self._texts = {m.path: m.kept for m in modules.all()}
        self._process = os.getpid()
        self._tool = _taken(self._ran)

    def lines(self) -> dict[str, list[int]]:
        """What has not run yet, by file."""
        return {path: sorted(lines) for path, lines in list(self._left.items()) if lines}

    def after_batch(self, before: Iterable[tuple[str, bytes]]) -> None:
        """A batch was applied; `before` are the texts that it replaced, for files that were not known here."""
        for path, data in before:
            try:
                self._texts.setdefault(path, Kept(data, decode(data)))
            except UnreadableSource:
                continue
        for module in self._modules.all():
            old = self._texts.get(module.path)
            if old is not None and old is not module.kept and old.text != module.text and self._tool is not None:
                self._follow(module, old.text)
            self._texts[module.path] = module.kept

    def _follow(self, module: LoadedModule, old: str) -> None:
        edited, moved = _edited(old.split("\n"), module.text.split("\n"))
        waiting = edited | {moved[line] for line in self._left.get(module.path, ()) if line in moved}
        codes = [code for function in module.live_functions() for code in walk(function.__code__)]
        lines = {code: _lines(code) for code in codes}
        self._files[module.filename] = module.path
        self._left[module.path] = waiting & set[int]().union(*lines.values())
        self._arm(code for code in codes if lines[code] & self._left[module.path])

    def _arm(self, codes: Iterable[CodeType]) -> None:
        monitoring: Any = getattr(sys, "monitoring")  # noqa: B009
        for code in codes:
            monitoring.set_local_events(self._tool, code, monitoring.events.LINE)

    def _ran(self, code: CodeType, line: int) -> Any:
        left = self._left.get(self._files.get(code.co_filename, ""))
        if left and line - 1 in left and os.getpid() == self._process:
            left.discard(line - 1)
            self._on_change()
        return _DISABLE


_DISABLE: Any = getattr(getattr(sys, "monitoring", None), "DISABLE", None)


def _taken(callback: Callable[[CodeType, int], Any]) -> int | None:
    """A tool's identifier with `callback` for its line events; None where there is none, or none left."""
    if not available():
        return None
    monitoring: Any = getattr(sys, "monitoring")  # noqa: B009
    for tool in TOOLS:
        if monitoring.get_tool(tool) in (None, NAME):
            if monitoring.get_tool(tool) is None:
                monitoring.use_tool_id(tool, NAME)
            monitoring.register_callback(tool, monitoring.events.LINE, callback)
            return tool
    return None


def _lines(code: CodeType) -> set[int]:
    """The lines of a code that run when it is called, 0-based, without that of its `def`."""
    return {line - 1 for _, _, line in code.co_lines() if line is not None and line != code.co_firstlineno}


def _edited(old: list[str], new: list[str]) -> tuple[set[int], dict[int, int]]:
    """The lines that only the new text has, and where the others went."""
    if max(len(old), len(new)) > LONGEST:
        return set(), {}
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    moved = {line: line for line in range(head)}
    moved.update({len(old) - n: len(new) - n for n in range(1, tail + 1)})
    edited = set(range(head, len(new) - tail))
    for at, to, size in _blocks(old[head : len(old) - tail], new[head : len(new) - tail]):
        for n in range(size):
            moved[head + at + n] = head + to + n
            edited.discard(head + to + n)
    return edited, moved


def _blocks(old: list[str], new: list[str]) -> Iterable[tuple[int, int, int]]:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()


def _alike(one: list[str], other: list[str]) -> int:
    count = 0
    for a, b in zip(one, other):  # noqa: B905 - the shorter one ends it
        if a != b:
            break
        count += 1
    return count
