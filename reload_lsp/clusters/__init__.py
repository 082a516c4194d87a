"""Programs that outgrow one machine: the agent in every worker of a Dask cluster, or of Ray.

    from reload_lsp.clusters.dask_workers import ReloadPlugin
    client.register_plugin(ReloadPlugin())                                        # workers on this machine
    client.register_plugin(ReloadPlugin("0.0.0.0:5690-5799", "~/.config/reload.key"))

    ray.init(runtime_env={"worker_process_setup_hook": "reload_lsp.clusters.start_worker"})

Workers read modules from their own disks: a cluster without a shared file system needs the saved files brought to each.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import tempfile

from .. import start

__all__ = ["listen_with", "start_worker"]


def start_worker() -> None:
    """Start the agent in this process; what Ray's `worker_process_setup_hook` takes."""
    start()


def listen_with(place: str, key: str) -> None:
    """Have this process's agent, which has not started yet, listen on the network (`host:first-last`); `key` in hex digits.

    The key is in a file of the user's alone for as long as the process lives.
    """
    descriptor, path = tempfile.mkstemp(prefix="reload-lsp-", suffix=".key")
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    atexit.register(_remove, path, os.getpid())
    os.environ["RELOAD_LSP_LISTEN"] = place
    os.environ["RELOAD_LSP_KEY_FILE"] = path


def _remove(path: str, owner: int) -> None:
    if os.getpid() == owner:  # not in a child that was forked and ends before
        with contextlib.suppress(OSError):
            os.unlink(path)
