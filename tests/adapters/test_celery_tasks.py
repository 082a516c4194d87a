"""Celery: tasks, bound ones and periodic ones, called in the process that made them."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


def test_celery_tasks(program: Program) -> None:
    program.write(
        w="""
        from celery import Celery
        app = Celery("w", broker="memory://", backend="cache+memory://")
        app.conf.task_always_eager = True

        @app.task
        def add(a, b):
            return a + b
    """
    )
    program.run("import w; from w import add; add.delay(1, 2).get()")
    assert program.edit("w", "def add(a, b):\n    return a + b", "def add(a, b, c=10):\n    return a + b + c") == []
    assert program.ask("add.delay(1, 2).get(), w.app.tasks['w.add'].delay(1, 2, 3).get()") == [13, 6]
    assert (
        program.edit("w", "@app.task\n", "@app.task(bind=True, max_retries=7)\n", "def add(a", "def add(self, a") == []
    )
    assert program.ask("add.delay(1, 2).get(), add.max_retries") == [13, 7]
    text = program.path("w").read_text()
    codes = program.save(w=text + "\n@app.task\ndef twice(a):\n    return a * 2\n")
    assert codes == []
    assert program.ask("w.twice.delay(2).get(), 'w.twice' in w.app.tasks") == [4, True]
    codes = program.save(w=text)
    assert codes or program.ask("'w.twice' in w.app.tasks") is False


def test_celerys_bound_tasks_periodic_tasks_and_what_start_up_did(program: Program) -> None:
    program.write(
        w="""
            from celery import Celery, Task
            app = Celery("w", broker="memory://", backend="cache+memory://")
            app.conf.task_always_eager = True
            class Base(Task):
                abstract = True
            @app.task(base=Base, bind=True, name="w.add", max_retries=3)
            def add(self, a):
                return a + 1
            app.conf.beat_schedule = {"own": {"task": "w.add", "schedule": 30.0}}
            @app.on_after_configure.connect
            def begin(sender, **_):
                sender.add_periodic_task(10.0, add.s(1), name="later")
        """
    )
    program.run("import w; w.add.delay(1).get(); w.app.conf.beat_schedule")
    assert program.edit("w", "max_retries=3", "max_retries=4", "30.0", "60.0") == []
    schedules = "{k: v['schedule'] for k, v in w.app.conf.beat_schedule.items()}"
    assert program.ask(f"w.app.tasks['w.add'].max_retries, {schedules}") == [4, {"own": 60.0, "later": 10.0}]
    assert program.edit("w", "10.0", "20.0") == ["RLD609"]
