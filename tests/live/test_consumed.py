"""Functions that a statement calls and lets go: nobody else holds them, so that the statement runs again."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

ROWS = (
    "from functools import reduce\nROWS = [3, 1, 2]\nN = 1\n"
    "class Column:\n    def __init__(self, v): self.v = v\n    def map(self, f): return Column([f(x) for x in self.v])\n"
    "    def total(self): return self.v\nONE = Column(ROWS)\n"
)
CASES = {
    "a sort": ("T = sorted(ROWS, key=lambda x: {})\n", "x", "-x"),
    "a sum": ("T = sum(map(lambda x: {}, ROWS))\n", "x", "x * 2"),
    "a fold": ("T = reduce(lambda a, b: a {} b, ROWS)\n", "+", "-"),
    "a choice": ("T = max(ROWS, key=lambda x: {})\n", "x", "-x"),
    "in a display": ("T = {{k: (lambda q: q + {})(k) for k in ROWS}}\n", "1", "2"),
    "an object": ("T = ONE.map(lambda x: x * {})\n", "1", "2"),
    "an item": ("T = {{}}\nT['y'] = ONE.map(lambda x: x * {}).total()\n", "1", "2"),
    "in place": ("T = list(ROWS)\nT.sort(key=lambda x: {})\n", "x", "-x"),
    "in a class body": ("class T:\n    order = sorted(ROWS, key=lambda x: {})\n", "x", "-x"),
    "of a default": ("def f(order=max(ROWS, key=lambda x: {})): return order\n", "x", "-x"),
    "an inner one": ("T = (lambda n: [n(r) for r in ROWS])(lambda r: r * {})\n", "1", "2"),
    "a constant in an object": ("M = {}\nT = ONE.map(lambda x: x * M)\n", "1", "2"),
}


@pytest.mark.parametrize(("text", "before", "after"), CASES.values(), ids=[n.replace(" ", "-") for n in CASES])
def test_what_it_made_is_made_again(project: Project, text: str, before: str, after: str) -> None:
    project.load(ROWS + text.format(before))
    for value in (after, before, after):
        assert said(project.save(ROWS + text.format(value))) == []
        assert differences(project) == []


def test_one_that_somebody_holds_is_swapped(project: Project) -> None:
    text = "made = []\ndef on(f):\n    made.append(f)\n    return f\nF = on(lambda: {})\nG = (lambda n: lambda: n + {})(1)\n"
    app = project.load(text.format(1, 1))
    assert said(project.save(text.format(2, 5))) == []
    assert (len(app.made), app.made[0](), app.F(), app.G()) == (1, 2, 2, 6)


def test_an_item_that_is_gone_comes_back(project: Project) -> None:
    """The object is made again without it: nothing of it is in force, and it runs when it is back."""
    library = "class Frame(dict):\n    def map(self, f): return [f(x) for x in self['x']]\n"
    app = "from library import Frame\nT = Frame(x=[1, 2])\n{}"
    line = "T['y'] = T.map(lambda v: v * 2)\n"
    project.load(library=library, app=app.format(line))
    for text in ("", line, ""):
        assert said(project.save(app=app.format(text))) == []
        assert differences(project) == []


def test_a_constant_in_one_that_an_unknown_method_called_is_said(project: Project) -> None:
    text = "M = {}\nT = {{}}\nT['y'] = ONE.map(lambda x: x * M).total()\n"
    project.load(ROWS + text.format(1))
    assert said(project.save(ROWS + text.format(2))) == ["RLD316"]
