"""`%load_ext reload_lsp`: the agent in a notebook's kernel, and what came of saves shown with the next cell."""

from __future__ import annotations

import os
from collections import deque

from . import faults, process, start
from .api import reload
from .rivals import autoreload_is_on
from .switch import is_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..findings.values import Finding, Report

KEPT = 50  # reports that no cell has shown yet
SHOWN = 10  # findings of one report
BESIDE = (
    "RLD716 %autoreload is on beside reload-lsp: it runs whole modules again after each save, so that what reload-lsp keeps "
    "is lost. Turn one of them off: %autoreload 0, or %unload_ext reload_lsp"
)


class Notebook:
    """What the extension adds to one shell; `unload` takes it out again."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._reports: deque[Report] = deque(maxlen=KEPT)
        self._said_beside = False

    def load(self) -> None:
        if is_off():
            print(
                "reload-lsp is switched off here: take RELOAD_LSP=0 out of the kernel's environment, and start it again"
            )
            return
        start.start(warm=True)
        process.batches.others.append(self._take)
        self._shell.events.register("pre_run_cell", self.before_cell)

    def unload(self) -> None:
        if self._take in process.batches.others:
            process.batches.others.remove(self._take)
            self._shell.events.unregister("pre_run_cell", self.before_cell)

    def before_cell(self, info: Any) -> None:
        """A cell is about to run: with no editor at all, reload what changed; show what came of it, and of saves before."""
        if getattr(info, "silent", False):
            return
        try:
            if not start.is_followed():
                self._reload()
            self._look_beside()
            while self._reports:
                for line in told(self._reports.popleft()):
                    print(line)
        except Exception:
            faults.note("before a cell")

    def _reload(self) -> None:
        if process.engine().changed():
            reload()

    def _take(self, report: Report) -> None:
        if report.outcome != "no-effect" or report.findings:
            self._reports.append(report)

    def _look_beside(self) -> None:
        on = autoreload_is_on(self._shell)
        if on and not self._said_beside:
            print(BESIDE)
        self._said_beside = on


def told(report: Report) -> list[str]:
    """A report in a few lines."""
    what = " → ".join(report.modules) or "nothing"
    words = {"applied": "reloaded", "partial": "reloaded, but for what is held:", "no-effect": "nothing to reload:"}
    head = f"reload-lsp: {words.get(report.outcome, 'not reloaded, ' + report.outcome + ':')} {what}, {report.duration_ms:.1f} ms"
    lines = [head, *map(line_of, report.findings[:SHOWN])]
    left = len(report.findings) - SHOWN
    return [*lines, f"  and {left} more"] if left > 0 else lines


def line_of(finding: Finding) -> str:
    """A finding in one line, with its place as people count lines."""
    return f"  {finding.code} {os.path.basename(finding.path)}:{finding.range.start.line + 1} {finding.message}"


_loaded: dict[int, Notebook] = {}


def load(shell: Any) -> None:
    """What `%load_ext reload_lsp` does; once for each shell."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = Notebook(shell)
        _loaded[id(shell)].load()


def unload(shell: Any) -> None:
    """What `%unload_ext reload_lsp` does; the agent stays, as editors may be connected."""
    notebook = _loaded.pop(id(shell), None)
    if notebook is not None:
        notebook.unload()
