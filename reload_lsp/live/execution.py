"""What a module's top level is executing, while it does.

A program's main module executes its last statement for as long as the program lives, while edits move that statement to
other lines. So the statements of the executing text are kept, each with its place among those of the loaded text.
"""

from __future__ import annotations

import sys
from types import CodeType, FrameType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..source.statement import Statement


class Execution:
    """A text whose top level is being executed: its statements' last lines, and which loaded statement each is now."""

    __slots__ = ("code", "ends", "index_of")

    def __init__(self, code: CodeType, statements: Sequence[Statement]) -> None:
        self.code = code
        self.ends = [s.end_line for s in statements]
        self.index_of: list[int | None] = list(range(len(statements)))

    def place(self, line: int) -> int:
        """Which statement of the executing text is at `line` (0-based)."""
        return sum(end < line for end in self.ends)

    def running(self, line: int) -> int | None:
        """The loaded statement that is at `line` (0-based) of the executing text; None where an edit took it away."""
        return next((i for end, i in zip(self.ends, self.index_of, strict=True) if end >= line), None)

    def coming(self, line: int) -> set[int]:
        """The loaded statements that will be executed after it."""
        after = sum(end < line for end in self.ends) + 1
        return {i for i in self.index_of[after:] if i is not None}


def executing_code(ns: dict[str, Any]) -> CodeType | None:
    """The code of the module of `ns`, where its top level is executing."""
    frame = executing(ns)
    return None if frame is None else frame.f_code


def executing(ns: dict[str, Any]) -> FrameType | None:
    """The frame in which the module of `ns` executes its top level."""
    frames = list(sys._current_frames().values())
    current: FrameType | None = None
    try:
        while frames:
            current = frames.pop()
            while current is not None:
                if current.f_globals is ns and current.f_code.co_name == "<module>":
                    return current
                current = current.f_back
        return None
    finally:  # our own frame is among them: kept, it would keep everything on the stack until the next collection
        frames.clear()
        current = None
