"""Modules that put another object in their place in `sys.modules`: there is no namespace in which an edit could run."""

from __future__ import annotations

import os

from ..findings.values import Range
from .kept import Kept
from .modules import Modules
from .speak import Findings


def say_exchanged(modules: Modules, findings: Findings, path: str, data: bytes | None) -> None:
    """Say that nothing of an edit of such a module was reloaded."""
    for record in modules.replaced():
        if os.path.realpath(record.path) == os.path.realpath(path) and data is not None and data != record.kept.data:
            record.kept = Kept(data)
            findings.say(
                "RLD512",
                f"{record.name} put another object in its place in sys.modules: nothing of it was reloaded. "
                "Restart the process to run this edit.",
                path,
                Range.of(0, 0, 0, 1),
                data={"fixes": [{"kind": "restart"}]},
            )
