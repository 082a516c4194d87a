"""The way in: what saving other texts would do to a program."""

from __future__ import annotations

from collections.abc import Mapping

from .edit import edit_of
from .facts import NOTHING, Facts
from .plan import Plan
from .planner import Planner
from .program import Program
from .removed import remove
from .steps import perform, seed


def plan_of(program: Program, texts: Mapping[str, str], facts: Facts = NOTHING) -> Plan:
    """The plan of saving `texts` (by path) over `program`, the texts that run.

    Raises SyntaxError or ValueError where one of the texts cannot be parsed.
    """
    changed = [m for path in texts for m in program.at(path) if m.text != texts[path]]
    edits = [edit_of(m, m.edited(texts[m.path])) for m in changed]
    planner = Planner(program, edits, facts)
    for edit in planner.edits.values():
        seed(planner, edit)
        remove(planner, edit)
    planner.drain(perform)
    return planner.plan()
