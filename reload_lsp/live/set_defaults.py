"""`os.environ.setdefault("MODE", "fast")` edited: what it set before is there, and would keep the new default out."""

from __future__ import annotations

import ast
import os

from ..source.names import Chain, chain_of
from .batch import Batch
from .dirty import Dirty
from .kinds import kind_of
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TABLES = (dict, type(os.environ))


def forget_default(batch: Batch, dirty: Dirty) -> None:
    """Take out what the old text of an edited `setdefault` has set, where nothing else is there by now."""
    old = dirty.view.old_node(dirty.index) if "edited" in dirty.reasons else None
    before, now = _default(old), _default(dirty.view.node(dirty.index))
    if before is None or now is None or before[:2] != now[:2]:
        return
    chain, key, default = before
    table: Any = batch.resolver.target_of(dirty.view.module, chain)
    if kind_of(table) in _TABLES and key in table and same(table[key], default):
        batch.journal.record(table.__setitem__, key, table[key])
        del table[key]


def _default(node: ast.stmt | None) -> tuple[Chain, str, Any] | None:
    """The table, the key and the default of a call of `setdefault` that gives constants."""
    call = node.value if isinstance(node, ast.Expr) else None
    chain = chain_of(call.func) if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or chain is None or chain[-1] != "setdefault" or len(call.args) != 2:
        return None
    key, default = call.args
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or not isinstance(default, ast.Constant):
        return None
    return chain[:-1], key.value, default.value
