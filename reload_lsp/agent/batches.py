"""The batches of this process, whoever asks: whether one runs, when the last ended, who wants to hear."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..findings.values import Report

    Listener = Callable[[Report, object], None]


class Batches:
    """Runs batches for the wire and for the Python API alike; the engine sees to it that they take turns.

    `others` in this process are told of each report as well, in the thread of the batch; `asked_by` is the client that
    asked for one last. Each begins with the audit event `reload_lsp.reload`, without arguments (PEP 578).
    """

    def __init__(self) -> None:
        self.last_reload: float | None = None
        self.on_report: Listener | None = None
        self.asked_by: object = None
        self.others: list[Callable[[Report], None]] = []
        self._running = 0

    @property
    def running(self) -> bool:
        """Whether a batch is under way."""
        return self._running > 0

    def run(self, work: Callable[[], Report], origin: object = None) -> Report:
        """Do one batch; `origin` is the client that asked, which gets the report as its answer."""
        sys.audit("reload_lsp.reload")
        self._running += 1
        self.asked_by = origin if origin is not None else self.asked_by
        try:
            report = work()
        finally:
            self._running -= 1
        if report.outcome in ("applied", "partial"):
            self.last_reload = time.time()
        if self.on_report is not None:
            self.on_report(report, origin)
        for other in self.others:
            other(report)
        return report

    def running_here_ended(self) -> None:
        """A forked child: its parent's batch does not run here, and its parent's clients are not told."""
        self._running = 0
        self.on_report = None
        self.asked_by = None
