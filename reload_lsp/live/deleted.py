"""A module whose file is gone: it goes too where nobody imports it any more, else it lives on and that is said."""

from __future__ import annotations

import os
from collections.abc import Collection

from ..findings.values import Range
from ..source.names import Import
from .batch import Batch
from .callee import absolute
from .loaded import LoadedModule
from .speak import place_of
from .unload import forget


def drop(batch: Batch, module: LoadedModule, deleted: Collection[LoadedModule]) -> None:
    """Let go of a module, or say who still imports it; `deleted` are all that go with this batch."""
    importer = _importer(batch, module, deleted)
    if importer is None:
        forget(batch.modules, module.name)
        return
    user, place = importer
    batch.findings.say(
        "RLD516",
        f"{os.path.basename(module.path)} was deleted, but {user.name} imports it: the old module lives on. "
        "Remove the import, or put the file back.",
        user.path,
        place,
    )


def _importer(batch: Batch, gone: LoadedModule, deleted: Collection[LoadedModule]) -> tuple[LoadedModule, Range] | None:
    for module in batch.modules.all():
        if module is gone or module in deleted or gone.name.rpartition(".")[2] not in module.text:
            continue
        view = batch.view_of(module)
        for index, statement in enumerate(view.statements):
            if statement.kind in ("import", "block") and any(
                _names(module, gone, e) for e in view.names(index).imports
            ):
                return module, place_of(statement)
    return None


def _names(module: LoadedModule, gone: LoadedModule, entry: Import) -> bool:
    base = absolute(module, entry)
    return base == gone.name or f"{base}.{entry.name}" == gone.name
