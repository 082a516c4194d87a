"""Work done in the main thread, between two bytecodes of whatever runs there (C API `Py_AddPendingCall`).

A main thread that sits in a C call (a blocking read, a long computation in an extension) comes to it when the call
returns; nothing wakes it.
"""

from __future__ import annotations

from collections import deque

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_todo: deque[Callable[[], object]] = deque()
_callback: Any = None  # made once and kept: the interpreter holds no reference to it


def call_soon(work: Callable[[], object]) -> None:
    """Have `work` done in the main thread; from any other."""
    import ctypes  # only programs whose batches go this way pay for it

    global _callback
    if _callback is None:
        _callback = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_run)
    _todo.append(work)
    if ctypes.pythonapi.Py_AddPendingCall(_callback, None) != 0:
        _todo.remove(work)
        raise RuntimeError("the interpreter takes no more work for its main thread just now")


def _run(_nothing: object) -> int:
    try:
        _todo.popleft()()
    except BaseException:
        faults.note("in the main thread")
    return 0
