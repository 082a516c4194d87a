"""A held statement is said until it runs, or until all that it was held for is taken back."""

from __future__ import annotations

from live_project import Project, endings, said

LIB = "class App:\n    pass\n\ndef create():\n    print('made')\n    return App()\n"
APP = "from lib import create\napplication = create()\n"


def held(project: Project, **after: str) -> list[str]:
    return [line.split()[0] for line in said(project.save(**after))]


def test_an_edit_that_is_taken_back_holds_nothing(project: Project) -> None:
    project.load(lib=LIB, app=APP)
    assert held(project, lib=LIB.replace("'made'", "'made again'")) == ["RLD316"]
    report = project.save(lib=LIB)
    assert (report.outcome, said(report)) == ("applied", [])
    assert "held" not in endings(report).values()


def test_also_after_several_edits_and_an_unrelated_one(project: Project) -> None:
    project.load(lib=LIB, app=APP)
    assert held(project, lib=LIB.replace("'made'", "'one'")) == ["RLD316"]
    assert held(project, lib=LIB.replace("'made'", "'two'")) == ["RLD316"]
    assert held(project, lib=LIB.replace("'made'", "'two'") + "\nLATER = 1\n") == []
    assert held(project, lib=LIB + "\nLATER = 1\n") == []


def test_what_is_taken_back_in_part_is_still_held(project: Project) -> None:
    text = LIB.replace("'made'", "name()") + "\ndef name(): return 'made'\n"
    project.load(lib=text, app=APP)
    assert held(project, lib=text.replace("return App", "return  App").replace("'made'", "'x'")) == ["RLD316"]
    assert held(project, lib=text.replace("'made'", "'y'")) == ["RLD316"]


def test_a_statement_that_ran_meanwhile_is_held_when_that_is_taken_back(project: Project) -> None:
    project.load(lib=LIB, app=APP)
    assert held(project, lib=LIB.replace("'made'", "'made again'")) == ["RLD316"]
    other = APP.replace("create()", "create() or None")
    project.save(app=other)  # it was edited, and has run with the new text
    project.save(app=APP)
    assert held(project, lib=LIB) == ["RLD316"]


def test_undo_takes_back_what_was_held(project: Project) -> None:
    project.load(lib=LIB, app=APP)
    assert held(project, lib=LIB.replace("'made'", "'made again'")) == ["RLD316"]
    report = project.engine.undo()
    assert (report.outcome, said(report)) == ("applied", [])
