"""Edited lines that have not run since: told by one event a line, on CPython 3.12 and newer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from live_project import Project

from reload_lsp.live.unrun import Unrun, available

pytestmark = pytest.mark.skipif(not available(), reason="no sys.monitoring before CPython 3.12")

TEXT = "def f(x):\n    if x:\n        return 1\n    return 2\n\n\nclass K:\n    def m(self):\n        return 1\n"


@pytest.fixture
def follow(project: Project) -> Callable[[str], tuple[Any, Callable[..., dict[str, list[int]]]]]:
    """Load a text; what follows saves others and tells the lines that have not run, by file name."""

    def begin(text: str) -> tuple[Any, Callable[..., dict[str, list[int]]]]:
        app = project.load(text)
        project.engine.modules.refresh()
        heard: list[int] = []
        unrun = Unrun(project.engine.modules, lambda: heard.append(1))

        def lines(saved: str | None = None) -> dict[str, list[int]]:
            if saved is not None:
                project.save(saved)
                unrun.after_batch((path, before) for path, before, _ in project.engine.history[-1])
            return {path.rpartition("/")[2]: found for path, found in unrun.lines().items()}

        return app, lines

    return begin


def test_a_line_waits_until_it_has_run(follow: Any) -> None:
    app, lines = follow(TEXT)
    assert lines(TEXT.replace("return 1\n    return 2", "return 10\n    return 20")) == {"app.py": [2, 3]}
    app.f(True)
    assert lines() == {"app.py": [3]}
    app.f(False)
    assert lines() == {}


def test_lines_that_nobody_edited_do_not_wait_and_waiting_ones_move_with_their_text(follow: Any) -> None:
    app, lines = follow(TEXT)
    edited = TEXT.replace("        return 1\n    return 2", "        return 10\n    return 2")
    assert lines(edited) == {"app.py": [2]}
    assert lines("import os\n\n" + edited) == {"app.py": [4]}
    app.f(False)
    assert lines() == {"app.py": [4]}
    app.f(True)
    assert lines() == {}


def test_methods_too_and_an_undone_edit_waits_no_more(follow: Any) -> None:
    app, lines = follow(TEXT)
    held = app.K()
    edited = TEXT.replace("self):\n        return 1", "self):\n        return 10")
    assert lines(edited) == {"app.py": [8]}
    held.m()
    assert lines() == {}
    assert lines(edited.replace("return 10", "return 11")) == {"app.py": [8]}
    assert lines(edited) == {"app.py": [8]}, "it is another text than the one that ran last"
    held.m()
    assert lines() == {}


def test_module_level_lines_ran_with_the_reload(follow: Any) -> None:
    _, lines = follow("A = 1\n" + TEXT)
    assert lines("A = 2\n" + TEXT) == {}
