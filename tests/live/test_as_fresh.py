"""Edits after which the program is what a fresh one would be, without a message; the others say what is not."""

from __future__ import annotations

import json

import pytest
from live_fresh import differences
from live_project import Project, said

Texts = dict[str, str]

REBOUND = {  # names that a module binds more than once
    "a function between whose bindings somebody calls it": (
        {"app": "def f(): return 1\nA = f()\ndef f(): return 2\nB = f()\n"},
        {"app": "def f(): return 10\nA = f()\ndef f(): return 2\nB = f()\n"},
    ),
    "the later of two functions": (
        {"app": "def f(): return 1\nA = f()\ndef f(): return 2\nB = f()\n"},
        {"app": "def f(): return 1\nA = f()\ndef f(): return 20\nB = f()\n"},
    ),
    "the first of two classes": (
        {"app": "class A: x = 1\nV = A.x\nclass A: x = 2\nW = A.x\n"},
        {"app": "class A: x = 10\nV = A.x\nclass A: x = 2\nW = A.x\n"},
    ),
    "a class that a later one of its name is based on": (
        {"app": "class A:\n    def f(self): return 1\nclass A(A): pass\nV = A().f()\n"},
        {"app": "class A:\n    def f(self): return 2\nclass A(A): pass\nV = A().f()\n"},
    ),
    "a helper that is used twice": (
        {"app": "t = [1]\nA = list(t)\nt = [2]\nB = [x for x in (0,) for y in t]\n"},
        {"app": "t = [5, 6]\nA = [x for x in t]\nt = [2]\nB = [x for x in (0,) for y in t]\n"},
    ),
    "a value that is added to": ({"app": "X = 1\nX += 1\nX *= 3\n"}, {"app": "X = 1\nX += 2\nX *= 3\n"}),
    "the second of two functions, removed": (
        {"app": "def f(): return 1\ndef f(): return 2\nA = f()\n"},
        {"app": "def f(): return 1\nA = f()\n"},
    ),
}

LOOPS = {
    "a loop that fills a list": (
        {"app": "T = []\nfor i in range(3):\n    T.append(i)\nLAST = i\n"},
        {"app": "T = []\nfor i in range(5):\n    T.append(i)\nLAST = i\n"},
    ),
    "a block that fills two": (
        {"app": "A = []\nB = {}\nif True:\n    A.append(1)\n    B[1] = len(A)\n"},
        {"app": "A = []\nB = {}\nif True:\n    A.append(2)\n    B[2] = len(A)\n"},
    ),
}

STORES = {  # attributes that a module sets on objects of others
    "a function put in another's place, no more": (
        {"m": "def f(): return 1\n", "app": "import m\nm.f = lambda: 5\n"},
        {"app": "import m\n"},
    ),
    "another one is put in place": (
        {"m": "def f(): return 1\ndef g(): return 2\n", "app": "import m\nm.f = lambda: 5\n"},
        {"app": "import m\nm.g = lambda: 5\n"},
    ),
    "a constant set from outside, no more": (
        {"m": "DEBUG = False\ndef f(): return DEBUG\n", "app": "import m\nsetattr(m, 'DEBUG', True)\n"},
        {"app": "import m\n"},
    ),
    "a constant set to another value": (
        {"m": "DEBUG = 0\n", "app": "import m\nm.DEBUG = 1\nV = m.DEBUG\n", "user": "import app, m\nW = m.DEBUG\n"},
        {"app": "import m\nm.DEBUG = 2\nV = m.DEBUG\n"},
    ),
    "members of a class": (
        {
            "m": "class A:\n    x = 1\n    def f(self): return 1\n",
            "app": "import m\nm.A.x = 5\nm.A.g = lambda self: 7\n",
        },
        {"app": "import m\n"},
    ),
    "attributes of its own function": (
        {"app": "def f(): pass\nf.tag = 1\nf.other = 2\n"},
        {"app": "def f(): pass\nf.tag = 1\n"},
    ),
}

