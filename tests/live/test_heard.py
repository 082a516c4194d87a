"""Registries that decorators, bases and metaclasses fill: rows and order are as fresh, and who reads them reads again."""

from __future__ import annotations

import sys

import pytest
from live_fresh import differences
from live_project import Project, only, rare, said

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
    "another member in a table that members fill": (
        "class Field:\n    def __set_name__(self, owner, name):\n"
        "        if '_fields' not in owner.__dict__: owner._fields = {}\n"
        "        owner._fields[name] = self\nclass M:\n    a = Field()\nL = [len(n) for n in M._fields.keys()]\n",
        "    a = Field()\n",
        "    a = Field()\n    bb = Field()\n",
    ),
    "what a member of a class was taken from": (
        "A = {'a': 1}\nB = {**A}\nclass S:\n    conf = B\n    def get(self): return self.conf['a']\nV = S().get()\n",
        "'a': 1",
        "'a': 2",
    ),
    "a call of a closure": (
        "def make():\n    items = []\n    def add(x): items.append(x)\n    def all_(): return list(items)\n"
        "    return add, all_\n"
        "add, all_ = make()\nadd(1)\nadd(2)\nS = all_()\n",
        "add(2)",
        "add(3)",
    ),
    "what functions in a list read": (
        "CHECKS = []\ndef check(f):\n    CHECKS.append(f)\n    return f\nMOST = 5\n@check\n"
        "def short(s): return len(s) < MOST\n"
        "def good(s): return all(c(s) for c in CHECKS)\nR = [good(s) for s in ('a', 'abcdefg')]\n",
        "MOST = 5",
        "MOST = 9",
    ),
    "a function in a table of lists": (
        "SUBS = {'t': []}\ndef subscribe(f): SUBS['t'].append(f)\ndef publish(): return [f() for f in SUBS['t']]\n"
        "def a(): return 1\nsubscribe(a)\nR = publish()\n",
        "return 1",
        "return 2",
    ),
    "annotations that a method collects": (
        "class Base:\n    @classmethod\n    def fields(cls): return sorted(cls.__annotations__)\nclass User(Base):\n"
        "    a: int\n"
        "F = User.fields()\n",
        "    a: int\n",
        "    a: int\n    b: int\n",
    ),
    "a cell that a function set": (
        "board = [[0] * 2 for _ in range(2)]\ndef place(r, c, v): board[r][c] = v\nplace(0, 0, 1)\n"
        "def rows(): return [''.join(map(str, r)) for r in board]\nR = rows()\n",
        "0, 0, 1)",
        "0, 0, 5)",
    ),
    "what a default is a container of": (
        "ENV = 1\nOPTS = dict(env=ENV)\ndef conf(d=OPTS): return d['env']\nC = conf()\n",
        "ENV = 1",
        "ENV = 2",
    ),
    "a method that is called by its name": (
        "from operator import methodcaller\nclass P:\n    def up(self): return 'a'\n"
        "PS = [P(), P()]\nUPS = list(map(methodcaller('up'), PS))\n",
        "return 'a'",
        "return 'b'",
    ),
    "an alias of types": (
        "from typing import Optional\nNum = int | float\ndef f(x: Num, y: Optional[Num] = None): pass\n",
        "int |",
        "str | int |",
    ),
    "a virtual subclass": (
        "from abc import ABC\nclass Shape(ABC): pass\nclass Odd: pass\nI = issubclass(Odd, Shape)\n",
        "class Odd",
        "@Shape.register\nclass Odd",
    ),
}


if sys.version_info >= (3, 11):  # on 3.10 the object before is held once more, and said
    EDITS |= {
        "a row that an object is in by its own constructor": (
            "class Cmd:\n    all = []\n    def __init__(self, n):\n        self.n = n\n        Cmd.all.append(self)\n"
            "    def run(self): return self.n\na = Cmd(1)\nb = Cmd(2)\nR = [c.run() for c in Cmd.all]\n",
            "Cmd(2)",
            "Cmd(5)",
        ),
    }


WORDS = ("price", "rate", "title", "size", "code", "label", "badge", "run", "data", "perform", "up")


@pytest.mark.parametrize("edit", EDITS)
def test_as_fresh_there_and_back(project: Project, edit: str) -> None:
    text, before, after = EDITS[edit]
    text, before, after = (rare(part, *WORDS) for part in (text, before, after))
    project.load(text)
    for saved in (text.replace(before, after), text):
        assert said(project.save(saved)) == []
        assert [d for d in differences(project) if not d.startswith("app.show:")] == []


def test_what_a_removed_call_set_through_a_function_is_said(project: Project) -> None:
    text = "board = [0, 0]\ndef place(at, v): board[at] = v\nplace(0, 1)\nR = sum(board)\n"
    project.load(text)
    finding = only(project.save(text.replace("place(0, 1)\n", "")))
    assert (finding.code, finding.verdict) == ("RLD308", "applied-risk")


def test_a_call_that_adds_to_its_class_once_more_when_its_object_is_made_again_is_said(project: Project) -> None:
    text = (
        "class Log:\n    sinks = []\n    def __init__(self): self.n = 1\n"
        "    def add(self, s):\n        Log.sinks.append(s)\n        return self\n"
        "log = Log()\nlog.add(1)\nlog.add(2)\n"
    )
    app = project.load(text)
    assert "RLD307" in said(project.save(text.replace("log.add(1)\n", "")))
    assert app.Log.sinks == [1, 2, 2]


@pytest.mark.parametrize("before, after", [("'u', 1", "'t', 1"), ("push(2)", "push(3)")])
def test_an_edited_call_that_adds_once_more_to_what_others_fill_is_said(
    project: Project, before: str, after: str
) -> None:
    text = (
        "from collections import defaultdict\nSUBS = defaultdict(list)\ndef subscribe(topic, x): SUBS[topic].append(x)\n"
        "subscribe('t', 1)\nsubscribe('t', 2)\nsubscribe('u', 1)\n"
        "class Stack:\n    def __init__(self): self.xs = []\n    def push(self, x):\n        self.xs.append(x)\n"
        "        return self\n"
        "s = Stack()\ns.push(1).push(2)\n"
    )
    project.load(text)
    assert said(project.save(text.replace(before, after))) == ["RLD307"]


def test_a_row_holds_the_function_that_everybody_holds(project: Project) -> None:
    app = project.load(PLAIN)
    project.save(PLAIN.replace("@plugin(1)", "@plugin(7)"))
    assert app.TABLE[1] == (7, "b", app.b)


def test_a_new_plugin_is_read_off_the_registry(project: Project) -> None:
    app = project.load(SORTED)
    assert said(project.save(SORTED.replace("@plugin(5)", "@plugin(0)\ndef z(): pass\n@plugin(5)"))) == []
    assert app.ORDER == ["z", "b", "a"]
