"""The asyncio loop that the program runs, found without importing asyncio: the main thread's first.

A loop written in C has no frame of its own; it is found in the frame of the `asyncio.run` that runs it.
"""

from __future__ import annotations

import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any

DEPTH = 200


def running() -> Any:
    """A loop that runs now, None where there is none."""
    if "asyncio" not in sys.modules:
        return None
    frames = sys._current_frames()
    first = frames.pop(threading.main_thread().ident or 0, None)
    for frame in (first, *frames.values()):
        for found in _loops(frame):
            return found
    return None


def _loops(frame: FrameType | None) -> Iterator[Any]:
    outermost: list[Any] = []
    for _ in range(DEPTH):
        if frame is None:
            break
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == "asyncio":
            outermost.extend(filter(_is_running_loop, _candidates(frame)))
        frame = frame.f_back
    return iter(outermost)


def _candidates(frame: FrameType) -> list[Any]:
    names = frame.f_locals
    owner = names.get("self")
    return [owner, names.get("loop"), getattr(owner, "_loop", None)]


def _is_running_loop(value: Any) -> bool:
    return callable(getattr(value, "call_soon_threadsafe", None)) and bool(value.is_running())
