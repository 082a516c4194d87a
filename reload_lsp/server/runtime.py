"""The runtime folder watched: processes are found whichever of editor and program starts first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ..watch.batches import Kind
from ..watch.observer import FolderWatch
from ..wire.errors import FolderError
from ..wire.folder import ready_folder
from ..wire.records import announced, living

if TYPE_CHECKING:
    from .app import ReloadServer


LOOK_AGAIN = 0.5  # seconds


class Runtime:
    """Shows the roster every living record, now and whenever the folder changes."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self._folder = ""
        self._watch: FolderWatch | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """Watch first, look then: a record written between the two is seen twice, never missed."""
        self._loop = asyncio.get_running_loop()
        try:
            self._folder = ready_folder()
            self._watch = FolderWatch(self._from_thread)
            self._watch.add(self._folder, recursive=False)
        except (FolderError, OSError) as error:
            self._server.fault = f"no process can be found: {error}"
        self.scan()

    def scan(self) -> None:
        """Look for living processes."""
        if self._folder:
            self._server.roster.see(living(self._folder))
        self._server.view.status()

    def look(self) -> None:
        """Look for living processes where there is a record of which the system has not told yet."""
        if self._folder and not all(map(self._server.roster.knows, announced(self._folder))):
            self._server.roster.see(living(self._folder))

    def look_soon(self) -> None:
        """A connection has broken: see whether its process lives, and clear away after one that was killed."""
        if self._loop is not None:
            self._loop.call_later(LOOK_AGAIN, self.scan)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.stop()

    def _from_thread(self, path: str, kind: Kind) -> None:
        if path.endswith(".json") and kind != "deleted" and self._loop is not None:
            try:
                self._loop.call_soon_threadsafe(self.scan)
            except RuntimeError:
                pass  # the loop has closed: the server is ending
