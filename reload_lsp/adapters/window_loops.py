"""Qt and Tk: their objects belong to the thread of their loop, which runs no Python while nothing happens in a window.

`present` tells whether the program has such a loop; `wake` has it run a bit of Python, and what waits for the main thread
is done then.
"""

from __future__ import annotations

import sys
from _thread import start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
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
    """Tk's first window, None where there is none."""
    return getattr(sys.modules.get("tkinter"), "_default_root", None)


def _wake_tk(root: Any) -> None:
    root.after(0, _nothing)


def _nothing() -> None: ...
