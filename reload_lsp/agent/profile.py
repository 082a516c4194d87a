"""`reload-lsp run --profile-reload`: every batch of this process, step by step, as a trace that browsers draw.

The file is a JSON array of events (Chrome's "Trace Event Format") at every moment, so that it can be opened while the program
runs. Times are `time.perf_counter_ns`, which the processes of a machine share: notice, route and show are the server's, whose
times come with its requests. Imported only where a profile is asked for.
"""

from __future__ import annotations

import json
import os
import time
from itertools import pairwise

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..findings.values import Report

    Json = dict[str, Any]

VARIABLE = "RELOAD_LSP_PROFILE"  # "<pid> <file>", from `run`: other processes put their own pid into the file's name


class Profile:
    """The trace of one process. `step` may come from any thread; batches take turns."""

    def __init__(self, wanted: str) -> None:
        pid, _, path = wanted.partition(" ")
        root, suffix = os.path.splitext(path)
        self.path = path if pid == str(os.getpid()) else f"{root}.{os.getpid()}{suffix}"
        self._marks: list[tuple[str, int]] = []
        self._named: set[int] = set()

    def step(self, step: str) -> None:
        """A batch enters a step; the one before is over. What is "sent" is no step, but the end of the report."""
        if step == "diff":
            self._marks = []
        self._marks.append((step, time.perf_counter_ns()))

    def over(self, report: Report, server: Json | None = None) -> None:
        """The report of the batch is on its way; `server` is what its request told of the server's steps."""
        marks, self._marks = self._marks, []
        if not marks:
            return
        if marks[-1][0] != "sent":  # nobody waits for an answer
            marks.append(("sent", time.perf_counter_ns()))
        about = {"cause": report.cause, "outcome": report.outcome, "modules": list(report.modules)}
        own = _spans(marks, os.getpid(), {**about, "findings": len(report.findings)})
        self._write([*_told_before(server, about), *own])

    def shown(self, server: Json) -> None:
        """The server has shown the batch."""
        pid, begun, ended = (_number(server, key) for key in ("pid", "answered", "shown"))
        if begun and ended:
            self._write(_spans([("show", begun), ("", ended)], pid, {}))

    def _write(self, events: Iterable[Json]) -> None:
        try:
            _append(self.path, [e for event in events for e in (*self._names(event["pid"]), event)])
        except OSError:
            faults.note("while writing the profile")

    def _names(self, pid: int) -> list[Json]:
        """Once for each process: what its row is called."""
        if pid in self._named:
            return []
        self._named.add(pid)
        name = "program" if pid == os.getpid() else "reload-lsp server"
        return [{"name": "process_name", "ph": "M", "pid": pid, "tid": 0, "args": {"name": name}}]


def _spans(marks: list[tuple[str, int]], pid: int, about: Json) -> list[Json]:
    """An event from each mark to the next; times in microseconds, as the format has them."""
    return [
        {
            "name": n,
            "cat": "reload",
            "ph": "X",
            "ts": a / 1e3,
            "dur": (b - a) / 1e3,
            "pid": pid,
            "tid": 0,
            "args": about,
        }
        for (n, a), (_, b) in pairwise(marks)
    ]


def _told_before(server: Json | None, about: Json) -> list[Json]:
    """`notice` and `route`, from what the server told with its request."""
    pid, noticed, routed, sent = (_number(server or {}, key) for key in ("pid", "noticed", "routed", "sent"))
    if not routed or not sent:
        return []
    return _spans([("notice", noticed or routed), ("route", routed), ("", sent)], pid, about)


def _number(server: Json, key: str) -> int:
    value = server.get(key)
    return value if type(value) is int else 0


def _append(path: str, events: list[Json]) -> None:
    """Add events to the array in the file, which is made where it is not there."""
    lines = ",\n".join(json.dumps(event) for event in events)
    with open(path, "a+b") as file:
        size = file.seek(0, os.SEEK_END)
        empty = size <= len(_EMPTY)
        file.truncate(0 if empty else size - len(_END))
        file.write(("[\n" if empty else ",\n").encode() + lines.encode() + _END)


_END = b"\n]\n"
_EMPTY = b"[\n]\n"
