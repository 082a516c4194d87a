"""How far a module that is still executing its top level has come."""

from __future__ import annotations

import sys
from math import inf
from types import FrameType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def running_line(ns: dict[str, Any]) -> float:
    """Where the module of `ns` is in its top level, infinity where it has come to its end."""
    for frame in sys._current_frames().values():
        current: FrameType | None = frame
        while current is not None:
            if current.f_globals is ns and current.f_code.co_name == "<module>":
                return current.f_lineno - 1
            current = current.f_back
    return inf
