"""Statements held since an edit: once all texts are again what they last ran with, they need not run."""

from __future__ import annotations

from ..values import dataclass
from .batch import Batch
from .dirty import Dirty
from .edit import ModuleEdit

_FOLLOWING = frozenset(("input", "called", "derived", "default"))

Line = tuple[str, str]  # a module's name and the text of a statement in it


@dataclass(slots=True)
class Since:
    """What a held statement ran with: texts that were there, and those that have come instead."""

    before: set[Line]
    after: set[Line]

    def joined(self, gone: set[Line], come: set[Line]) -> Since:
        """The same after a further edit."""
        return Since(self.before | (gone - self.after), self.after | (come - self.before))

    def carried(self, successors: dict[Line, Line]) -> Since:
        """The same where texts that had come were edited once more."""
        come = {successors[line] for line in self.after if line in successors} - self.before
        return Since(self.before, self.after | come) if come else self


_NEVER = Since({("", "")}, set())  # a file that it reads changed: of those no contents are kept


def is_as_it_ran(batch: Batch, dirty: Dirty) -> bool:
    """Whether this batch takes back all that a statement was held for."""
    since = batch.modules.held.get((dirty.view.module.name, dirty.statement.text))
    if since is None or batch.data_changed or not dirty.reasons <= _FOLLOWING:
        return False
    gone, come = _edited(batch.edits)
    since = since.joined(gone, come)
    return not any(_stands(batch, line) for line in since.after) and all(_stands(batch, line) for line in since.before)


def _stands(batch: Batch, line: Line) -> bool:
    module = batch.modules.named(line[0])
    return module is not None and any(s.text == line[1] for s in batch.view_of(module).statements)


def remember_held(batch: Batch) -> None:
    """After a batch: keep in mind what its held statements ran with, forget those that have run."""
    gone, come = _edited(batch.edits)
    held = batch.modules.held
    for key, since in list(held.items()):
        held[key] = since.carried(_successors(batch.edits))
    for (name, index), step in batch.steps.items():
        module = batch.modules.named(name)
        statements = batch.view_of(module).statements if module is not None else []
        key = (name, statements[index].text) if index < len(statements) else None  # else its module has gone meanwhile
        if key is not None and step.ending == "held":
            since = held.get(key, Since(set(), set()))
            held[key] = _NEVER if batch.data_changed else since.joined(gone, come)
        elif key is not None:
            held.pop(key, None)


def _successors(edits: list[ModuleEdit]) -> dict[Line, Line]:
    pairs = (
        (e.module.name, e.old[b].text, e.new[i].text)
        for e in edits
        for i, b in enumerate(e.pairing.old_of)
        if b is not None
    )
    return {(name, old): (name, new) for name, old, new in pairs if old != new}


def _edited(edits: list[ModuleEdit]) -> tuple[set[Line], set[Line]]:
    gone = {(e.module.name, s.text) for e in edits for s in e.old}
    come = {(e.module.name, s.text) for e in edits for s in e.new}
    return gone - come, come - gone