METHODS = {
    "a base calls what a subclass defines": (
        {
            "m": "class B:\n    def run(self): return self.hook()\n",
            "app": "from m import B\nclass S(B):\n    def hook(self): return 1\ns = S()\ndef go(): return s.run()\nV = str(go())\n",
        },
        {
            "app": "from m import B\nclass S(B):\n    def hook(self): return 2\ns = S()\ndef go(): return s.run()\nV = str(go())\n"
        },
    ),
    "a library calls what a class of ours defines": (
        {
            "app": "import string\nclass F(string.Formatter):\n    def get_value(self, k, a, kw): return 'x'\nT = F().format('{q}')\n"
        },
        {
            "app": "import string\nclass F(string.Formatter):\n    def get_value(self, k, a, kw): return 'y'\nT = F().format('{q}')\n"
        },
    ),
    "a class handed to a library": (
        {
            "app": "import json\nclass E(json.JSONEncoder):\n    def default(self, o): return 'x'\nS = json.dumps([...], cls=E)\n"
        },
        {
            "app": "import json\nclass E(json.JSONEncoder):\n    def default(self, o): return 'y'\nS = json.dumps([...], cls=E)\n"
        },
    ),
    "a method handed to a library": (
        {"app": "import json\nclass E:\n    def d(self, o): return 'x'\ne = E()\nS = json.dumps(..., default=e.d)\n"},
        {"app": "import json\nclass E:\n    def d(self, o): return 'y'\ne = E()\nS = json.dumps(..., default=e.d)\n"},
    ),
}

VALUES = {  # objects that are no more than their value
    "a named tuple made with a default": (
        {"app": "from typing import NamedTuple\nD = 3\nclass P(NamedTuple):\n    x: int = D\np = P()\n"},
        {"app": "from typing import NamedTuple\nD = 4\nclass P(NamedTuple):\n    x: int = D\np = P()\n"},
    ),
    "an integer of the user's own kind": (
        {"app": "class I(int):\n    def __new__(cls, v): return super().__new__(cls, v + 1)\nx = I(1)\nV = int(x)\n"},
        {"app": "class I(int):\n    def __new__(cls, v): return super().__new__(cls, v + 5)\nx = I(1)\nV = int(x)\n"},
    ),
}

IMPORTS = {
    "a name that somebody tries to import is gone": (
        {"m": "X = 1\nY = 5\n", "app": "try:\n    from m import Y\nexcept ImportError:\n    Y = None\n"},
        {"m": "X = 1\n"},
    ),
    "a name that another star import gives too": (
        {"m": "a = 1\n", "n": "a = 2\n", "app": "from m import *\nfrom n import *\nX = a\n"},
        {"n": "b = 2\n"},
    ),
}

REGISTRY = """\
R = {}
def on(key):
    def wrap(f):
        assert key not in R, key
        R[key] = f
        return f
    return wrap
"""
HOOKED = """\
class B:
    known = {}
    def __init_subclass__(cls, name): B.known[name] = cls
"""
REGISTRIES = {  # entries under keys that are the statement's no more
    "a function under another key": (
        {"m": REGISTRY, "app": "from m import on\n@on('a')\ndef f(): return 1\n@on('b')\ndef g(): return 2\n"},
        {"app": "from m import on\n@on('z')\ndef f(): return 1\n@on('b')\ndef g(): return 2\n"},
    ),
    "one of two keys": (
        {"m": REGISTRY, "app": "from m import on\n@on('a')\n@on('b')\ndef f(): return 1\n"},
        {"app": "from m import on\n@on('a')\ndef f(): return 1\n"},
    ),
    "a class under another key": (
        {"m": REGISTRY, "app": "from m import on\n@on('a')\nclass A: pass\n"},
        {"app": "from m import on\n@on('z')\nclass A: pass\n"},
    ),
    "a subclass under another key": (
        {"m": HOOKED, "app": "from m import B\nclass X(B, name='x'): v = 1\n"},
        {"app": "from m import B\nclass X(B, name='y'): v = 1\n"},
    ),
    "a list for each key": (
        {
            "m": "R = {}\ndef on(e): return lambda f: R.setdefault(e, []).append(f) or f\n",
            "app": "from m import on\n@on('a')\ndef f(): pass\n",
        },
        {"app": "from m import on\n@on('z')\ndef f(): pass\n"},
    ),
    "a new function between two": (
        {
            "m": "L = []\ndef on(f): return L.append(f) or f\n",
            "app": "from m import on\n@on\ndef a(): pass\n@on\ndef c(): pass\n",
        },
        {"app": "from m import on\n@on\ndef a(): pass\n@on\ndef b(): pass\n@on\ndef c(): pass\n"},
    ),
}

