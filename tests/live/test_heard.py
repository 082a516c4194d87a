"""Registries that decorators, bases and metaclasses fill: rows and order are as fresh, and who reads them reads again."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

ROWS = (
    "TABLE = []\ndef plugin(rank):\n    def put(f):\n        TABLE.append((rank, f.__name__, f))\n"
    "        {sort}return f\n    return put\n"
    "@plugin(5)\ndef a(): return 'a'\n@plugin(1)\ndef b(): return 'b'\nORDER = [n for _, n, _ in TABLE]\n"
)
SORTED = ROWS.format(sort="TABLE.sort(key=lambda r: r[:2])\n        ")
PLAIN = ROWS.format(sort="")
HOOK = (
    "class Base:\n    known = {}\n    def __init_subclass__(cls, key=None):\n"
    "        Base.known[(key or cls.__name__).lower()] = cls\n"
    "class A(Base): size = 1\nclass B(Base, key='x'): size = 2\nKEYS = sorted(Base.known)\n"
    "SIZES = [c.size for c in Base.known.values()]\n"
)
BUS = (
    "from collections import defaultdict\nclass Bus:\n    def __init__(self): self.subs = defaultdict(list)\n"
    "    def on(self, e):\n"
    "        def put(f):\n            self.subs[e].append(f)\n            return f\n        return put\n"
    "    def emit(self, e): return [f() for f in self.subs[e]]\nbus = Bus()\n"
    "@bus.on('start')\ndef a(): return 1\n@bus.on('start')\ndef b(): return 2\n@bus.on('stop')\ndef c(): return 3\n"
    "R = bus.emit('start')\n"
)
DISPATCH = (
    "from functools import singledispatch\n@singledispatch\ndef show(x): return 'obj'\n@show.register\n"
    "def _(x: int): return 'int'\n"
    "@show.register\ndef _(x: list): return [show(i) for i in x]\nR = show([1, 'a'])\n"
)
EDITS = {
    "another rank": (SORTED, "@plugin(1)", "@plugin(9)"),
    "another signature": (SORTED, "def b()", "def b(x=1)"),
    "another row in its place": (PLAIN, "@plugin(5)", "@plugin(9)"),
    "another key": (HOOK, "class A(Base)", "class A(Base, key='y')"),
    "another hook": (HOOK, "lower()", "upper()"),
    "another attribute": (HOOK, "size = 2", "size = 5"),
    "another list of a table": (BUS, "@bus.on('start')\ndef b", "@bus.on('stop')\ndef b"),
    "another type": (DISPATCH, "_(x: int): return 'int'", "_(x: str): return 'str'"),
    "a virtual subclass": (
        "from abc import ABC\nclass Shape(ABC): pass\nclass Odd: pass\nI = issubclass(Odd, Shape)\n",
        "class Odd",
        "@Shape.register\nclass Odd",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_as_fresh_there_and_back(project: Project, edit: str) -> None:
    text, before, after = EDITS[edit]
    project.load(text)
    for saved in (text.replace(before, after), text):
        assert said(project.save(saved)) == []
        assert [d for d in differences(project) if not d.startswith("app.show:")] == []


def test_a_row_holds_the_function_that_everybody_holds(project: Project) -> None:
    app = project.load(PLAIN)
    project.save(PLAIN.replace("@plugin(1)", "@plugin(7)"))
    assert app.TABLE[1] == (7, "b", app.b)


def test_a_new_plugin_is_read_off_the_registry(project: Project) -> None:
    app = project.load(SORTED)
    assert said(project.save(SORTED.replace("@plugin(5)", "@plugin(0)\ndef z(): pass\n@plugin(5)"))) == []
    assert app.ORDER == ["z", "b", "a"]
