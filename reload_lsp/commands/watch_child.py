"""The program that `reload-lsp watch -- COMMAND` starts: what it writes passes through, so that the status line stays whole."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

SECONDS = 5.0  # that a program has to end when it is asked to


class Child:
    """One program, started again as often as one likes. Its standard input is empty: keys are the watcher's."""

    def __init__(self, command: Sequence[str], on_text: Callable[[str], None], on_end: Callable[[int], None]) -> None:
        self._command = [sys.executable, "-m", "reload_lsp", "run", "--", *command]
        self._on_text, self._on_end = on_text, on_end
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self.code: int | None = None

    async def start(self) -> None:
        """Start it; where there is a terminal, on one of its own, so that it writes as it would on this one."""
        self.code = None
        reading, writing = _terminal() if sys.stdout.isatty() else os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, start_new_session=True
            )
        finally:
            os.close(writing)
        self._watching = asyncio.get_running_loop().create_task(self._watch(self._process, reading))

    async def stop(self) -> None:
        """End it: first asked to, then made to."""
        process, watching = self._process, self._watching
        if process is None or watching is None:
            return
        self._process = None
        for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            if watching.done():
                break
            with contextlib.suppress(ProcessLookupError, PermissionError):
                _signal(process.pid, number)
            await asyncio.wait([watching], timeout=SECONDS)

    async def _watch(self, process: asyncio.subprocess.Process, reading: int) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def read() -> None:
            try:
                data = os.read(reading, 65536)
            except OSError:  # the terminal's other side is closed
                data = b""
            if data:
                self._on_text(decoder.decode(data))
            else:
                loop.remove_reader(reading)
                ended.set()

        loop.add_reader(reading, read)
        code = await process.wait()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(ended.wait(), 0.5)  # children of its own may keep the other side open
        loop.remove_reader(reading)
        os.close(reading)
        if process is self._process:
            self.code = code
            self._on_end(code)


def _terminal() -> tuple[int, int]:
    try:
        import pty
    except ImportError:
        return os.pipe()
    return pty.openpty()


def _signal(pid: int, number: int) -> None:
    if hasattr(os, "killpg"):
        os.killpg(pid, number)
    else:
        os.kill(pid, number)
