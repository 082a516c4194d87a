"""Old code that frames are in: who says so is heard when the last of them is left, and said again when the file is edited."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from live_project import Project, only, said
from test_frames import LOOPS, PATIENCE, WAITS, in_a_thread

from reload_lsp.findings.values import Report

GENERATOR = "def work():\n    yield {}\n    yield 2\n"


class Heard:
    """What a client of the engine hears of findings that are over."""

    def __init__(self, project: Project) -> None:
        self.frames = project.engine.modules.old_frames
        self.changed = threading.Event()
        self.frames.on_change = self.changed.set

    def tells(self, report: Report) -> str:
        """The one finding of a report, which a client now knows."""
        self.frames.told(report.findings)
        return only(report).id

    def ended(self) -> list[str]:
        """What is over, once something said that it may be."""
        assert self.changed.wait(PATIENCE)
        return self.frames.ended()


@pytest.mark.parametrize(("text", "code"), [(WAITS, "RLD401"), (LOOPS, "RLD402")])
def test_a_thread_that_leaves_the_old_function_is_heard(project: Project, text: str, code: str) -> None:
    end = "raise SystemExit" if code == "RLD402" else "1"
    app, heard = project.load(text.format(end)), Heard(project)
    inside, go_on = threading.Event(), threading.Event()
    with in_a_thread(app.work, inside, go_on) as thread:
        assert inside.wait(PATIENCE)
        report = project.save(text.format("2"))
        assert said(report) == [code]
        finding = heard.tells(report)
        assert heard.frames.ended() == []
        go_on.set()
        thread.join(PATIENCE)
    assert heard.ended() == [finding]
    assert heard.frames.ended() == []


def test_a_generator_that_is_dropped_or_finished(project: Project) -> None:
    app, heard = project.load(GENERATOR.format(1)), Heard(project)
    generator = app.work()
    next(generator)
    finding = heard.tells(project.save(GENERATOR.format(3)))
    assert heard.frames.ended() == []
    assert list(generator) == [2]
    assert heard.frames.ended() == [finding], "nobody drops a finished generator that is held, but it is over"
    second = app.work()
    next(second)
    finding = heard.tells(project.save(GENERATOR.format(4)))
    heard.changed.clear()
    del second
    assert heard.ended() == [finding]


def test_a_task_that_ends(project: Project) -> None:
    text = "import asyncio\nasync def work(go_on):\n    await go_on.wait()\n    return {}\n"
    app, heard = project.load(text.format(1)), Heard(project)

    async def main() -> str:
        go_on = asyncio.Event()
        task = asyncio.ensure_future(app.work(go_on))
        await asyncio.sleep(0)
        report = project.save(text.format(2))
        assert said(report) == ["RLD404"]
        finding = heard.tells(report)
        assert heard.frames.ended() == []
        go_on.set()
        assert await task == 1
        return finding

    finding = asyncio.run(main())
    assert heard.ended() == [finding]


def edited_twice(project: Project, second: str, *, first: str = WAITS.format(2)) -> Report:
    """The report of a second save, made while a thread is in what was there before the first."""
    app = project.load(WAITS.format(1))
    inside, go_on = threading.Event(), threading.Event()
    with in_a_thread(app.work, inside, go_on) as thread:
        assert inside.wait(PATIENCE)
        try:
            assert said(project.save(first)) == ["RLD401"]
            return project.save(second)
        finally:
            go_on.set()
            thread.join(PATIENCE)


def test_the_next_edit_of_the_file_says_it_again_where_the_function_stands_then(project: Project) -> None:
    finding = only(edited_twice(project, "other = 1\n" + WAITS.format(2)))
    assert finding.code == "RLD401"
    assert finding.range.start.line == 2


def test_an_edit_back_to_what_runs_ends_it(project: Project) -> None:
    assert said(edited_twice(project, WAITS.format(1))) == []


def test_undo_ends_it(project: Project) -> None:
    app: Any = project.load(WAITS.format(1))
    inside, go_on = threading.Event(), threading.Event()
    with in_a_thread(app.work, inside, go_on) as thread:
        assert inside.wait(PATIENCE)
        assert said(project.save(WAITS.format(2))) == ["RLD401"]
        assert said(project.engine.undo()) == []
        go_on.set()
        thread.join(PATIENCE)
