"""All or nothing: what a batch that fails leaves behind is what was there before."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from live_project import Project, only, said

from reload_lsp.live.requests import ReloadError

V1 = """
import functools
items = [1]
items.append(2)
table = {'a': 1}
def f(x=1):
    '''One.'''
    return x
class A:
    field = 1
    gone = 1
    def m(self):
        return 1
"""
V2 = """
import functools
items = [10]
items.append(20)
table = {'b': 2}
def f(x=2, *, y=3):
    '''Two.'''
    return x + y
class A:
    field = 2
    def m(self):
        return 2
    def added(self):
        return 3
new = 5
"""


def picture(app: Any) -> Any:
    """What can be seen of the module that the tests below edit."""
    own = {n: v for n, v in vars(app.A).items() if not n.startswith("__")}
    function = (app.f.__code__, app.f.__defaults__, app.f.__kwdefaults__, app.f.__doc__)
    names = {n: id(v) for n, v in vars(app).items() if not n.startswith("__")}
    return names, list(app.items), dict(app.table), function, own


@pytest.mark.parametrize(
    "fault",
    ["1 / 0", "raise SystemExit(1)", "raise KeyboardInterrupt", "import app_that_is_missing", "undefined"],
)
def test_an_exception_half_way_puts_everything_back(project: Project, fault: str) -> None:
    app = project.load(V1)
    before = picture(app)
    report = project.save(V2 + fault + "\n")
    assert picture(app) == before
    assert report.outcome == "rolled-back"
    assert said(report) == ["RLD901"]


def test_the_finding_sits_on_the_line_that_raised(project: Project) -> None:
    project.load(V1)
    report = project.save(V2 + "\n1 / 0\n")
    finding = only(report)
    assert "ZeroDivisionError" in finding.message
    assert finding.range.start.line == (V2 + "\n").count("\n")
    assert finding.path == str(project.path())


def test_the_way_to_the_line_that_raised_is_shown(project: Project) -> None:
    project.load("def f():\n    return 1\n")
    report = project.save("def f():\n    return 1 / 0\nX = f()\n")
    lines = [r.range.start.line for r in only(report).related]
    assert lines == [2, 1]


def test_a_dependent_that_fails_takes_the_whole_batch_back(project: Project) -> None:
    base, app = project.load(base="A = 1\n", app="from base import A\nX = 1 / A\n")
    report = project.save(base="A = 0\n")
    assert (base.A, app.A, app.X) == (1, 1, 1.0)
    assert only(report).path == str(project.path("app"))


def test_a_syntax_error_refuses_the_batch_and_names_its_place(project: Project) -> None:
    base, app = project.load(base="A = 1\n", app="B = 1\n")
    report = project.save(base="A = 2\n", app="B = 2\ndef broken(:\n")
    assert report.outcome == "refused"
    assert (base.A, app.B) == (1, 1)
    assert (only(report).code, only(report).range.start.line) == ("RLD901", 1)


@pytest.mark.parametrize("data", [b"A = '\0'\n", b"A = '\xff'\n", b"# coding: nothing-like-it\nA = 1\n"])
def test_a_text_that_is_no_python_refuses_the_batch(project: Project, data: bytes) -> None:
    app = project.load("A = 0\n")
    project.path().write_bytes(data)
    report = project.reload()
    assert (report.outcome, app.A) == ("refused", 0)
    assert said(report) == ["RLD901"]


def test_the_next_good_save_goes_on_from_the_last_good_state(project: Project) -> None:
    app = project.load(V1)
    held = app.f
    project.save(V2 + "1 / 0\n")
    report = project.save(V2)
    assert report.outcome == "applied"
    assert (app.items, app.table, held(), app.A().added()) == ([10, 20], {"b": 2}, 5, 3)


def test_statements_added_to_a_value_before_the_failure_are_taken_back(project: Project) -> None:
    base, _ = project.load(base="T = []\nA = 1\n", app="X = 1\n")
    project.save(base="T = []\nA = 1\nT.append(A)\n", app="X = 1\n1 / 0\n")
    assert base.T == []


def test_modules_first_imported_by_a_failed_batch_are_gone(project: Project) -> None:
    app = project.load("X = 1\n")
    project.write(helper="Y = 1\n")
    report = project.save("import helper\nX = 1 / 0\n")
    assert report.outcome == "rolled-back"
    assert "helper" not in sys.modules
    assert not hasattr(app, "helper")


def test_a_submodule_of_a_failed_batch_leaves_its_package(project: Project) -> None:
    pkg, _ = project.load(**{"pkg/__init__": "", "app": "X = 1\n"})
    project.write(**{"pkg/sub": "Y = 1\n"})
    project.save("import pkg.sub\nX = 1 / 0\n")
    assert "pkg.sub" not in sys.modules
    assert not hasattr(pkg, "sub")


def test_a_failing_decorator_and_a_failing_class_body_put_all_back(project: Project) -> None:
    app = project.load("A = 1\ndef fail(x):\n    raise ValueError(x)\nclass C:\n    x = 1\n")
    for text in ("@fail\ndef f(): pass\n", "class C:\n    x = 2\n    y = fail(1)\n"):
        report = project.save("A = 2\ndef fail(x):\n    raise ValueError(x)\n" + text)
        assert said(report) == ["RLD901"]
        assert (app.A, app.C.x, hasattr(app, "f")) == (1, 1, False)


def test_what_the_program_wrote_meanwhile_is_not_undone(project: Project) -> None:
    app = project.load("import sys\nA = 1\nB = 1\n")
    text = "import sys\nA = 2\nsys.modules[__name__].__dict__['B'] = 'from elsewhere'\nC = 1 / 0\n"
    project.save(text)
    assert (app.A, app.B) == (1, "from elsewhere")


# undo -----------------------------------------------------------------------------------------------------


def test_undo_takes_the_last_batches_back_in_order(project: Project) -> None:
    app = project.load("def f():\n    return 1\nA = 1\n")
    held = app.f
    project.save("def f():\n    return 2\nA = 2\n")
    project.save("def f():\n    return 3\nA = 3\n")
    assert project.engine.undo().outcome == "applied"
    assert (held(), app.A) == (2, 2)
    project.engine.undo()
    assert (held(), app.A, app.f is held) == (1, 1, True)
    assert project.engine.undo().outcome == "no-effect"


def test_a_save_after_an_undo_starts_from_what_runs(project: Project) -> None:
    app = project.load("A = 1\nB = A\n")
    project.save("A = 2\nB = A\n")
    project.engine.undo()
    report = project.reload()
    assert (report.outcome, app.B) == ("applied", 2)


def test_nothing_to_undo_has_no_effect(project: Project) -> None:
    project.load("A = 1\n")
    assert project.engine.undo().outcome == "no-effect"


# one batch at a time --------------------------------------------------------------------------------------


def test_a_reload_from_inside_a_reload_is_an_error(project: Project) -> None:
    asked: list[BaseException] = []

    def ask() -> None:
        try:
            project.reload()
        except ReloadError as error:
            asked.append(error)

    app = project.load("hook = None\nX = 1\n")
    app.hook = ask
    report = project.save("hook = None\nX = 1\nhook()\n")
    assert report.outcome == "applied"
    assert "inside a reload" in str(asked[0])


def test_generations_count_the_batches_that_changed_something(project: Project) -> None:
    project.load("A = 1\n")
    before = project.reload().generation
    assert project.save("A = 2\n").generation == before + 1
    assert project.save("A = 3\n1 / 0\n").generation == before + 1
    assert project.save("A = 3\n").generation == before + 2


def test_what_a_called_function_added_to_another_modules_list_is_put_back(project: Project) -> None:
    registry, _ = project.load(
        registry="known = []\ndef register(name):\n    known.append(name)\n    if name == 'mine2': raise ValueError\n",
        plugins="from registry import register\nSIZE = 2\nregister(f'ours{SIZE}')\n",
    )
    report = project.save(plugins="from registry import register\nSIZE = 2\nregister(f'mine{SIZE}')\n")
    assert (report.outcome, registry.known) == ("rolled-back", ["ours2"])
