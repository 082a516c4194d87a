"""Where the user's own code raised in a batch, and the way there."""

from __future__ import annotations

import os

from ..findings.values import Range, Related
from .failed import Failed
from .speak import place_of

_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def raised_at(failure: Failed) -> tuple[str, Range, list[Related]]:
    """The line of the saved file that raised, and the way there."""
    from traceback import extract_tb

    related: list[Related] = []
    best: tuple[str, int] | None = None
    for frame in extract_tb(failure.error.__traceback__):
        if frame.filename.startswith(_OWN) or not os.path.exists(frame.filename):
            continue
        line = (frame.lineno or 1) - 1
        if frame.filename == failure.path and (best is None or frame.name == "<module>"):
            best = (frame.filename, line)
        related.append(Related(frame.filename, Range.of(line, 0, line, 200), f"in {frame.name}: {frame.line}"))
    if isinstance(failure.error, SyntaxError) and failure.error.filename:
        line = (failure.error.lineno or 1) - 1
        return failure.error.filename, Range.of(line, 0, line, 200), related
    if best is None:
        place = place_of(failure.statement) if failure.statement else Range.of(0, 0, 0, 1)
        return failure.path, place, related
    return best[0], Range.of(best[1], 0, best[1], 200), related
