"""The user's word on statements that were held: run this one now, by command or by a comment that an edit adds."""

from __future__ import annotations

from collections.abc import Sequence

from ..plan.markers import NONE, Markers, markers_at, module_markers
from .batch import Batch
from .dirty import Dirty
from .edit import ModuleEdit
from .requests import Place, ReloadError
from .seed import markers_of

RUNS = frozenset(("bind", "effect", "block", "import"))  # what is not run again by itself
NOTHING = frozenset(("dead", "text"))


def mark_places(batch: Batch, places: Sequence[Place]) -> None:
    """Statements to run again because the user asks for it; ReloadError where none begins on a line."""
    for place in places:
        modules = batch.modules.at(place.path)
        found = False
        for view in map(batch.view_of, modules):
            for index, statement in enumerate(view.statements):
                if statement.line == place.line and statement.kind not in NOTHING:
                    batch.mark(view, index, "edited", "you asked for it")
                    found = True
        if not found:
            what = "no statement of the loaded text begins" if modules else "the process runs no module of this file"
            raise ReloadError(f"{what} on line {place.line + 1} of {place.path}; save the file and try again")


def obey_new_markers(batch: Batch, edit: ModuleEdit) -> None:
    """A comment added to a statement that is otherwise the same: `rerun` runs it now, the others say that all is well."""
    if "reload:" not in edit.text:
        return
    view, lines = batch.view_of(edit.module), edit.module.text.split("\n")
    of_module = module_markers(lines)
    for index, before in enumerate(edit.pairing.old_of):
        statement = edit.new[index]
        if before is None or statement.kind in NOTHING or edit.old[before].text != statement.text:
            continue
        old, new = markers_at(lines, edit.old[before].line).joined(of_module), markers_of(view, index)
        if new in (old, NONE):
            continue
        if new.rerun and not old.rerun and statement.kind in RUNS:
            batch.mark(view, index, "edited", "a comment says so")
        elif _more(new, old):
            batch.end(Dirty(view, index, {"edited"}, "a comment says so"), "kept")


def _more(new: Markers, old: Markers) -> bool:
    """Whether a comment takes back more than it did."""
    return (new.keep and not old.keep) or (new.never and not old.never) or bool(new.ignored - old.ignored)
