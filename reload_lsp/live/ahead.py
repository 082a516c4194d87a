"""New imports and functions are bound before codes are swapped: other threads may call an edited function at once."""

from __future__ import annotations

import builtins

from .batch import Batch
from .callee import absolute
from .loaded import FUTURE_ANNOTATIONS
from .run import bring
from .view import View


def run_ahead(batch: Batch) -> None:
    """Run the added statements that only bind a new name and need nothing else of this batch."""
    edited = {edit.module.name for edit in batch.edits}
    for edit in batch.edits:
        view = batch.view_of(edit.module)
        if (edit.code.co_flags ^ edit.module.loaded_code().co_flags) & FUTURE_ANNOTATIONS:
            continue  # definitions have to be looked at as a whole
        for index, before in enumerate(edit.pairing.old_of):
            if before is None and _only_binds(view, index, edited):
                batch.mark(view, index, "added", "it is new")
                dirty = batch.pending.get((view.module.name, index))
                if dirty is not None:
                    bring(batch, dirty)


def _only_binds(view: View, index: int, edited: set[str]) -> bool:
    statement = view.statements[index]
    if statement.kind not in ("import", "function"):
        return False
    names = view.names(index)
    if any(n in view.ns or len(view.binders(n)) > 1 for n in names.binds):
        return False
    if statement.kind == "import":
        sources = {absolute(view.module, e) for e in names.imports}
        sources |= {f"{absolute(view.module, e)}.{e.name}" for e in names.imports}
        return "*" not in {e.name for e in names.imports} and sources.isdisjoint(edited)
    return not names.calls and all(c[0] in view.ns or hasattr(builtins, c[0]) for c in names.reads)
