"""How far a module that is still executing its top level has come: which statements ran, which runs, which are to come."""

from __future__ import annotations

from types import FrameType

from .edit import ModuleEdit
from .execution import Execution, executing
from .loaded import LoadedModule
from .speak import Findings, place_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from ..source.statement import Statement

    Place = Literal["ran", "running", "to come"]


def follow(edit: ModuleEdit) -> None:
    """Called before a module takes over a new text: what it executes keeps its place."""
    module = edit.module
    frame = executing(module.ns)
    if frame is None:
        module.execution = None
        return
    execution = _execution(module, frame, edit.old)
    new_of = {old: new for new, old in enumerate(edit.pairing.old_of) if old is not None}
    execution.index_of = [None if i is None else new_of.get(i) for i in execution.index_of]
    module.execution = execution


def _execution(module: LoadedModule, frame: FrameType, loaded: Sequence[Statement]) -> Execution:
    known = module.execution
    return known if known is not None and known.code is frame.f_code else Execution(frame.f_code, loaded)


def say_not_run(findings: Findings, view: View, statement: Statement, place: Place) -> None:
    """An edited statement that its module is executing, or has not come to: the old text runs there."""
    at = "executing" if place == "running" else "still running its top level and has not come to"
    what = f"{view.module.name} is {at} {statement.label.rstrip(':')}"
    findings.say(
        "RLD402",
        f"{what}: the old text runs there. Restart the process to run this edit.",
        view.module.path,
        place_of(statement),
        data={"fixes": [{"kind": "restart"}]},
    )


class Progress:
    """Where statements of one batch stand to what is being executed."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int | None, set[int]] | None] = {}

    def place(self, view: View, index: int) -> Place:
        """Whether a statement of the view ran, runs now, or is still to come."""
        name = view.module.name
        if name not in self._seen:
            self._seen[name] = _look(view)
        seen = self._seen[name]
        if seen is None:
            return "ran"
        running, coming = seen
        before = index if view.edit is None else view.edit.pairing.old_of[index]
        if before is None:
            return _place_of_new(view, index, running, coming)
        return "running" if before == running else "to come" if before in coming else "ran"


def _look(view: View) -> tuple[int | None, set[int]] | None:
    frame = executing(view.ns)
    if frame is None:
        return None
    execution = _execution(view.module, frame, view.edit.old if view.edit else view.statements)
    line = frame.f_lineno - 1
    return execution.running(line), execution.coming(line)


def _place_of_new(view: View, index: int, running: int | None, coming: set[int]) -> Place:
    """An added statement can run where all above it ran; at the end of a text whose running statement is gone, it can not."""
    assert view.edit is not None
    old_of = view.edit.pairing.old_of
    if any(b is not None and (b == running or b in coming) for b in old_of[:index]):
        return "to come"
    return "ran" if any(b is not None for b in old_of[index + 1 :]) else "to come"
