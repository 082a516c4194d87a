"""Fields that have another default: objects made before hold the earlier one."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..findings.values import Count, Range
from ..values import dataclass
from .batch import Batch
from .constructed import defaults_of
from .dirty import Dirty
from .heap import Survey
from .made_before import accounted
from .reach import getattr_raw
from .values import plain, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class OldDefaults:
    """The defaults that fields of a class had, by name, and the 0-based lines of a file on which the new ones stand."""

    values: dict[str, Any]
    path: str
    lines: dict[str, int]


def remember_defaults(
    batch: Batch, dirty: Dirty, node: ast.ClassDef, live: type, before: dict[str, Any], fields: set[str]
) -> None:
    """Keep in mind the defaults that `fields` of a class had before it was defined again."""
    after = defaults_of(live)
    changed = {n: before[n] for n in fields & before.keys() & after.keys() if not same(before[n], after[n])}
    values = {n: v for n, v in changed.items() if plain(v)}
    if values:
        batch.old_defaults[live] = OldDefaults(values, dirty.view.module.path, _lines(node.body))


def _lines(body: Sequence[ast.stmt]) -> dict[str, int]:
    annotated = [n for n in body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
    return {n.target.id: n.lineno - 1 for n in annotated if isinstance(n.target, ast.Name)}


def say_old_defaults(batch: Batch, heap: Survey) -> None:
    """Say how many live objects hold the default of before; those that a held statement holds are said there."""
    known = accounted(batch) if batch.old_defaults else set[int]()
    for cls, old in batch.old_defaults.items():
        objects = [o for o in heap.instances.get(cls, ()) if id(o) not in known]
        for name, value in old.values.items():
            count = sum(_holds(o, name, value) for o in objects)
            if count:
                line = old.lines.get(name, 0)
                batch.findings.say(
                    "RLD108",
                    f"{count} live {cls.__qualname__} object{'s hold' if count > 1 else ' holds'} {value!r:.60} for {name}, "
                    "its default before this edit: new objects alone get the new one. Make them again where that matters.",
                    old.path,
                    Range.of(line, 0, line, 200),
                    count=Count(count, heap.exact),
                    data={"class": cls.__qualname__, "fields": [name], "fixes": [{"kind": "restart"}]},
                )


def _holds(target: Any, name: str, value: Any) -> bool:
    state = getattr_raw(target, "__dict__")
    return type(state) is dict and name in state and same(state[name], value)