LAZY = {  # names that only `__getattr__` of a module gives
    "what it reads changed": (
        {
            "m": "X = {'a': 1}\ndef __getattr__(n):\n    if n in X: return X[n]\n    raise AttributeError(n)\n",
            "app": "import m\nfrom m import a\nB = m.a + a\n",
        },
        {"m": "X = {'a': 2}\ndef __getattr__(n):\n    if n in X: return X[n]\n    raise AttributeError(n)\n"},
    ),
    "a name of another module": (
        {
            "pkg/__init__": "def __getattr__(n):\n    if n not in ('f', 'K'): raise AttributeError(n)\n    from pkg import deep\n    return getattr(deep, n)\n",
            "pkg/deep": "K = 1\ndef f(): return 1\n",
            "app": "from pkg import K, f\nV = f(), K + 1\n",
        },
        {"pkg/deep": "K = 5\ndef f(): return 2\n"},
    ),
}

ORDER = {  # statements that stand elsewhere, or between others
    "a reader below another binding": ({"app": "X = 1\nY = X + 1\nX = 5\n"}, {"app": "X = 1\nX = 5\nY = X + 1\n"}),
    "two that add to a list": (
        {"app": "R = []\nR.append(1)\nR.append(2)\nL = len(R)\n"},
        {"app": "R = []\nR.append(2)\nR.append(1)\nL = len(R)\n"},
    ),
    "one that adds to a list between two": (
        {"app": "R = []\nR.append(1)\nR.append(3)\n"},
        {"app": "R = []\nR.append(1)\nR.append(2)\nR.append(3)\n"},
    ),
    "one that adds before a function is called": (
        {"app": "V = [1]\ndef f(): return len(V)\nX = f()\nV.append(2)\n"},
        {"app": "V = [1]\nV.append(2)\ndef f(): return len(V)\nX = f()\n"},
    ),
    "functions that call each other": (
        {"app": "def f(): return g()\ndef g(): return 1\nX = f()\n"},
        {"app": "def g(): return 1\nX = g()\ndef f(): return g()\n"},
    ),
}

LOOKED_AT = {  # names that somebody looks up
    "all names of a module": (
        {
            "m": "def do_a(): return 1\n",
            "app": "import m\nNAMES = sorted(n for n in vars(m) if n.startswith('do_'))\nV = [getattr(m, n)() for n in dir(m) if n[:3] == 'do_']\n",
        },
        {"m": "def do_a(): return 2\ndef do_b(): return 3\n"},
    ),
    "subclasses": (
        {
            "m": "class B: pass\ndef names(): return [c.__name__ for c in B.__subclasses__()]\n",
            "x": "from m import B\nclass X(B): pass\n",
            "app": "import x, m\nALL = m.names()\n",
        },
        {"x": "from m import B\nclass X(B): pass\nclass Y(B): pass\n"},
    ),
    "a method by its name": (
        {"app": "class A:\n    def m(self): return 1\na = A()\nV = [getattr(a, n)() for n in ('m',)]\n"},
        {"app": "class A:\n    def m(self): return 2\na = A()\nV = [getattr(a, n)() for n in ('m',)]\n"},
    ),
    "a lambda's constant": (
        {"app": "N = 3\nf = lambda x: x * N\nV = f(2)\n"},
        {"app": "N = 4\nf = lambda x: x * N\nV = f(2)\n"},
    ),
}

