"""Celery: an application has one task for each name, and takes a second one of that name for the first."""

from __future__ import annotations

import sys
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class CeleryTasks:
    """Tasks with other parameters or options, and tasks that are gone."""

    library = "celery"
    tested = "5.7"

    def derives(self, work: Work, value: Any, function: Any) -> bool:
        return self._is_task(value)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind != "function":
            return None
        for app in work.instances(sys.modules["celery"].Celery):
            for name, task in list(app._tasks.items()):
                if definition.made(getattr(task, "run", None)) or definition.made(task):
                    work.journal.del_item(app._tasks, name)
        return None

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """Workers and other modules hold the task from before: it becomes the new one."""
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


def _current(value: Any) -> Any:
    """The task behind the promise that the decorator returned."""
    inner = getattr(value, "_get_current_object", None)
    return inner() if inner is not None else value


ADAPTER = CeleryTasks()
