"""Faults of our own: kept, and written to the file that `RELOAD_LSP_LOG` names; the program sees none."""

from __future__ import annotations

import os
import sys

last: str | None = None


def note(where: str) -> None:
    """Remember the exception being handled as one that happened `where`."""
    global last
    error = sys.exc_info()[1]
    last = f"{where}: {type(error).__name__}: {error}"
    path = os.environ.get("RELOAD_LSP_LOG")
    if path:
        _append(path, where)


def _append(path: str, where: str) -> None:
    try:
        import traceback

        with open(path, "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"reload-lsp agent in process {os.getpid()}, {where}:\n{traceback.format_exc()}")
    except Exception:
        pass