MEMBERS = {  # members of a class that are made of others
    "a constant made of another one": (
        {"app": "class A:\n    N = 2\n    M = N * 2\n    T = tuple(range(M))\n"},
        {"app": "class A:\n    N = 3\n    M = N * 2\n    T = tuple(range(M))\n"},
    ),
    "annotations that are evaluated in another way": (
        {"app": "class A:\n    x: int = 1\n    y: str\n    def f(self) -> int: return 1\n"},
        {
            "app": "from __future__ import annotations\nclass A:\n    x: int = 1\n    y: str\n    def f(self) -> int: return 2\n"
        },
    ),
    "annotations that are objects again": (
        {"app": "from __future__ import annotations\nclass A:\n    x: int = 1\n    y: str\n"},
        {"app": "class A:\n    x: int = 1\n    y: str\n"},
    ),
    "a constant that a method made": (
        {"app": "class A:\n    def make(n): return n * 2\n    x = make(2)\n"},
        {"app": "class A:\n    def make(n): return n * 3\n    x = make(2)\n"},
    ),
}
BLOCKS = {  # functions that are defined under another statement
    "called below it": (
        {"app": "try:\n    import no_such_module\nexcept ImportError:\n    def f(): return 1\nV = f()\n"},
        {"app": "try:\n    import no_such_module\nexcept ImportError:\n    def f(): return 5\nV = f()\n"},
    ),
    "called in it": (
        {"app": "import contextlib\nwith contextlib.nullcontext():\n    def f(): return 1\n    X = f()\n"},
        {"app": "import contextlib\nwith contextlib.nullcontext():\n    def f(): return 5\n    X = f()\n"},
    ),
}
LOADED = {
    "modules by a name that is computed": (
        {
            "p/__init__": "from importlib import import_module\nALL = {n: import_module(f'p.{n}').NAME for n in ('a', 'b')}\n",
            "p/a": "NAME = 1\n",
            "p/b": "NAME = 2\n",
        },
        {"p/a": "NAME = 3\n"},
    ),
    "what a generator gives": (
        {"app": "def g(): yield 1\nL = list(g())\n"},
        {"app": "def g(): yield 2\nL = list(g())\n"},
    ),
    "a logger of another name": (
        {
            "n": "NAME = 'a'\n",
            "app": "import logging\nfrom n import NAME\nlog = logging.getLogger(NAME)\nV = log.name\n",
        },
        {"n": "NAME = 'b'\n"},
    ),
    "what is listed, when a function goes": (
        {
            "m": "def do_a(): pass\ndef do_b(): pass\n",
            "app": "import m\nNAMES = [n for n in dir(m) if n.startswith('do_')]\n",
        },
        {"m": "def do_a(): pass\n"},
    ),
}

