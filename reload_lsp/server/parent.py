"""The end of the editor's process is the end of the server (LSP `InitializeParams.processId`)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

SECONDS = 2.0


def watch_parent(pid: int, on_end: Callable[[], None]) -> None:
    """Call `on_end` in the running loop when process `pid` has ended.

    A pid that is not there now is not watched: in a container the editor's number may mean nothing.
    """
    loop = asyncio.get_running_loop()
    if not is_alive(pid):
        return
    descriptor = _descriptor(pid)
    if descriptor is None:
        loop.call_later(SECONDS, _look, loop, pid, on_end)
        return

    def ended() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        on_end()

    loop.add_reader(descriptor, ended)


def _descriptor(pid: int) -> int | None:
    """A descriptor that can be read when the process ends, on systems that have such."""
    opener = getattr(os, "pidfd_open", None)
    if opener is None:
        return None
    try:
        return int(opener(pid))
    except OSError:
        return None


def _look(loop: asyncio.AbstractEventLoop, pid: int, on_end: Callable[[], None]) -> None:
    if is_alive(pid):
        loop.call_later(SECONDS, _look, loop, pid, on_end)
    else:
        on_end()


def is_alive(pid: int) -> bool:
    """Is there a process of this number? Never sends it anything."""
    if os.name == "nt":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_alive_on_windows(pid: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    handle = kernel.OpenProcess(0x00100000, False, pid)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == 0x102)
    finally:
        kernel.CloseHandle(handle)
