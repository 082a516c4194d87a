"""A batch sent to every process that runs one of its files, and what came of it in each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..findings.values import Report
from .batch import Batch, Work
from .process import Facts, Process
from .queue import ProcessQueue

PATIENCE = 10.0  # seconds, after which a process counts as `timed-out` for this batch


@dataclass(frozen=True, slots=True)
class Result:
    """What one process made of `work`: the files it was sent, or a command."""

    process: Facts
    work: Work
    report: Report

    @property
    def files(self) -> frozenset[str]:
        """The files that the work was about, by canonical path."""
        return frozenset(f.path for f in self.work.files) if isinstance(self.work, Batch) else self.work.files


OnLate = Callable[[Result], None]


def routed(batch: Batch, process: Process) -> Batch | None:
    """The part of `batch` that concerns `process`; None when it runs none of the files."""
    part = batch.only(process.loaded)
    return part if part.files else None


async def dispatch(
    batch: Batch, queues: Iterable[ProcessQueue], on_late: OnLate, patience: float = PATIENCE
) -> list[Result]:
    """The results of all processes, each within `patience`; what comes later goes to `on_late`."""
    parts = [(queue, routed(batch, queue.process)) for queue in queues]
    waits = [submit(queue, part, on_late, patience) for queue, part in parts if part is not None]
    return list(await asyncio.gather(*waits))


async def submit(queue: ProcessQueue, part: Work, on_late: OnLate, patience: float = PATIENCE) -> Result:
    """What one process makes of its part of a batch, or of a command, within `patience`."""
    facts = queue.process.facts
    future = queue.submit(part)
    done, _ = await asyncio.wait([future], timeout=patience)
    if done:
        return Result(facts, part, future.result())
    future.add_done_callback(lambda late: on_late(Result(facts, part, late.result())))
    return Result(facts, part, timed_out(part, queue.process))


def timed_out(part: Work, process: Process) -> Report:
    """The report of a process that has not answered in time; it may still answer."""
    return Report("timed-out", part.cause if isinstance(part, Batch) else "command", process.generation)
