"""Celery: an application has one task for each name, and takes a second one of that name for the first."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable

from ..source.names import chain_of
from ..source.statement import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


STARTED = ("on_configure", "on_after_configure", "on_after_finalize", "on_init")


class CeleryTasks:
    """Tasks with other parameters or options, and tasks that are gone."""

    library = "celery"
    tested = "5.7"

    def derives(self, work: Work, value: Any, function: Any) -> bool:
        return self._is_task(value)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            return _keep_periodic(work, definition)
        for app in work.instances(sys.modules["celery"].Celery):
            for name, task in list(app._tasks.items()):
                run = getattr(task, "run", None)
                if definition.made(getattr(run, "__func__", run)) or definition.made(task):
                    work.journal.del_item(app._tasks, name)
        return None

    def settle(self, work: Work) -> None:
        """Workers of this process know the tasks of now; what `@app.on_after_configure.connect` gave before is said."""
        consumer: Any = sys.modules.get("celery.worker.consumer.consumer")
        for worker in work.instances(consumer.Consumer) if consumer is not None and work.anything() else ():
            _know_tasks(work, worker)
        for app in work.instances(sys.modules["celery"].Celery) if work.swapped() else ():
            signals = [s for name in STARTED if (s := app.__dict__.get(name)) is not None] if app.configured else []
            heard = {id(_heard(r)) for signal in signals for _, r in signal.receivers}
            for function in [f for f in work.swapped() if id(f) in heard]:
                work.say(
                    "RLD609",
                    f"{function.__name__} ran when the application was configured: what it did then stays, periodic tasks too. "
                    "Restart the process.",
                    function,
                )

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """Workers and other modules hold the task from before: it becomes the new one."""
        if _is_promise(before) and _is_promise(after) and self._is_task(after):
            work.journal.record(object.__setattr__, before, _LOCAL, object.__getattribute__(before, _LOCAL))
            object.__setattr__(before, _LOCAL, object.__getattribute__(after, _LOCAL))  # it looks up another name now
        if not self._is_task(before) or not self._is_task(after):
            return False
        old, new = _current(before), _current(after)
        work.journal.record(setattr, old, "__class__", type(old))
        old.__class__ = type(new)
        work.journal.replace_content(old.__dict__, dict(new.__dict__))
        for app in work.instances(sys.modules["celery"].Celery):
            for name, task in list(app._tasks.items()):
                if task is new:
                    work.journal.set_item(app._tasks, name, old)
        return True

    def _is_task(self, value: Any) -> bool:
        task: Any = getattr(sys.modules.get("celery.app.task"), "Task", None)
        return task is not None and isinstance(_current(value), task)


def _know_tasks(work: Work, worker: Any) -> None:
    """A worker has a way to start each task, by its name, from when it began: of one that is gone it would die."""
    tasks: dict[str, Any] = worker.app._tasks
    if worker.strategies.keys() != tasks.keys():
        work.journal.replace_content(worker.strategies, {n: s for n, s in worker.strategies.items() if n in tasks})
        worker.update_strategies()


def _keep_periodic(work: Work, definition: Definition) -> Callable[[], None] | None:
    """`app.conf.beat_schedule = {...}` runs again: what `add_periodic_task` has added since stays."""
    node = parse(definition.before)
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    chain = chain_of(target) if target is not None else None
    app: Any = definition.module.ns.get(chain[0]) if chain and chain[1:] == ("conf", "beat_schedule") else None
    if app is None or not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Dict):
        return None
    given = {k.value for k in node.value.keys if isinstance(k, ast.Constant)}
    others = {k: v for k, v in dict(app.conf.beat_schedule).items() if k not in given}

    def add_again() -> None:
        for key, entry in others.items():
            app.conf.beat_schedule.setdefault(key, entry)

    return add_again


def _heard(receiver: Any) -> Any:
    """The function that a signal holds, weakly or not."""
    found: Any = receiver() if hasattr(receiver, "__callback__") else receiver
    return getattr(found, "__func__", found)


_LOCAL = "_Proxy__local"


def _is_promise(value: Any) -> bool:
    return type(value) is getattr(sys.modules.get("celery.local"), "Proxy", None)


def _current(value: Any) -> Any:
    """The task behind the promise that the decorator returned; None where there is none of its name any more."""
    inner = getattr(value, "_get_current_object", None)
    try:
        return inner() if inner is not None else value
    except sys.modules["celery.exceptions"].NotRegistered:
        return None


ADAPTER = CeleryTasks()
