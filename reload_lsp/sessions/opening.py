"""Connecting to a process that has announced itself: tried again for as long as it lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from ..wire.errors import WireError
from ..wire.records import Record, lives
from .process import ProcessGone, ProcessRefused
from .wire_process import WireProcess, open_process

log = logging.getLogger(__name__)
RETRY_AFTER = (0.5, 2.0, 8.0)  # seconds; the last one again and again
NO_ANSWER = "it does not answer: it is stopped, or busy in code that is not Python's"

OnEnd = Callable[[Record, WireProcess | None], None]


class Opening:
    """One process that is connected to. A program that is just starting, busy or stopped is tried again until it ends.

    Many that come at once take their turns: what greets an editor for the first time has much to import, and little time to
    answer. `problem` is why it failed last, "" until it did; `settled` is set when the connection is made, or has failed so
    often that it is to be told (`is_hopeless`): that goes on all the same.
    """

    def __init__(self, record: Record, turns: asyncio.Semaphore, on_hopeless: Callable[[], None]) -> None:
        self.record = record
        self._turns = turns
        self.problem = ""
        self.settled = asyncio.Event()
        self.is_hopeless = False
        self._on_hopeless = on_hopeless
        self._task: asyncio.Task[None] | None = None

    def begin(self, on_end: OnEnd) -> None:
        """Connect; `on_end` gets the process, None where it ended before."""
        self._task = asyncio.get_running_loop().create_task(self._run(on_end))

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self, on_end: OnEnd) -> None:
        process: WireProcess | None = None
        try:
            process = await self._opened()
        finally:
            on_end(self.record, process)
            self.settled.set()

    async def _opened(self) -> WireProcess | None:
        tries = 0
        while lives(self.record):
            try:
                async with self._turns:
                    return await open_process(self.record)
            except (OSError, asyncio.TimeoutError, WireError, ProcessGone, ProcessRefused) as error:
                self.problem = str(error) or NO_ANSWER
            if tries == len(RETRY_AFTER):
                self._give_notice()
            await asyncio.sleep(RETRY_AFTER[min(tries, len(RETRY_AFTER) - 1)])
            tries += 1
        return None

    def _give_notice(self) -> None:
        log.warning("process %s (%s) cannot be attached: %s", self.record.pid, self.record.name, self.problem)
        self.is_hopeless = True
        self.settled.set()
        self._on_hopeless()
