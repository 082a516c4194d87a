"""What `typing.overload` writes down of each function, by its line: those that an edit took away or made again go."""

from __future__ import annotations

import sys

from ..source.codes import walk
from .batch import Batch
from .kinds import is_a

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def forget_overloads(batch: Batch) -> None:
    """Leave `typing.get_overloads` the functions that stand in the text now, each once."""
    typing: Any = sys.modules.get("typing")
    registry: dict[str, Any] = getattr(typing, "_overload_registry", {})  # since 3.11
    for edit in batch.edits:
        known: dict[str, dict[int, Any]] = registry.get(edit.module.name, {})
        codes = {id(c) for c in walk(edit.code)} if known else set[int]()
        for table in known.values():
            _keep(batch, table, codes)


def _keep(batch: Batch, table: dict[int, Any], codes: set[int]) -> None:
    last = {id(code): line for line, function in table.items() if (code := _code_of(function)) is not None}
    for line, function in list(table.items()):
        code = _code_of(function)
        if code is not None and (id(code) not in codes or last[id(code)] != line):
            batch.journal.del_item(table, line)


def _code_of(function: Any) -> Any:
    inner = getattr(function, "__func__", function)
    return getattr(inner, "__code__", None) if not is_a(inner, type) else None
