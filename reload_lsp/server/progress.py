"""Progress of batches that take long (LSP "Work Done Progress"): what is faster than the eye shows none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from ..sessions.process import ProcessGone, ProcessRefused

if TYPE_CHECKING:
    from .app import ReloadServer

AFTER = 0.300  # seconds


class Progress:
    """One progress bar per batch that is still under way after `AFTER`."""

    def __init__(self, server: ReloadServer, on_slow: Callable[[], None]) -> None:
        self._server = server
        self._on_slow = on_slow
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._shown: set[int] = set()

    def began(self, number: int, files: int) -> None:
        loop = asyncio.get_running_loop()
        self._timers[number] = loop.call_later(AFTER, self._slow, number, files)

    def ended(self, number: int) -> None:
        timer = self._timers.pop(number, None)
        if timer is not None:
            timer.cancel()
        if number in self._shown:
            self._shown.discard(number)
            self._server.progress(types.ProgressParams(_token(number), types.WorkDoneProgressEnd()))

    def _slow(self, number: int, files: int) -> None:
        self._on_slow()
        window = self._server.client_capabilities.window
        if window and window.work_done_progress:
            self._server.spawn(self._show(number, files))

    async def _show(self, number: int, files: int) -> None:
        token = _token(number)
        await self._server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
        if number in self._timers:  # it may have ended while the client made the bar
            self._shown.add(number)
            title = f"Reloading {files} file{'s' if files != 1 else ''}"
            self._server.progress(types.ProgressParams(token, types.WorkDoneProgressBegin(title, cancellable=True)))


PREFIX = "reload-lsp/"


def _token(number: int) -> str:
    return f"{PREFIX}{number}"


async def cancel(server: ReloadServer, params: types.WorkDoneProgressCancelParams) -> None:
    """The user wants a batch no more: what has not begun in a process is taken back, what has is let come to its end."""
    number = str(params.token).removeprefix(PREFIX)
    if not number.isdigit():
        return
    for member in server.roster.attached:
        member.queue.withdraw(int(number))
        if member.queue.busy:
            try:
                await member.process.cancel()
            except (ProcessGone, ProcessRefused):
                continue


def register(server: ReloadServer) -> None:
    server.on(types.WINDOW_WORK_DONE_PROGRESS_CANCEL, cancel)
