"""A statement that lists the names of its module sees those of later lines, too, when it runs again."""

from __future__ import annotations

import re

from .batch import Batch
from .dirty import Dirty
from .kinds import kind_of
from .product import binds_data
from .speak import place_of
from .values import CONTAINERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_LISTS = re.compile(r"\b(?:globals|vars|locals|dir)\(").search


def say_names_seen(batch: Batch, dirty: Dirty, scope: dict[str, Any]) -> None:
    """Say which names in what the statement made are bound by later lines alone, where its module lists its names."""
    view = dirty.view
    if dirty.statement.kind != "bind" or not _LISTS(view.module.text):
        return
    told = {text for value in scope.values() for text in _texts(value) if text in view.ns}
    seen = sorted(name for name in told if _comes_later(dirty, name) and name not in dirty.statement.text)
    if seen:
        batch.findings.say(
            "RLD311",
            f"`{dirty.statement.label}` ran again and saw {', '.join(seen[:3])}, which the lines below it bind; a fresh start "
            "does not. Move it below them, or restart the process.",
            view.module.path,
            place_of(dirty.statement),
            data={"fixes": [{"kind": "restart"}]},
        )


def as_above(dirty: Dirty) -> dict[str, Any] | None:
    """The names of a module as a statement that lists them saw them first: a copy without those that it and later lines bind.

    None for a statement that lists none, or makes more than data: functions are to have the module's own names.
    """
    view = dirty.view
    if dirty.statement.kind != "bind" or not _LISTS(dirty.statement.text) or not binds_data(view, dirty.index):
        return None
    return {n: v for n, v in list(view.ns.items()) if n[:2] == "__" or not _comes_later(dirty, n)}


def _comes_later(dirty: Dirty, name: str) -> bool:
    binders = dirty.view.binders(name)
    return bool(binders) and min(binders) >= dirty.index


def _texts(value: Any) -> Iterator[str]:
    if kind_of(value) in CONTAINERS or kind_of(value) in (tuple, frozenset):
        yield from (x for x in value if type(x) is str)
