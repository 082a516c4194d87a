"""Objects of classes that an edit made abstract: a fresh start could not make them."""

from __future__ import annotations

import ast

from ..findings.values import Count, Range
from .batch import Batch
from .heap import Survey
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def became_abstract(batch: Batch) -> dict[type, type]:
    """The classes of which no new object can be made since this batch, each with the class whose edit made it so."""
    return {cls: edited for cls, edited in batch.abstract if getattr(cls, "__abstractmethods__", ())}


def say_abstract(batch: Batch, classes: dict[type, type], heap: Survey) -> None:
    """Say how many objects live of them, once for each edited class."""
    by_edit: dict[type, dict[type, int]] = {}
    for cls, edited in classes.items():
        count = sum(type(o) is cls for o in heap.instances.get(cls, ()))
        if count:
            by_edit.setdefault(edited, {})[cls] = count
    for edited, counts in by_edit.items():
        _say(batch, edited, counts, heap.exact)


def _say(batch: Batch, edited: type, counts: dict[type, int], exact: bool) -> None:
    lacking = sorted({str(n) for cls in counts for n in _abstract(cls)})
    total = sum(counts.values())
    who = " and ".join(f"{n} live {cls.__qualname__}" for cls, n in counts.items())
    whose = next(iter(counts)).__qualname__
    path, place = _place(batch, edited, lacking)
    batch.findings.say(
        "RLD114",
        f"{who} object{'s' if total > 1 else ''} could not be made any more: {', '.join(lacking)} "
        f"{'are' if len(lacking) > 1 else 'is'} abstract there now. Write {'them' if len(lacking) > 1 else 'it'} in {whose}, "
        "or restart the process to see where it fails.",
        path,
        place,
        count=Count(total, exact),
        data={"class": whose, "fixes": [{"kind": "undo"}, {"kind": "restart"}]},
    )


def _abstract(cls: Any) -> frozenset[str]:
    return cls.__abstractmethods__


def _place(batch: Batch, cls: type, names: list[str]) -> tuple[str, Range]:
    """Where the edited class has one of the abstract methods, or else where it begins."""
    module = batch.modules.named(cls.__module__)
    if module is None:
        return "", Range.of(0, 0, 0, 1)
    view = batch.view_of(module)
    for index in view.binders(cls.__qualname__.partition(".")[0]):
        methods = [n for n in ast.walk(view.node(index)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
        line = next((n.lineno - 1 for n in methods if n.name in names), None)
        place = place_of(view.statements[index])
        return module.path, place if line is None else Range.of(line, 0, line, 200)
    return module.path, Range.of(0, 0, 0, 1)
