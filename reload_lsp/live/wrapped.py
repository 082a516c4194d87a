"""Attributes that a statement makes of what they are: `app.wsgi_app = Proxy(app.wsgi_app)` begins at what stood there before.

That is known where the class has the attribute too. Elsewhere a second run wraps what is wrapped already, and it is said.
"""

from __future__ import annotations

import ast

from ..source.names import chain_of
from .batch import Batch
from .dirty import Dirty
from .journal import MISSING, own_attr
from .reach import getattr_raw
from .speak import place_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..source.names import Chain


def wrapped_first(batch: Batch, dirty: Dirty) -> bool:
    """Whether an earlier statement made the same attribute of itself: it runs again, this one after it."""
    chain = _made_of_itself(dirty.view, dirty.index)
    if chain is None or "edited" not in dirty.reasons or dirty.view.old(dirty.index) is None:
        return False
    first = _all(dirty.view, chain)[0]
    if first < dirty.index and (dirty.view.module.name, first) not in batch.steps:
        batch.mark(dirty.view, first, "rebuild", f"{dirty.statement.label} was edited")
        return True
    return False


def unwrap(batch: Batch, dirty: Dirty) -> None:
    """The statement is about to run again: the attribute is what it was before the first run."""
    chain = _made_of_itself(dirty.view, dirty.index)
    if chain is None or dirty.view.old(dirty.index) is None:
        return
    every = _all(dirty.view, chain)
    if every[0] != dirty.index:
        return
    owner = _owner(dirty.view, chain)
    if own_attr(owner, chain[-1]) is not MISSING:
        if getattr_raw(type(owner), chain[-1]) is None:
            _say(batch, dirty)
            return
        batch.journal.del_attr(owner, chain[-1])
    for index in every[1:]:
        batch.mark(dirty.view, index, "rebuild", f"{'.'.join(chain)} was made again")


def _made_of_itself(view: View, index: int) -> Chain | None:
    """The dotted name that a statement sets to something made of what it is."""
    statement = view.statements[index]
    if statement.kind != "effect" or "=" not in statement.text or "." not in statement.text:
        return None
    node = view.node(index)
    target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    chain = chain_of(target) if isinstance(target, ast.Attribute) else None
    if chain is None or not isinstance(node, ast.Assign):
        return None
    return chain if any(isinstance(n, ast.Attribute) and chain_of(n) == chain for n in ast.walk(node.value)) else None


def _all(view: View, chain: Chain) -> list[int]:
    name = chain[-1]
    return [i for i, s in enumerate(view.statements) if name in s.text and _made_of_itself(view, i) == chain]


def _owner(view: View, chain: Chain) -> Any:
    value = view.ns.get(chain[0])
    for part in chain[1:-1]:
        value = getattr_raw(value, part)
    return value


def _say(batch: Batch, dirty: Dirty) -> None:
    batch.findings.say(
        "RLD307",
        f"`{dirty.statement.label}` ran again on what it had made before this edit: both are in force. Restart the process.",
        dirty.view.module.path,
        place_of(dirty.statement),
        verdict="applied-risk",
        data={"fixes": [{"kind": "restart"}]},
    )
