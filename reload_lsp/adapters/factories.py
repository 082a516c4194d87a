"""Application factories: the value of `app = create_app()`, made once more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from ..source.names import chain_of
from ..source.statement import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


def made_again(definition: Definition, kind: type) -> Any:
    """Another application of the same class; None where the statement made none, or cannot run twice: it is held then."""
    before = definition.bound()
    if not isinstance(before, kind):
        return None
    try:
        after = definition.evaluate()
    except Exception:  # noqa: BLE001, RUF100 - a factory that runs only once in a process
        return None
    return after if type(after) is type(before) and after is not before else None


def is_constructed(definition: Definition) -> bool:
    """Whether the statement calls a class: other statements have filled what it made, which making it again would lose."""
    call = getattr(parse(definition.statement), "value", None)
    chain = chain_of(call.func) if isinstance(call, ast.Call) else None
    found: Any = definition.module.ns.get(chain[0]) if chain else None
    for part in chain[1:] if chain else ():
        found = getattr(found, part, None)
    return isinstance(found, type)


def no_longer_set(work: Work, names: Iterable[Any]) -> set[Any]:
    """The names of an application's state that the edited modules set (`app.state.x = 1`, `app["x"] = 1`), and set no more."""
    before, now = work.old_texts(), work.texts()
    return {n for n in names if type(n) is str and _sets(before, n) and not _sets(now, n)}


def _sets(texts: list[str], name: str) -> bool:
    word = re.escape(name)
    store = rf"""\.{word}\s*(:[^=\n]+)?=(?!=)|\[\s*["']{word}["']\s*\]\s*=(?!=)|setattr\([^)\n]*["']{word}["']"""
    return any(name in text and re.search(store, text) for text in texts)
