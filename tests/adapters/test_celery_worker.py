"""Celery: tasks that come, go and get other names while a worker of the same process waits for messages."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

TASKS = """
    from celery import Celery, shared_task
    app = Celery("t", broker="memory://", backend="cache+memory://")
    app.conf.worker_hijack_root_logger = False
    @app.task(name="add")
    def add(a, b=1):
        return a + b
    @shared_task(name="shared")
    def shared(x):
        return [x]
"""


def test_a_worker_that_waits_knows_the_tasks_of_now(program: Program) -> None:
    program.write(tasks=TASKS)
    program.run("""
        import tasks
        from celery.contrib.testing.worker import start_worker
        worker = start_worker(tasks.app, pool="solo", perform_ping_check=False, loglevel="CRITICAL")
        worker.__enter__()
        held = tasks.shared
        def call(name, *given):
            try:
                return tasks.app.send_task(name, given).get(timeout=20)
            except Exception as error:
                return type(error).__name__
        call("add", 1)
    """)
    assert program.edit("tasks", 'name="shared"', 'name="other"') == []
    assert program.ask("call('shared', 1), call('other', 1), call('add', 1), held(2)") == ["NotRegistered", [1], 2, [2]]
    more = '@app.task(name="more")\ndef more():\n    return "more"\n'
    assert program.edit("tasks", "@app.task", f"{more}@app.task") == []
    assert program.ask("call('more'), call('add', 2)") == ["more", 3]
    assert program.edit("tasks", more, "", '@shared_task(name="other")\ndef shared(x):\n    return [x]\n', "") == []
    assert program.ask("call('more'), call('other', 1), call('add', 3)") == ["NotRegistered", "NotRegistered", 4]
