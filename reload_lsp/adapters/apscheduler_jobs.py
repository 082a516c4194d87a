"""APScheduler: a scheduler has the jobs that statements gave it, and refuses an id that it has, or runs the job twice."""

from __future__ import annotations

import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.work import Work


_UNNAMED = re.compile(r"[0-9a-f]{32}\Z").match  # the id that a job without one is given


class ApschedulerJobs:
    """Jobs of decorated functions, and of calls of `add_job` and `add_listener` at the top level of modules."""

    library = "apscheduler.schedulers.base"
    tested = "3.11"

    def repeats(self, work: Work, definition: Definition) -> bool:
        """The job or listener of the first run can be told, and is taken out."""
        return _job_of(work, definition) is not None or _listener_of(definition) is not None

    def opens(self, work: Work, value: Any) -> bool:
        """A second scheduler runs every job twice."""
        return isinstance(value, sys.modules[self.library].BaseScheduler)

    def undoes(self, work: Work, definition: Definition) -> bool:
        return self.repeats(work, definition)

    def withdraw(self, work: Work, definition: Definition) -> None:
        found = _job_of(work, definition)
        if found is not None:
            _remove(work, *found)
        listening = _listener_of(definition)
        if listening is not None:
            scheduler, entry = listening
            work.journal.replace_content(scheduler._listeners, [e for e in scheduler._listeners if e is not entry])


def _listener_of(definition: Definition) -> tuple[Any, Any] | None:
    """The scheduler and the listener that a call gave it; None where it may be one of several."""
    call = definition.call() if definition.statement.kind == "effect" else None
    base: Any = sys.modules["apscheduler.schedulers.base"].BaseScheduler
    if call is None or call.chain[-1] != "add_listener" or not isinstance(call.owner, base) or not call.arguments:
        return None
    listeners: list[Any] = getattr(call.owner, "_listeners", [])
    found = [entry for entry in listeners if entry[0] == call.arguments[0]]
    return (call.owner, found[0]) if len(found) == 1 else None


def _job_of(work: Work, definition: Definition) -> tuple[Any, Any] | None:
    """The scheduler and the job that a statement gave it when it ran before; None where it may be one of several."""
    schedulers = work.instances(sys.modules["apscheduler.schedulers.base"].BaseScheduler)
    jobs = [(scheduler, job) for scheduler in schedulers for job in scheduler.get_jobs()]
    if definition.statement.kind == "function":
        decorated = definition.before.text.lstrip()[:1] == "@"  # else a call may have given it, which stands
        jobs = jobs if decorated else []
        found = [(s, j) for s, j in jobs if definition.made(j.func)]
    elif definition.statement.kind == "bind":
        found = [(s, j) for s, j in jobs if j is definition.bound()]
    else:
        call = definition.call() if definition.statement.kind == "effect" else None
        adds = call is not None and call.chain[-1] == "add_job"
        found = [(s, j) for s, j in jobs if call is not None and adds and call.owner is s and _is_of(j, call)]
    return found[0] if len(found) == 1 else None


def _is_of(job: Any, call: Call) -> bool:
    name = call.named.get("id")
    named = name == job.id if name is not None else _UNNAMED(job.id) is not None
    return job.func in call.arguments[:1] and named


def _remove(work: Work, scheduler: Any, job: Any) -> None:
    for store in scheduler._jobstores.values():
        if store.lookup_job(job.id) is not None:
            store.remove_job(job.id)
            work.journal.record(store.add_job, job)
            return
    waiting = scheduler._pending_jobs
    work.journal.replace_content(waiting, [entry for entry in waiting if entry[0] is not job])


ADAPTER = ApschedulerJobs()
