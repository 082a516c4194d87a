"""The way in: what saving other texts would do to a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .beyond import say_beyond
from .copied import say_copies
from .edit import edit_of
from .facts import NOTHING, Facts
from .module import ModuleText
from .plan import Plan
from .planner import Planner
from .program import Program
from .removed import remove
from .steps import perform, seed


def plan_of(program: Program, texts: Mapping[str, str], facts: Facts = NOTHING) -> Plan:
    """The plan of saving `texts` (by path) over `program`, the texts that run.

    Raises SyntaxError or ValueError where one of the texts cannot be parsed.
    """
    return plan_for(program, edited_modules(program, texts), facts)


def edited_modules(program: Program, texts: Mapping[str, str]) -> list[ModuleText]:
    """The modules of `program` that have another text in `texts`, with that text."""
    return [m.edited(texts[path]) for path in texts for m in program.at(path) if m.text != texts[path]]


def plan_for(program: Program, edited: Sequence[ModuleText], facts: Facts = NOTHING) -> Plan:
    """As `plan_of`, for modules made by `edited_modules`."""
    edits = [edit_of(old, new) for new in edited if (old := program.named(new.name)) is not None]
    planner = Planner(program, edits, facts)
    for edit in planner.edits.values():
        seed(planner, edit)
        remove(planner, edit)
    planner.drain(perform)
    say_copies(planner)
    say_beyond(planner)
    plan = planner.plan()
    for module in planner.after.all():
        module.let_go()
    return plan
