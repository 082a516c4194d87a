# pyright: basic, reportMissingImports=false
"""Dask: a worker plugin. It is imported where Dask is, by the program that has a client."""

from __future__ import annotations

import os

from distributed.diagnostics.plugin import WorkerPlugin

from ..wire.keyfile import read_key
from . import listen_with, start_worker


class ReloadPlugin(WorkerPlugin):
    """The agent in each worker, those to come too. With `listen` (host and a range of ports) and `key_file`, on the network.

    The key goes to the workers through the scheduler, as all that Dask sends: who can submit tasks can have code run there
    anyway. Raises FolderError where the key file cannot be used.
    """

    name = "reload-lsp"

    def __init__(self, listen: str = "", key_file: str = "") -> None:
        self._listen = listen
        self._key = read_key(os.path.expanduser(key_file)).hex() if listen else ""

    def setup(self, worker: object) -> None:
        """In the worker, before its first task."""
        if self._listen:
            listen_with(self._listen, self._key)
        start_worker()