CASES = {
    **MEMBERS,
    **BLOCKS,
    **LOADED,
    **ORDER,
    **LOOKED_AT,
    **REGISTRIES,
    **LAZY,
    **REBOUND,
    **LOOPS,
    **STORES,
    **METHODS,
    **VALUES,
    **IMPORTS,
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_after_the_edit_it_is_as_fresh(project: Project, before: Texts, after: Texts) -> None:
    project.load(**before)
    assert said(project.save(**after)) == []
    assert differences(project) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import json\njson.ours = 1\n", "import json\n"),
        ("from m import D\nD['b'] = 2\n", "from m import D\nD['c'] = 2\n"),
    ],
)
def test_what_a_removed_statement_left_with_others_is_said(
    project: Project, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    monkeypatch.setattr(json, "ours", 0, raising=False)
    project.load(m="D = {'a': 1}\n", app=before)
    assert said(project.save(app=after)) == ["RLD308"]


def test_what_was_put_in_the_place_of_others_comes_back_with_the_batch(project: Project) -> None:
    m, _ = project.load(m="def f(): return 1\n", app="import m\nm.f = lambda: 5\n")
    assert said(project.save(app="import m\n1 / 0\n")) == ["RLD901"]
    assert m.f() == 5


def test_what_is_set_in_the_environment_reaches_what_is_read_below(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT_OF_APP", "0")
    text = "import os\nos.environ['PORT_OF_APP'] = '{}'\nA = os.environ['PORT_OF_APP']\nB = os.getenv('PORT_OF_APP')\n"
    app = project.load(text.format(1))
    assert said(project.save(text.format(2))) == []
    assert (app.A, app.B) == ("2", "2")


def test_a_statement_that_saw_an_object_bound_again_below_says_what_it_sees(project: Project) -> None:
    text = "class App: pass\nx = App()\nA = id(x) * {}\nx = App()\n"
    project.load(text.format(0))
    assert said(project.save(text.format(1))) == ["RLD311"]


def test_dictionaries_and_sets_find_objects_that_have_another_hash_now(project: Project) -> None:
    text = """\
        class K:
            def __init__(self, n): self.n = n
            def __eq__(self, other): return self.n == other.n
            def __hash__(self): return {}
    """
    app = project.load(text.format("hash(self.n)"))
    table, some = {app.K(1): "one", app.K(2): "two"}, {app.K(3)}
    assert said(project.save(text.format("hash(self.n) + 7"))) == []
    assert table[app.K(1)] == "one" and app.K(3) in some and [k.n for k in table] == [1, 2]
    assert said(project.save(text.format("hash(self.n)") + "\n        1 / 0\n")) == ["RLD901"]
    assert table[app.K(2)] == "two" and app.K(3) in some


@pytest.mark.parametrize("after", ["def f(): return 1\n", "bus.add(g)\n"])
def test_what_is_no_longer_registered_and_still_stands_is_said(project: Project, after: str) -> None:
    bus = "class Bus:\n    def __init__(self): self.all = []\n    def add(self, f): self.all.append(f); return f\nbus = Bus()\n"
    before = "def g(): pass\n@bus.add\ndef f(): return 1\nbus.add(f)\n"
    edited = before.replace("@bus.add\n", "") if "def" in after else before.replace("bus.add(f)\n", after)
    project.load(bus=bus, app="from bus import bus\n" + before)
    assert said(project.save(app="from bus import bus\n" + edited)) == ["RLD307"]


def test_new_imports_are_there_before_edited_functions_use_them(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the new module is imported, the function that will use it is called: it still does what it did."""
    app = project.load("def f(): return 1\n")
    project.write(probe="import app\nX = 5\nif __name__ == 'probe': print('seen', app.f())\n")
    project.save("import probe\ndef f(): return probe.X + 1\n")
    assert capsys.readouterr().out == "seen 1\n"
    assert app.f() == 6


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("R = {'a': 1}\n", "R = {'a': 1, 'b': 2}\n", 1),
        ("R = [1]\nR.append(2)\n", "R = [0]\nR.append(2)\n", 1),
        ("R = [1, 2]\n", "R = [1, 99]\n", 0),
    ],
)
def test_what_the_program_had_put_into_a_container_is_said_to_be_gone(
    project: Project, before: str, after: str, count: int
) -> None:
    app = project.load(before)
    app.R.update({"z": 99}) if "{" in before else app.R.append(99)
    report = project.save(after)
    assert differences(project) == []
    assert [(f.code, f.severity, f.count.n) for f in report.findings if f.count] == [("RLD311", "information", count)][
        :count
    ]


GROUP = (
    "class G:\n    all = []\n    @classmethod\n    def add(cls, x): cls.all.append(x)\nG.add(1)\nG.add({})\nG.add(3)\n"
)


def test_what_a_call_adds_again_takes_the_place_of_what_it_had_added(project: Project) -> None:
    app = project.load(GROUP.format(2))
    assert said(project.save(GROUP.format(20))) == []
    assert app.G.all == [1, 20, 3]
    assert said(project.save(GROUP.format(20).replace("G.add(3)", "G.add(21)\nG.add(3)"))) == []
    assert app.G.all == [1, 20, 21, 3]


def test_a_call_that_runs_again_says_what_it_had_added_to_what_others_fill_too(project: Project) -> None:
    app = project.load(GROUP.format(2))
    app.G.add("of the program")
    assert said(project.save(GROUP.format(20))) == ["RLD307"]
    assert app.G.all == [1, 2, 3, "of the program", 20]


def test_a_registry_that_takes_no_name_twice_takes_the_edited_one(project: Project) -> None:
    m = "known = {}\ndef register(id, name):\n    if id not in known: known[id] = name\n"
    text = "from m import register\nregister('a', name='{}')\nregister('b', name='B')\n"
    registry, _ = project.load(m=m, app=text.format("Daily"))
    assert said(project.save(app=text.format("Nightly"))) == []
    assert list(registry.known.items()) == [("a", "Nightly"), ("b", "B")]


def test_a_block_that_makes_a_class_where_none_is_registered_keeps_it(project: Project) -> None:
    m = "R = set()\nclass Base:\n    def f(self): return 1\n    def __init_subclass__(cls): R.add(cls.__name__)\n"
    text = "from m import Base, R\ndef known(n): return n in R\nif not known('Shop'):\n    class Shop(Base): pass\n"
    _, app = project.load(m=m, app=text)
    assert said(project.save(m=m.replace("return 1", "return 2\n    def g(self): return 3"))) == []
    assert (app.Shop().f(), app.Shop().g()) == (2, 3)


def test_what_calls_added_goes_with_a_batch_that_fails(project: Project) -> None:
    app = project.load(GROUP.format(2))
    assert said(project.save(GROUP.format(20) + "1 / 0\n")) == ["RLD901"]
    assert app.G.all == [1, 2, 3]


def test_a_call_that_sets_the_same_key_again_says_nothing(project: Project) -> None:
    app = project.load("R = {}\ndef put(k, v): R[k] = v\nput('a', 1)\n")
    assert said(project.save("R = {}\ndef put(k, v): R[k] = v\nput('a', 2)\n")) == []
    assert app.R == {"a": 2}


def test_a_removed_class_of_which_a_base_has_written_down_the_name(project: Project) -> None:
    base = "R = {}\nclass B:\n    def __init_subclass__(cls): R[cls.__name__] = cls.kind\n"
    text = "from base import B\nclass A(B): kind = 'a'\n"
    project.load(base=base, app=text + "class C(B): kind = 'c'\n")
    assert said(project.save(app=text)) == ["RLD307"]


def test_a_name_that_a_function_had_set_comes_back_with_the_batch(project: Project) -> None:
    text = "X = None\ndef setup():\n    global X\n    X = {}\nsetup()\n"
    app = project.load(text.format(1))
    assert said(project.save(text.format(2) + "1 / 0\n")) == ["RLD901"]
    assert app.X == 1


GIVES = "class G:\n    def __class_getitem__(cls, k): return ({0}, k)\n    def __init__(self, n): self.n = n\n"
GIVES += "    def __add__(self, other): return self.n * {0} + other.n\n"
USES = (
    "a, b = G(1), G(2)\ndef f(x: G[1] = G[2], y=a + b) -> G[3]: return x\nclass K:\n    z: G[4] = G[5]\n    s = a + b\n"
)


def test_operators_in_definitions_give_what_they_give_now(project: Project) -> None:
    app = project.load(GIVES.format(1) + USES)
    assert said(project.save(GIVES.format(10) + USES)) == []
    assert (app.f.__defaults__, app.f.__annotations__["return"]) == (((10, 2), 12), (10, 3))
    assert (app.K.z, app.K.s, app.K.__annotations__["z"]) == ((10, 5), 12, (10, 4))
