"""The Python API, as the agent's side of `import reload_lsp`."""

from __future__ import annotations

from ..findings.values import Report
from ..live.requests import ReloadError
from . import process
from .switch import SWITCHED_OFF, is_off


def reload() -> Report:
    """Reload all changed loaded files now, in the calling thread; no server is needed."""
    _require_on()
    engine = process.engine()
    return _reported(process.batches.run(lambda: engine.apply(engine.changed(), "api")))


def undo() -> Report:
    """Take the last batch back."""
    _require_on()
    return _reported(process.batches.run(process.engine().undo))


def checkpoint() -> Report | None:
    """Reload here if something waits for it; the first call makes later batches wait for checkpoints."""
    return None if is_off() else process.safe_points.checkpoint()


def _reported(report: Report) -> Report:
    if process.profile is not None:
        process.profile.over(report)
    return report


def _require_on() -> None:
    if is_off():
        raise ReloadError(SWITCHED_OFF)
