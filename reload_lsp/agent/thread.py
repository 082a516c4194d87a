"""The agent's thread: one of the system's, also where the program has made `threading` something else (gevent, eventlet).

Patched programs would get a greenlet, and that would sit in `select` for ever, with the program behind it. There a bare thread is
begun, of which `threading` knows nothing.
"""

from __future__ import annotations

import _thread
import select
import sys
import threading
import time

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, cast
else:

    def cast(_kind, value):
        return value


NAME = "reload-lsp"
PATCHERS = ("gevent.monkey", "eventlet.patcher")
DEBUGGERS_MARKS = ("pydev_do_not_trace", "is_pydev_daemon_thread")


def start(body: Callable[[], None]) -> AgentThread:
    """Run `body` in a daemon thread that debuggers leave alone."""
    if is_patched():
        return _Bare(body)
    return _Ordinary(body)


def is_patched() -> bool:
    """Whether threads are greenlets by now."""
    gevent, eventlet = (sys.modules.get(name) for name in PATCHERS)
    # Half imported, they have neither.
    gevents, eventlets = getattr(gevent, "is_module_patched", None), getattr(eventlet, "is_monkey_patched", None)
    return bool((gevents and gevents("threading")) or (eventlets and eventlets("thread")))


def may_be_patched() -> bool:
    """Whether the program has what makes them greenlets, used or not."""
    return any(name in sys.modules for name in PATCHERS)


class AgentThread:
    """What both kinds can."""

    native_id: int | None = None

    @property
    def ident(self) -> int | None:
        """Its number among the threads of Python."""
        raise NotImplementedError

    def is_alive(self) -> bool:
        """Whether its body still runs."""
        raise NotImplementedError

    def join(self, seconds: float) -> None:
        """Wait for its end, not for long."""
        raise NotImplementedError

    def is_this(self) -> bool:
        """Whether it is the thread that asks."""
        raise NotImplementedError


class _Ordinary(AgentThread):
    def __init__(self, body: Callable[[], None]) -> None:
        self._body = body
        self._get_ident = _thread.get_ident
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        for mark in DEBUGGERS_MARKS:
            setattr(self._thread, mark, True)
        self._thread.start()
        self.native_id = self._thread.native_id

    @property
    def ident(self) -> int | None:
        return self._thread.ident

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def is_this(self) -> bool:
        return self._thread.ident == self._get_ident()

    def _run(self) -> None:
        try:
            self._body()
            if is_patched():
                self._under_another_number()
        except Exception:
            faults.note("in the agent's thread")

    def _under_another_number(self) -> None:
        # `threading` strikes it off its list under another number by now, and would complain to the user.
        active = cast("dict[int, Any]", getattr(threading, "_active", {}))
        active[threading.get_ident()] = self._thread
        active.pop(self._get_ident(), None)


class _Bare(AgentThread):
    def __init__(self, body: Callable[[], None]) -> None:
        self._body = body
        self._ident = 0
        self._alive = True
        self._get_ident = original("_thread", "get_ident")
        self._ended = original("_thread", "allocate_lock")()
        self._ended.acquire()
        original("_thread", "start_new_thread")(self._run, ())

    @property
    def ident(self) -> int | None:
        return self._ident

    def is_alive(self) -> bool:
        return self._alive

    def join(self, seconds: float) -> None:
        if self._ended.acquire(timeout=seconds):
            self._ended.release()

    def is_this(self) -> bool:
        return self._ident == self._get_ident()

    def _run(self) -> None:
        self._ident, self.native_id = self._get_ident(), _thread.get_native_id()
        try:
            self._body()
        except Exception:
            faults.note("in the agent's thread")
        finally:
            self._alive = False
            self._ended.release()


# What we were imported with is Python's own, unless the program was patched before.
_first: dict[tuple[str, str], Any] = {
    ("_thread", "start_new_thread"): _thread.start_new_thread,
    ("_thread", "allocate_lock"): _thread.allocate_lock,
    ("_thread", "get_ident"): _thread.get_ident,
    ("select", "poll"): getattr(select, "poll", None),
    ("time", "sleep"): time.sleep,
}


def original(module: str, name: str) -> Any:
    """A function or class as Python has it, whatever the program made of it."""
    asked = getattr(sys.modules.get("gevent.monkey"), "get_original", None)
    found = asked(module, name) if asked is not None else None
    return found or _first.get((module, name)) or getattr(sys.modules[module], name)
