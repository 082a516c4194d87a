"""Old code that frames are still in: remembered until the last of them is left, and said again when its file is edited.

That a frame was left is no matter of looking again: the code object goes with the last frame that runs it, and a weak
reference tells. What else may hold a code (a traceback, a finished task that somebody keeps) is looked at when a client asks
for something anyway.
"""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FrameType

from ..findings.values import Finding, Range
from ..source.codes import own_part, walk
from ..values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .batch import Batch

FRAMES = ("gi_frame", "cr_frame", "ag_frame")


@dataclass(slots=True)
class Lingering:
    """What one finding is about: a code, and the suspended generators, coroutines and tasks that are in it."""

    finding: Finding
    code: weakref.ref[CodeType]
    suspended: tuple[weakref.ref[Any], ...]
    told: bool = False

    def goes_on(self) -> bool:
        """Is any frame still in the code?"""
        code = self.code()
        if code is None:
            return False
        return any(map(_is_suspended, self.suspended)) or _runs(code)


class OldFrames:
    """The lingering codes of all batches of one process; `on_change` hears, from any thread, that one may have ended."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = _nothing
        self._known: dict[str, Lingering] = {}

    def add(self, finding: Finding, code: CodeType, suspended: Iterable[Any] = ()) -> None:
        """A finding says that frames are in an old code."""
        watched = weakref.ref(code, self._changed)
        self._known[finding.id] = Lingering(finding, watched, tuple(weakref.ref(s) for s in suspended))

    def told(self, findings: Iterable[Finding]) -> None:
        """Clients know these findings: they can hear when one is over."""
        for finding in findings:
            if finding.id in self._known:
                self._known[finding.id].told = True

    def ended(self) -> list[str]:
        """The findings, by id, that were told and are over; each is named once."""
        over = [name for name, known in list(self._known.items()) if known.told and not known.goes_on()]
        for name in over:
            del self._known[name]
        return over

    def forget(self) -> None:
        """A forked child: its parent's other threads are not here."""
        self._known.clear()
        self.on_change = _nothing

    def say_again(self, batch: Batch) -> None:
        """What an earlier batch said of a file is void with its next edit: what still holds is said of the new text."""
        for edit in batch.edits:
            for name, known in list(self._known.items()):
                if known.finding.path == edit.module.filename:
                    del self._known[name]
                    _say_again(batch, known, edit.code)

    def _changed(self, _gone: object) -> None:
        try:
            self.on_change()
        except Exception:  # noqa: BLE001, S110, RUF100 - the program's thread, perhaps at its end: nobody is to notice
            pass


def _say_again(batch: Batch, known: Lingering, module: CodeType) -> None:
    old, said = known.code(), known.finding
    if old is None or not known.goes_on():
        return
    now = [c for c in walk(module) if name_of(c) == name_of(old)]
    if any(own_part(c) == own_part(old) for c in now):
        return  # the text is again what they run
    line = min((c.co_firstlineno - 1 for c in now), default=said.range.start.line)
    place = Range.of(line, 0, line, 200)
    found = batch.findings.say(
        said.code, said.message, said.path, place, related=said.related, count=said.count, data=said.data
    )
    if found is not None:
        batch.modules.old_frames.add(found, old, [s for r in known.suspended if (s := r()) is not None])


def name_of(code: CodeType) -> str:
    """The qualified name of a code's function, as far as this Python knows it."""
    return getattr(code, "co_qualname", code.co_name)


def _is_suspended(reference: weakref.ref[Any]) -> bool:
    suspended = reference()
    return suspended is not None and any(getattr(suspended, name, None) is not None for name in FRAMES)


def _runs(code: CodeType) -> bool:
    return any(frame.f_code is code for _, frame in every_frame())


def every_frame() -> Iterator[tuple[int, FrameType]]:
    """All frames of all threads, by thread, from the inside out.

    Who walks them itself ends with a variable that holds its own frame: a circle, with all that its callers hold in it.
    """
    innermost: dict[int, FrameType | None] = {**sys._current_frames()}
    innermost[threading.get_ident()] = sys._getframe(1).f_back
    for thread, frame in innermost.items():
        while frame is not None:
            yield thread, frame
            frame = frame.f_back


def _nothing() -> None: ...
