"""Decorators that give a function another code, as those that check types do: they are asked to do so again."""

from __future__ import annotations

from live_project import Project, said

RECODE = """
from types import FunctionType
LIMIT = 100
def plus_hundred(f):
    code = f.__code__
    consts = tuple(c + LIMIT if type(c) is int else c for c in code.co_consts)
    return FunctionType(code.replace(co_consts=consts), f.__globals__, f.__name__, f.__defaults__)
"""
APP = """
from recode import plus_hundred
Alias = {}
@plus_hundred
def f(x: Alias = None): return (lambda: {})() or {}
held = [f]
"""


def test_an_edited_body_is_recoded(project: Project) -> None:
    _, app = project.load(recode=RECODE, app=APP.format("int", "0", "2010"))
    for value in ("2020", "2010", "2030"):
        assert said(project.save(app=APP.format("int", "0", value))) == []
        assert (app.f(), app.held[0]()) == (int(value) + 100,) * 2


def test_so_is_one_whose_annotation_reads_what_changed(project: Project) -> None:
    _, app = project.load(recode=RECODE, app=APP.format("int", "0", "2010"))
    for alias in ("str", "int"):
        assert said(project.save(app=APP.format(alias, "0", "2010"))) == []
        assert app.f() == 2110


def test_what_is_known_of_a_function_is_no_registration(project: Project) -> None:
    """A memo that holds functions weakly, with yes or no: nothing stays of it when the decorator is gone."""
    memo = "from weakref import WeakKeyDictionary\nASKED = WeakKeyDictionary()\ndef ask(f):\n    ASKED[f] = False\n    return f\n"
    app = "import memo\n{}def f(n={}): return n\n"
    project.load(memo=memo, app=app.format("@memo.ask\n", 1))
    for text in (app.format("", 1), app.format("@memo.ask\n", 1), app.format("@memo.ask\n", 2)):
        assert said(project.save(app=text)) == []
