"""Living processes that cannot be connected to: saves do not reach them, which is to be seen."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..sessions.opening import Opening
from ..wire.records import Record
from .roots import Roots


def sentences(openings: Iterable[Opening], roots: Roots) -> list[str]:
    """What is said of those that most likely run files of the workspace, going by their folder and command line."""
    return [sentence(opening) for opening in openings if _may_concern(opening.record, roots)]


def sentence(opening: Opening) -> str:
    record = opening.record
    return (
        f"{record.name} (pid {record.pid}) cannot be attached: {opening.problem}. Saves do not reach it; "
        "it is tried again for as long as it runs"
    )


def _may_concern(record: Record, roots: Roots) -> bool:
    named = [os.path.join(record.cwd, word) for word in record.argv[1:] if word.endswith(".py")]
    return any(roots.root_of(os.path.realpath(path)) is not None for path in (record.cwd or os.sep, *named))
