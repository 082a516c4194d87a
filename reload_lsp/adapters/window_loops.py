"""Qt and Tk: their objects belong to the thread of their loop, which runs no Python while nothing happens in a window.

`present` tells whether the program has such a loop; `wake` has it run a bit of Python, and what waits for the main thread
is done then.
"""

from __future__ import annotations

import sys
import threading
from _thread import start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

QT = ("PySide6.QtCore", "PyQt6.QtCore")
_wakers: dict[str, Any] = {}


def present() -> bool:
    """Whether a window toolkit is at work in this program."""
    return _tk() is not None or any(_application(name) is not None for name in QT)


def wake() -> None:
    """Have the toolkits' loops come to Python; from any thread. One that cannot be woken comes to it when it does."""
    for name in QT:
        if _application(name) is not None:
            _quietly(_wake_qt, name)
    if _tk() is not None:
        start_new_thread(_quietly, (_wake_tk, _tk()))  # it waits until the loop has taken it


def _quietly(function: Callable[[Any], object], argument: Any) -> Any:
    try:
        return function(argument)
    except Exception:  # noqa: BLE001, RUF100 - a library of another shape, or a window that goes away, must not stop the batch
        return None


def _application(name: str) -> Any:
    """Qt's application object, None where there is none."""
    application = getattr(sys.modules.get(name), "QCoreApplication", None)
    return _quietly(_instance, application) if application is not None else None


def _instance(application: Any) -> Any:
    return application.instance()


def _wake_qt(name: str) -> None:
    core: Any = sys.modules[name]
    if name not in _wakers:
        waker = type("Waker", (core.QObject,), {"event": _taken})()
        waker.moveToThread(_application(name).thread())
        _wakers[name] = waker
    core.QCoreApplication.postEvent(_wakers[name], core.QEvent(core.QEvent.Type.User))


def _taken(_waker: object, _event: object) -> bool:
    return True


def _tk() -> Any:
    """Tk's first window, None where there is none, or where its loop runs in another thread than the main one."""
    root = getattr(sys.modules.get("tkinter"), "_default_root", None)
    frames = sys._current_frames() if root is not None else {}
    frames.pop(threading.main_thread().ident or 0, None)
    return None if any(map(_is_in_loop, frames.values())) else root


def _is_in_loop(frame: FrameType | None) -> bool:
    """Whether a thread is in `mainloop`, or in a handler that it called."""
    while frame is not None:
        if frame.f_code.co_name == "mainloop" and frame.f_globals.get("__name__") == "tkinter":
            return True
        frame = frame.f_back
    return False


def _wake_tk(root: Any) -> None:
    root.after(0, _nothing)


def _nothing() -> None: ...
