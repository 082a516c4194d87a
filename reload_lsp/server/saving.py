"""Which saves reload, and which of them belong together: pure but for the loop's clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from lsprotocol import types

SAVE_ALL_WINDOW = 0.030  # seconds without a further save, while other files are still unsaved

Reason = types.TextDocumentSaveReason


def reloads(policy: str, reason: Reason | None, dirty: bool) -> bool:
    """Does a save reload? A client that does not tell the reason (no willSave) counts as saving by hand."""
    if policy == "never":
        return False
    if policy.startswith("manual") and reason not in (None, Reason.Manual):
        return False
    return dirty or not policy.endswith("IfDirty")


class Gather:
    """Saves that follow each other at once, as in Save All, as one batch.

    While `more` says that nothing further can be saved, a save goes on at once: saving one file never waits.
    """

    def __init__(self, flush: Callable[[list[str]], None], more: Callable[[], bool]) -> None:
        self._flush = flush
        self._more = more
        self._paths: list[str] = []
        self.noticed = 0  # when the first of these was saved, by `time.perf_counter_ns`
        self._timer: asyncio.TimerHandle | None = None

    def add(self, path: str) -> None:
        """Take a save."""
        if not self._paths:
            self.noticed = time.perf_counter_ns()
        if path not in self._paths:
            self._paths.append(path)
        if self._more():
            self._arm()
        else:
            self._release()

    def stir(self) -> None:
        """Another save is announced (willSave): wait for it."""
        if self._paths:
            self._arm()

    def _arm(self) -> None:
        self._disarm()
        self._timer = asyncio.get_running_loop().call_later(SAVE_ALL_WINDOW, self._release)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _release(self) -> None:
        self._disarm()
        paths, self._paths = self._paths, []
        if paths:
            self._flush(paths)
