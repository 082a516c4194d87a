"""Statements that the new text no longer has: names that go, importers that still want them, effects that stay."""

from __future__ import annotations

from ..plan.impact import Effect
from ..source.statement import Statement, parse
from .edit import Edit
from .plan import PlannedStep
from .planner import Planner, place_of
from .program import Product


def remove(planner: Planner, edit: Edit) -> None:
    """Take account of everything that an edit removes."""
    for statement in edit.removed():
        names = edit.old.names_in(statement)
        line = min(statement.line, max(edit.new.text.count("\n"), 0))
        step = PlannedStep(
            edit.new.name, edit.new.path, statement.label, line, statement.kind, "remove", "it is gone from the text"
        )
        planner.gone.append(step)
        for name in sorted(names.binds):
            _unbind(planner, edit, name, statement)
        _effect(planner, edit, statement)


def _unbind(planner: Planner, edit: Edit, name: str, statement: Statement) -> None:
    others = edit.new.binders(name)
    if others:
        if edit.new.statements[others[-1]].kind != "function":
            planner.mark(edit.new, others[-1], "rebuild", f"{statement.label} is removed")
        return
    product = Product(edit.new.name, name, "removed")
    for reader in list(planner.after.readers(product)):
        if reader.late or reader.module is edit.new or reader.module.statements[reader.index].kind != "import":
            continue
        if any(e.name == name for e in reader.module.names(reader.index).imports):
            planner.say(
                "RLD209",
                f"{name} is gone from {edit.new.name}, but {reader.module.name} imports it: it keeps the old object, and "
                "a fresh start fails here.",
                reader.module,
                place_of(reader.module.statements[reader.index]),
            )


def _effect(planner: Planner, edit: Edit, statement: Statement) -> None:
    """A removed call cannot be taken back; what only filled a value of the module's own is built again without it."""
    if statement.kind not in ("effect", "block"):
        return
    names = edit.old.names_in(statement)
    owned = [n for n in names.mutates if any(edit.new.statements[i].kind == "bind" for i in edit.new.binders(n))]
    for name in owned:
        for index in edit.new.binders(name):
            planner.mark(edit.new, index, "rebuild", f"{statement.label} is removed")
    if names.mutates and len(owned) == len(names.mutates) and not names.stores:
        return
    impact = planner.effects.of(parse(statement), edit.old)
    if impact.effect <= Effect.LOCAL or (impact.effect == Effect.STORE and bool(owned)) or not edit.new.statements:
        return
    planner.say(
        impact.code,
        f"`{statement.label}` is removed, but what it did when it ran ({impact.what}) stays in force. "
        "Restart the process to be without it.",
        edit.new,
        place_of(edit.new.statements[0]),
        verdict="applied-risk",
    )
