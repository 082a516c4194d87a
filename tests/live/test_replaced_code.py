"""Functions whose code the program has replaced: an edit reaches them, and what they made is made again."""

from __future__ import annotations

from typing import Any

import pytest
from live_project import Project, only, said

M = "def rate(n): return n * {}\ndef total(n): return rate(n) + 1\nclass Shop:\n    def price(self): return rate(2)\n"
APP = "import m\nfor f in {}:\n    f.__code__ = f.__code__.replace(co_consts=(*f.__code__.co_consts, 'traced'))\n"
MADE = "MADE = m.total(1), m.Shop().price()\n"


def traced(project: Project, *functions: str) -> Any:
    _, app = project.load(m=M.format(1), app=APP.format(f"[{', '.join(functions)}]") + MADE)
    return app


def test_who_calls_an_edited_function_through_replaced_code_is_made_again(project: Project) -> None:
    app = traced(project, "m.total", "m.Shop.price")
    assert said(project.save(m=M.format(10))) == []
    assert app.MADE == (11, 20)
    assert "traced" in app.m.total.__code__.co_consts


def test_an_edited_function_is_what_its_text_says_and_that_is_said(project: Project) -> None:
    app = traced(project, "m.rate", "m.total")
    held = app.m.rate
    finding = only(project.save(m=M.format(10)))
    assert (finding.code, finding.path, finding.range.start.line) == ("RLD218", str(project.path("m")), 0)
    assert (held(1), app.MADE) == (10, (11, 20))
    assert said(project.save(m=M.format(100))) == []
    assert app.MADE == (101, 200)


def test_a_batch_that_fails_gives_the_replaced_code_back(project: Project) -> None:
    app = traced(project, "m.rate")
    before = app.m.rate.__code__
    assert said(project.save(m=M.format(10) + "1 / 0\n")) == ["RLD901"]
    assert app.m.rate.__code__ is before


@pytest.mark.parametrize("edit", ["def other(): pass\n" + M.format(1), M.format(1).replace("+ 1", "+ 2")])
def test_replaced_code_of_functions_that_were_not_edited_stays(project: Project, edit: str) -> None:
    app = traced(project, "m.rate")
    assert said(project.save(m=edit)) == []
    assert "traced" in app.m.rate.__code__.co_consts


def test_functions_that_the_engine_itself_lets_forward_are_no_such(project: Project) -> None:
    text = "class A:\n    def f(self): return 1\nclass B(A):\n    def f(self): return {}\n"
    app = project.load(text.format("2"))
    held = app.B().f
    for value in ("super().f() + 5", "7", "super().f() + 8"):
        assert said(project.save(text.format(value))) == []
    assert (held(), app.B().f()) == (9, 9)


def test_code_that_was_put_into_another_function(project: Project) -> None:
    text = "def f(): return 1\ndef g(): return {}\nf.__code__ = g.__code__\nMADE = f()\n"
    app = project.load(text.format(2))
    finding = only(project.save(text.format(3)))  # what the function does is not what its text says
    assert (finding.code, finding.range.start.line, app.f()) == ("RLD316", 3, 3)
