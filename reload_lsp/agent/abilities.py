"""What this process's interpreter and this agent can do, told to each client in `hello`."""

from __future__ import annotations

import sys
import sysconfig

from ..findings.catalogue import CATALOGUE
from . import process, restart
from .safepoint import PLACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def abilities() -> dict[str, Any]:
    """Plain data for the wire; `codes` are the findings this agent can produce."""
    return {
        "monitoring": hasattr(sys, "monitoring"),
        "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "undo": True,
        "places": list(PLACES),
        "restart": restart.mode(),
        "profile": process.profile is not None,
        "codes": sorted(CATALOGUE),
    }
