"""The user's own switch: `RELOAD_LSP=0` refuses everything."""

from __future__ import annotations

import os

SWITCHED_OFF = "reloading is switched off in this process (RELOAD_LSP=0); unset RELOAD_LSP and start it again"


def is_off() -> bool:
    """Whether the user wants none of this in the process."""
    return os.environ.get("RELOAD_LSP") == "0"
