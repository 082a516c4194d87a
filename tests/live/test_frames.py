"""Code that is running while it is edited: which thread, generator or task goes on with the old text."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from live_project import Project, only, said

from reload_lsp.findings.values import Report

PATIENCE = 30


@contextmanager
def in_a_thread(function: Any, *args: Any) -> Iterator[threading.Thread]:
    """`function` running in a thread of its own; it ends with a return or with SystemExit."""

    def run() -> None:
        with suppress(SystemExit):
            function(*args)

    thread = threading.Thread(target=run, name="worker", daemon=True)
    thread.start()
    yield thread


WAITS = """
def work(inside, go_on):
    inside.set()
    go_on.wait()
    return {}
"""
LOOPS = """
def work(inside, go_on):
    while True:
        inside.set()
        go_on.wait()
        if go_on.is_set():
            {}
"""


def edited_while_running(project: Project, before: str, after: str) -> Report:
    """The report of a save made while a thread waits in `work`."""
    app = project.load(before)
    inside, go_on = threading.Event(), threading.Event()
    with in_a_thread(app.work, inside, go_on) as thread:
        assert inside.wait(PATIENCE)
        try:
            return project.save(after)
        finally:
            go_on.set()
            app.stop = True
            thread.join(PATIENCE)


def test_a_thread_in_the_old_function_is_named(project: Project) -> None:
    report = edited_while_running(project, WAITS.format(1), WAITS.format(2))
    finding = only(report)
    assert (finding.code, finding.severity) == ("RLD401", "information")
    assert "worker" in finding.message
    assert finding.range.start.line == 1
    assert [r.range.start.line for r in finding.related] == [3]
    assert report.outcome == "applied"


def test_a_frame_that_only_moved_to_other_lines_is_no_finding(project: Project) -> None:
    report = edited_while_running(project, WAITS.format(1), "# a comment\n" + WAITS.format(1))
    assert said(report) == []


def test_a_thread_in_a_function_that_was_not_edited_is_no_finding(project: Project) -> None:
    other = WAITS.format(1) + "def other():\n    return {}\n"
    report = edited_while_running(project, other.format(1), other.format(2))
    assert said(report) == []


def test_a_loop_that_never_ends_will_never_show_the_edit(project: Project) -> None:
    text = (
        "stop = False\n"
        "def work(inside, go_on):\n"
        "    while True:\n"
        "        inside.set()\n"
        "        go_on.wait()\n"
        "        check()\n"
        "def check():\n"
        "    if stop:\n"
        "        raise SystemExit\n"
    )
    report = edited_while_running(project, text, text.replace("inside.set()", "inside.set(); x = 1"))
    finding = only(report)
    assert (finding.code, finding.severity) == ("RLD402", "warning")
    assert "worker" in finding.message


def test_a_loop_that_is_left_is_no_endless_one(project: Project) -> None:
    report = edited_while_running(project, LOOPS.format("return 1"), LOOPS.format("return 2"))
    assert said(report) == ["RLD401"]


def test_what_an_endless_loop_calls_is_edited_without_a_word(project: Project) -> None:
    text = (
        "stop = False\n"
        "def work(inside, go_on):\n"
        "    while True:\n"
        "        inside.set()\n"
        "        go_on.wait()\n"
        "        step()\n"
        "def step(x={0}):\n"
        "    if stop:\n"
        "        raise SystemExit({0})\n"
    )
    report = edited_while_running(project, text.format(1), text.format(2))
    assert said(report) == []


def test_a_suspended_generator_goes_on_with_the_old_code(project: Project) -> None:
    text = "def numbers():\n    yield {0}\n    yield {0}\n"
    app = project.load(text.format(1))
    live = app.numbers()
    next(live)
    report = project.save(text.format(2))
    assert (only(report).code, only(report).severity) == ("RLD403", "information")
    assert next(live) == 1
    assert list(app.numbers()) == [2, 2]


def test_a_generator_that_has_come_to_its_end_is_no_finding(project: Project) -> None:
    text = "def numbers():\n    yield {}\n"
    app = project.load(text.format(1))
    done = app.numbers()
    assert list(done) == [1]
    assert said(project.save(text.format(2))) == []


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_a_waiting_task_is_named(project: Project, loop: asyncio.AbstractEventLoop) -> None:
    text = "async def work(go_on):\n    await go_on\n    return {}\n"
    app = project.load(text.format(1))

    async def main() -> tuple[Report, int]:
        go_on = loop.create_future()
        task = loop.create_task(app.work(go_on), name="poller")
        await asyncio.sleep(0)
        report = project.save(text.format(2))
        go_on.set_result(None)
        return report, await task

    report, result = loop.run_until_complete(main())
    assert (only(report).code, result) == ("RLD404", 1)
    assert "poller" in only(report).message


def test_a_task_in_a_function_that_was_not_edited_is_no_finding(
    project: Project, loop: asyncio.AbstractEventLoop
) -> None:
    text = "async def work(go_on):\n    await go_on\ndef other():\n    return {}\n"
    app = project.load(text.format(1))

    async def main() -> Report:
        go_on = loop.create_future()
        task = loop.create_task(app.work(go_on))
        await asyncio.sleep(0)
        report = project.save(text.format(2))
        go_on.set_result(None)
        await task
        return report

    assert said(loop.run_until_complete(main())) == []


def test_a_traceback_after_the_edit_has_the_lines_of_the_new_text(project: Project) -> None:
    app = project.load("def f():\n    return 1\n")
    project.save("# moved\n\ndef f():\n    raise ValueError\n")
    with pytest.raises(ValueError) as raised:
        app.f()
    assert raised.traceback[-1].lineno == 3
    assert "raise ValueError" in str(raised.traceback[-1].statement)
