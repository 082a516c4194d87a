"""Functions of which the docstring alone is edited: who called them is left alone, who may look at it is not."""

from __future__ import annotations

import pytest
from live_project import Project, said

LIB = 'def make(n):\n    """{}"""\n    print("made")\n    return [n]\n'
USES = {
    "called": "from lib import make\nV = make(1)\n",
    "called under another name": "import lib as l\nV = l.make(1)\n",
}
LOOKS = {
    "handed to what looks": "from lib import make\ndef text(f): return f.__doc__\nV = text(make)\n",
    "looked at by its name": "import lib\nV = lib.make.__doc__\n",
    "handed to a library": "import lib, inspect\nV = inspect.getdoc(lib.make)\n",
}


@pytest.mark.parametrize("use", USES.values(), ids=[n.replace(" ", "-") for n in USES])
def test_what_it_gave_stays_and_nothing_is_said(project: Project, use: str) -> None:
    lib, app = project.load(lib=LIB.format("Old."), app=use)
    before = app.V
    assert said(project.save(lib=LIB.format("New."))) == []
    assert app.V is before and lib.make.__doc__ == "New."


@pytest.mark.parametrize("use", LOOKS.values(), ids=[n.replace(" ", "-") for n in LOOKS])
def test_who_looks_at_it_follows(project: Project, use: str) -> None:
    _, app = project.load(lib=LIB.format("Old."), app=use)
    assert said(project.save(lib=LIB.format("New."))) == []
    assert app.V == "New."


@pytest.mark.parametrize("body", ['    return "x"\n', '    """{}"""\n    return "{}"\n'])
def test_a_text_that_is_a_value_too_is_no_docstring_alone(project: Project, body: str) -> None:
    text = "def f():\n" + body + "V = f()\n"
    app = project.load(text.format("x", "x"))
    project.save(text.format("y", "y").replace('"x"', '"y"'))
    assert app.V == "y"


def test_what_it_defines_and_runs_is_followed_too(project: Project) -> None:
    text = 'def f():\n    """{}"""\n    def g(): return {}\n    return g\ng = f()\nV = g()\n'
    app = project.load(text.format("Old.", 1))
    assert said(project.save(text.format("New.", 2))) == []
    assert app.V == 2


WRITTEN = """
def fields(cls):
    kind = type(cls.__name__ + "Fields", (tuple,), {{}})
    cls.__fields__ = kind(n for n in cls.__annotations__)
    scope = {{}}
    exec(compile("def __init__(self, x=0): self.x = x\\ndef __eq__(self, o): return self.x == o.x", "<fields>", "exec"), scope)
    cls.__init__, cls.__eq__ = scope["__init__"], scope["__eq__"]
    return cls
@fields
class Point:
    x: int
    def far(self){}:
        return Point(self.x + 100)
def make(p):
    print("made")
    return [Point(7).x, p.x]
near = Point(1)
V = make(near)
def show(fields):
    print("shown")
    return len(fields)
W = show(Point.__fields__)
"""


def test_what_a_library_writes_again_for_a_class_is_no_change(project: Project) -> None:
    app = project.load(WRITTEN.format(""))
    before = app.near, app.V
    assert said(project.save(WRITTEN.format(" -> 'Point'"))) == []
    assert (app.near, app.V) == before
