"""The program started again, where `reload-lsp run` started it: the same process, command, environment and terminal.

The program is asked to end as by Ctrl-C, so that it can close what it has open; when it has come to its very end, or after
`PATIENCE` seconds, the process becomes the command once more.
"""

from __future__ import annotations

import os
import sys
import threading

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE = "RELOAD_LSP_RUN"  # "<pid> <mode>", from `run`: nobody but the very process that it became is meant
PATIENCE = 5.0
MODES = ("never", "ask", "on-unsafe")


class Start:
    """How the program was started, so that it can be once more."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.executable = sys.executable
        self.argv = list(sys.orig_argv)
        self.folder = os.getcwd()
        self.environment = dict(os.environ)

    def again(self) -> None:
        """Become the command; returns only where that is not possible."""
        os.chdir(self.folder)
        environment = {**self.environment, VARIABLE: f"{os.getpid()} {self.mode}"}
        os.execve(self.executable, self.argv, environment)


_start: Start | None = None
_wanted = threading.Event()
_ended = threading.Event()


def remember() -> None:
    """At the program's start: take note of the command, and the variable out of the environment."""
    global _start
    pid, _, mode = os.environ.pop(VARIABLE, "").partition(" ")
    if pid == str(os.getpid()) and mode in MODES:
        _start = Start(mode)


def mode() -> str | None:
    """`never`, `ask` or `on-unsafe`: when to restart unasked; None where the program cannot be started again."""
    return _start.mode if _start is not None else None


def forget() -> None:
    """In a forked child: what `run` started is its parent."""
    global _start
    _start = None


def begin(leave: Callable[[], None]) -> None:
    """End the program and start it again; `leave` removes what others see of this process."""
    if not _wanted.is_set():
        _wanted.set()
        threading.Thread(target=_end, args=(leave,), name="reload-lsp restart", daemon=True).start()


def at_exit() -> None:
    """The program has ended by itself, all its own exit functions included."""
    if _wanted.is_set() and _start is not None:
        _ended.set()
        _flush()
        _start.again()


def _end(leave: Callable[[], None]) -> None:
    if _interrupted() and _ended.wait(PATIENCE):
        return
    try:
        leave()
        _flush()
        if _start is not None:
            _start.again()
    except Exception:
        faults.note("at a restart")


def _interrupted() -> bool:
    """Do to the program what Ctrl-C does; False where it would take no notice."""
    import signal

    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        return False
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    return True


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed, or not there at all
            pass
