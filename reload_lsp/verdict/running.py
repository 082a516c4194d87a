"""Edited functions that a thread is in now: it goes on in the old code."""

from __future__ import annotations

import ast
from typing import TypeGuard

from ..findings.values import Count, Range
from .facts import Frame
from .planner import Dirty, Planner


def ask_about_frames(planner: Planner, dirty: Dirty, old: ast.stmt, new: ast.stmt) -> None:
    """Note which functions are edited, and say which of them are running, as far as that is known."""
    if old is new:
        return
    for edited in planner.edits[dirty.module.name].functions(dirty.index):
        key = (dirty.module.name, edited.name)
        planner.asked.functions.add(key)
        for frame in planner.facts.frames.get(key, ()):
            _say(planner, dirty, edited.name, edited.old, frame, getattr(edited.new, "lineno", 1) - 1)


def _say(planner: Planner, dirty: Dirty, name: str, before: ast.AST, frame: Frame, line: int) -> None:
    place = Range.of(line, 0, line, 200)
    if _loops_for_ever(before, frame.line):
        planner.say(
            "RLD402",
            f"thread {frame.thread} stays in the old {name} and never leaves its loop: this edit will not show there. "
            "Move the loop's body into a function of its own, or restart the process.",
            dirty.module,
            place,
            count=Count(1),
        )
        return
    planner.say(
        "RLD401",
        f"thread {frame.thread} is in {name} now and ends it in the old code; the next call runs the new one.",
        dirty.module,
        place,
        count=Count(1),
    )


def _loops_for_ever(node: ast.AST, line: int) -> bool:
    """Does the function stand in a `while True` that it does not break out of?"""
    for loop in ast.walk(node):
        if _is_endless(loop) and loop.lineno - 1 <= line <= (loop.end_lineno or loop.lineno) - 1:
            return not any(isinstance(n, (ast.Break, ast.Return)) for n in ast.walk(loop))
    return False


def _is_endless(node: ast.AST) -> TypeGuard[ast.While]:
    return isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and bool(node.test.value)
