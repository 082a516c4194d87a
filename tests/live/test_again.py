"""What was held runs when the user says so: by command, or by a comment that is added."""

from __future__ import annotations

from typing import Any

import pytest
from live_project import Project, endings, only, said

from reload_lsp.findings.values import Report
from reload_lsp.live.requests import Place, ReloadError

HELD = "import mimetypes\nSIZE = 2\nseen = []\nmimetypes.add_type('x/ours', f'.ours{SIZE}')\nDOUBLE = SIZE * 2\n"
EDITED = HELD.replace("SIZE = 2", "SIZE = 3")


def known() -> list[str]:
    import mimetypes

    return [f".ours{n}" for n in range(2, 5) if f".ours{n}" in mimetypes.types_map]


@pytest.fixture
def held(project: Project) -> Any:
    """A program with a statement that was not run again; what it registers is taken back."""
    import mimetypes

    project.load(HELD)
    assert said(project.save(EDITED)) == ["RLD307"]
    assert known() == [".ours2"]
    yield project
    for name in known():
        del mimetypes.types_map[name]


def rerun(project: Project, line: int) -> Report:
    return project.engine.rerun([Place(str(project.path()), line)])


def test_a_held_statement_runs_when_it_is_asked_for(held: Project) -> None:
    report = rerun(held, 3)
    assert known() == [".ours2", ".ours3"]
    assert (report.outcome, report.cause, report.findings) == ("applied", "command", ())
    assert list(endings(report).values()) == ["ran"]


def test_what_reads_its_product_follows(project: Project) -> None:
    app = project.load(
        "import itertools\nnext_id = itertools.count().__next__\nFIRST = next_id()\nTEXT = f'{FIRST}!'\n"
    )
    report = rerun(project, 2)
    assert (app.FIRST, app.TEXT) == (1, "1!")
    assert endings(report) == {"FIRST": "ran", "TEXT": "ran"}


def test_one_that_raises_leaves_everything_as_it_was(project: Project) -> None:
    app = project.load("""
        calls = []

        def once():
            if calls:
                raise ValueError('twice')
            return calls.append(1)

        made = once()
    """)
    report = rerun(project, 8)
    assert report.outcome == "rolled-back"
    assert "twice" in only(report).message
    assert app.calls == [1]


def test_a_line_on_which_nothing_begins_is_refused(held: Project) -> None:
    with pytest.raises(ReloadError, match="no statement of the loaded text begins on line 9"):
        rerun(held, 8)
    with pytest.raises(ReloadError, match="no module of this file"):
        held.engine.rerun([Place("/nowhere/x.py", 0)])


@pytest.mark.parametrize("word", ["keep", "never", "ignore[RLD307]"])
def test_a_comment_that_keeps_answers_for_the_statement(held: Project, word: str) -> None:
    report = held.save(EDITED.replace("{SIZE}')", "{SIZE}')  # reload: " + word))
    assert [(s.line, s.ending) for s in report.statements] == [(3, "kept")]
    assert known() == [".ours2"]


def test_a_comment_that_says_rerun_runs_it_now(held: Project) -> None:
    report = held.save(EDITED.replace("{SIZE}')", "{SIZE}')  # reload: rerun"))
    assert [(s.line, s.ending) for s in report.statements] == [(3, "ran")]
    assert known() == [".ours2", ".ours3"]


def test_a_comment_that_was_there_says_nothing_new(project: Project) -> None:
    app = project.load("n = [1]  # reload: rerun\nm = 2\n")
    made = app.n
    report = project.save("n = [1]  # reload: rerun\nm = 3\n")
    assert app.n is made
    assert endings(report) == {"m": "ran"}


def test_an_undo_does_not_hold_what_the_undone_batch_held_too(held: Project) -> None:
    report = held.engine.undo()
    assert (report.outcome, said(report)) == ("applied", [])
    assert known() == [".ours2"]


def test_an_undo_after_it_ran_all_the_same_says_that_its_effect_stays(held: Project) -> None:
    rerun(held, 3)
    assert said(held.engine.undo()) == ["RLD307"]
