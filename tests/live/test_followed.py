"""What an edit reaches by ways that no text spells: methods that use it, members, operators, registries, computed names."""

from __future__ import annotations

import copy

import pytest
from live_fresh import differences, fresh, running, shapes
from live_project import Project, said

Edits = tuple[tuple[str, str, str], ...]  # module, text, what takes its place
Case = tuple[dict[str, str], Edits]

USED_BY_METHODS = {
    "a constant": (
        {
            "conf": "K = 2\n",
            "lib": "import conf\nfrom conf import K\nclass A:\n    def f(self): return K\n    def g(self): return conf.K + self.f()\n    @property\n    def p(self): return K\n",
            "app": "from lib import A\nV = A().f()\nW = A().g()\na = A()\nP = a.p\ndef use(): return A().g()\nU = use()\n",
        },
        (("conf", "2", "3"),),
    ),
    "a function": (
        {
            "lib": "def helper(): return 1\nclass A:\n    def f(self): return helper()\n    def __str__(self): return str(helper())\n",
            "app": "from lib import A\nV = A().f()\nS = str(A())\n",
        },
        (("lib", "return 1", "return 2"),),
    ),
    "a member of their class": (
        {"app": "class C:\n    url = 'a'\n    def __repr__(self): return self.url\nR = repr(C())\n"},
        (("app", "'a'", "'b'"),),
    ),
    "a member of a base": (
        {
            "errors": "class E(Exception):\n    status = 'x'\n",
            "app": "from errors import E\nclass F(E): pass\nS = F('').status\n",
        },
        (("errors", "'x'", "'y'"),),
    ),
    "a descriptor": (
        {
            "app": "class F:\n    def __get__(self, i, o): return 1\nclass M:\n    a = F()\nm = M()\nV = M().a\nW = [m.a]\n"
        },
        (("app", "return 1", "return 2"),),
    ),
    "a lambda in a member": (
        {"app": "class T:\n    f = staticmethod(lambda: 5)\nV = T.f()\n"},
        (("app", "5", "6"),),
    ),
}

GENERATED = {  # methods that nobody wrote
    "the constructor of a data class": (
        {
            "app": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 0\ndef make(*a):\n    try: return P(*a)\n    except TypeError: return 'no'\nV = str(make(1))\n"
        },
        (("app", "@dataclass\n", "@dataclass(kw_only=True)\n"),),
    ),
    "those of a data class whose base has another field": (
        {
            "base": "from dataclasses import dataclass\n@dataclass\nclass B:\n    a: int = 1\n",
            "app": "from dataclasses import dataclass\nfrom base import B\n@dataclass\nclass D(B):\n    b: int = 2\nd = repr(D())\n",
        },
        (("base", "a: int = 1", "a: int = 7\n    c: int = 9"),),
    ),
    "a keyword of a metaclass": (
        {
            "app": "class Meta(type):\n    def __new__(m, n, b, ns, *, tag):\n        c = super().__new__(m, n, b, ns); c.tag = tag; return c\n    def __init__(c, n, b, ns, *, tag): super().__init__(n, b, ns)\n    def hello(c): return c.tag\nclass A(metaclass=Meta, tag='t1'): pass\nH = A.hello()\n"
        },
        (("app", "tag='t1'", "tag='t2'"),),
    ),
    "the members of an Enum, by its constructor": (
        {
            "app": "from enum import Enum\nclass P(Enum):\n    A = (1, 2)\n    B = (3, 4)\n    def __init__(self, m, r): self.g = m * r\n    @property\n    def s(self): return self.g + 1\nT = {p: p.g for p in P}\nX = P.A.s\n"
        },
        (("app", "m * r", "m + r"),),
    ),
    "the values of an Enum, by how they are generated": (
        {
            "app": "from enum import Enum, auto\nclass B(Enum):\n    def _generate_next_value_(name, start, count, last): return name.lower()\nclass S(B):\n    A = auto()\nVALUES = [s.value for s in S]\n"
        },
        (("app", "name.lower()", "name.lower() + '!'"),),
    ),
    "hints of a class": (
        {
            "app": "import typing\nclass A:\n    x: int\nH = {k: v.__name__ for k, v in typing.get_type_hints(A).items()}\n"
        },
        (("app", "x: int", "x: str"),),
    ),
}

OBJECT = "class O:\n    def __init__(self, n): self.n = n\n    def __repr__(self): return f'O{self.n}'\n"
ORDERED = {  # the same objects in another order
    "a method that compares": (
        {
            "app": OBJECT
            + "    def __lt__(self, o): return self.n < o.n\nL = sorted([O(1), O(3), O(2)])\nK = [O(3), O(1)]\nK.sort()\nM = max(L)\n"
        },
        (("app", "self.n < o.n", "self.n > o.n"),),
    ),
    "a function that is given": (
        {
            "app": OBJECT
            + "def key(o): return o.n\nS = [O(2), O(1), O(3)]\nL = sorted(S, key=key)\nM = max(S, key=key)\nF = [o for o in S if key(o) > 1]\nD = {key(o): o for o in S}\n"
        },
        (("app", "return o.n", "return -o.n"),),
    ),
    "a constant that such a function reads": (
        {
            "app": OBJECT
            + "SIGN = 1\ndef key(o): return SIGN * o.n\nS = [O(2), O(1)]\nM = max(S, key=key)\nL = sorted(S, key=key)\n"
        },
        (("app", "SIGN = 1", "SIGN = -1"),),
    ),
}

REGISTERED = {
    "data read off a registry": (
        {
            "app": "class Table:\n    def __init__(self): self.all = {}\n    def add(self, n):\n        def wrap(f): self.all[n] = f; return f\n        return wrap\n    def run(self): return [f() for f in self.all.values()]\nt = Table()\n@t.add('a')\ndef a(): return 1\nV = t.run()\n"
        },
        (("app", "return 1", "return 2"),),
    ),
    "a decorator that files under another name": (
        {
            "m": "R = {}\ndef reg(c):\n    R[c.__name__] = c\n    return c\n",
            "app": "from m import reg\n@reg\nclass A: pass\n",
        },
        (("m", "c.__name__", "c.__name__.lower()"),),
    ),
    "a function between two in a table": (
        {
            "m": "R = {}\ndef on(n):\n    def wrap(f): R[n] = f; return f\n    return wrap\n",
            "app": "from m import R, on\n@on('a')\ndef a(): pass\n@on('c')\ndef c(): pass\nN = list(R)\n",
        },
        (("app", "@on('c')", "@on('b')\ndef b(): pass\n@on('c')"),),
    ),
    "a class between two": (
        {
            "m": "H = {}\nL = []\nclass Base:\n    def __init_subclass__(cls): H[cls.__name__] = cls; L.append(cls)\n",
            "app": "from m import Base\nclass A(Base): pass\nclass C(Base): pass\n",
        },
        (("app", "class C", "class B(Base): pass\nclass C"),),
    ),
    "two functions that change places": (
        {
            "m": "L = []\ndef on(f): L.append(f); return f\n",
            "app": "from m import on\n@on\ndef a(): return 'a'\n@on\ndef b(): return 'b'\n@on\ndef c(): return 'c'\n",
        },
        (
            (
                "app",
                "@on\ndef a(): return 'a'\n@on\ndef b(): return 'b'\n",
                "@on\ndef b(): return 'b'\n@on\ndef a(): return 'a'\n",
            ),
        ),
    ),
    "a new one where the registry sorts": (
        {
            "m": "L = []\ndef on(rank):\n    def wrap(f):\n        L.append((rank, f)); L.sort(key=lambda p: p[0]); return f\n    return wrap\n",
            "app": "from m import on\n@on(1)\ndef a(): pass\n@on(2)\ndef c(): pass\n",
        },
        (("app", "@on(2)", "@on(3)\ndef b(): pass\n@on(2)"),),
    ),
}

LAMBDAS = {
    "in a table": (
        {"app": "B = 3\nT = {i: (lambda x, i=i: x * i + B) for i in range(3)}\nV = [T[i](1) for i in range(3)]\n"},
        (("app", "x * i + B", "x * i - B"),),
    ),
    "put into another module": (
        {"m": "X = 1\n", "app": "import m\nm.hook = lambda: 1\nV = m.hook()\n"},
        (("app", "lambda: 1", "lambda: 2"),),
    ),
}

COMPUTED = {  # names that no text spells
    "names of a loop": (
        {
            "app": "for name in ('x', 'y', 'z'):\n    globals()['get_' + name] = (lambda n: lambda: n)(name)\nclass K: pass\nfor name in ('p', 'q'):\n    setattr(K, name, name.upper())\n"
        },
        (("app", "('x', 'y', 'z')", "('x', 'z')"), ("app", "('p', 'q')", "('q', 'r')")),
    ),
    "names of a list elsewhere": (
        {
            "names": "NAMES = ['p', 'q']\n",
            "app": "from names import NAMES\nclass K: pass\nfor name in NAMES:\n    setattr(K, name, property(lambda self, n=name: n))\n    globals()[name.upper()] = 1\n",
        },
        (("names", "['p', 'q']", "['q', 'r']"),),
    ),
    "names of an update": (
        {"app": "globals().update({f'c_{i}': i for i in range(3)})\n"},
        (("app", "range(3)", "range(2)"),),
    ),
}

STEPS = {  # statements of a class body that are no members
    "a condition": (
        {
            "app": "FLAG = True\nclass T:\n    if FLAG:\n        def f(self): return 1\n        x = 1\n    else:\n        def g(self): return 2\n"
        },
        (("app", "FLAG = True", "FLAG = False"),),
    ),
    "a loop that fills another member": (
        {
            "app": "class T:\n    names = []\n    for n in ('a', 'b'):\n        names.append(n)\n    total = len(names)\nV = T.total\n"
        },
        (("app", "('a', 'b')", "('a', 'b', 'c')"),),
    ),
    "a helper that is deleted": (
        {"app": "class T:\n    tmp = 3\n    v = tmp * 2\n    del tmp\nV = T.v\n"},
        (("app", "tmp = 3", "tmp = 4"),),
    ),
}

OTHERS = {
    "what a new module gives may be called": (
        {"m": "def f(): return 1\ndef g(): return f() + 1\n", "app": "from m import g\nV = g()\n"},
        (("m", "def f(): return 1\n", "from n import f\n"), ("n", "", "def f(): return 5\n")),
    ),
    "an object that is called": (
        {"app": "class C:\n    def __call__(self): return 1\nc = C()\nV = c()\n"},
        (("app", "return 1", "return 2"),),
    ),
    "a list filled by who is handed its method": (
        {
            "app": "import contextlib\nL = []\nwith contextlib.ExitStack() as stack:\n    stack.callback(L.append, 1)\nN = len(L)\n"
        },
        (("app", "L.append, 1", "L.append, 2"),),
    ),
}

VALUES = {  # only `V` is looked at: beside it are locks and caches, which no two processes share
    "a constant, by what they keep": (
        {
            "app": "from functools import cached_property\nK = 2\nclass A:\n    @cached_property\n    def v(self): return K * 10\na = A()\nV = a.v\n"
        },
        (("app", "K = 2", "K = 3"),),
    ),
    "an implementation for a type": (
        {
            "app": "from functools import singledispatch\n@singledispatch\ndef f(x): return 'o'\n@f.register\ndef _(x: int): return 'i'\nV = f(1), f('a')\n"
        },
        (("app", "return 'i'", "return 'I'"),),
    ),
    "an implementation for another type": (
        {
            "app": "from functools import singledispatch\n@singledispatch\ndef f(x): return 'o'\n@f.register\ndef _(x: int): return 'i'\n@f.register(str)\ndef _s(x): return 's'\nV = f(1), f('a'), f(2.0)\n"
        },
        (("app", "x: int", "x: float"),),
    ),
}

REACHED = {  # ways to a method or function that no text spells
    "a method of what a comprehension goes through": (
        {
            "base": "class View:\n    name = 'v'\n    def render(self): return f'<{self.body()}>'\n    def body(self): return self.name\n",
            "app": "from base import View\nclass Page(View):\n    def body(self): return super().body() + '!'\npages = [Page()]\nALL = [p.render() for p in pages]\n",
        },
        (("base", "return self.name", "return self.name.upper()"),),
    ),
    "a method of an object that is handed over": (
        {
            "app": "class Mem:\n    def get(self): return 'none'\ndef use(r): return r.get()\nm = Mem()\nV = use(Mem())\nW = use(m)\n"
        },
        (("app", "'none'", "'nil'"),),
    ),
    "another order of bases": (
        {
            "app": "class A:\n    def f(self): return 'a'\nclass B:\n    def f(self): return 'b'\nclass C(A, B): pass\nV = C().f()\n"
        },
        (("app", "C(A, B)", "C(B, A)"),),
    ),
    "another base": (
        {
            "a": "class X:\n    def f(self): return 'x'\nclass Y:\n    def f(self): return 'y'\n",
            "b": "from a import X as Base\nclass S(Base): pass\nV = S().f()\n",
        },
        (("b", "X as Base", "Y as Base"),),
    ),
    "what a class decorator puts into a class": (
        {
            "d": "def add(c):\n    c.hello = lambda self: 'h1'\n    return c\n",
            "app": "from d import add\n@add\nclass A: pass\nV = A().hello()\n",
        },
        (("d", "'h1'", "'h2'\n    c.bye = lambda self: 'b'"),),
    ),
    "the wrapper of a decorated method": (
        {
            "d": "def logged(f):\n    def w(self, *a): return ('L', f(self, *a))\n    return w\n",
            "app": "from d import logged\nclass A:\n    @logged\n    def f(self, x): return x\nV = A().f(1)\n",
        },
        (("d", "('L',", "('M',"),),
    ),
    "a function that a function made": (
        {
            "app": "def a(x):\n    def b(y):\n        def c(z): return x + y + z\n        return c\n    return b\nf = a(1)(2)\nV = f(3)\n"
        },
        (("app", "x + y + z", "x * y * z + 1"),),
    ),
    "a static method under another name": (
        {"app": "class A:\n    @staticmethod\n    def f(x): return x + 1\ng = A.f\nT = [A.f]\nV = g(1), T[0](1)\n"},
        (("app", "x + 1", "x + 2"),),
    ),
    "a function by its name among the globals": (
        {"app": "def do_a(): return 1\ndef call(n): return globals()['do_' + n]()\nV = [call(n) for n in 'a']\n"},
        (("app", "return 1", "return 2"),),
    ),
    "a function of a module by a computed name": (
        {
            "h": "X_A = 1\ndef on_x(): return X_A\n",
            "app": "import h\ndef call(n): return getattr(h, 'on_' + n)()\nV = call('x')\nW = getattr(h, 'X_' + 'A')\n",
        },
        (("h", "X_A = 1", "X_A = 5"),),
    ),
    "a constant of a module that a method imports": (
        {
            "m": "K = 1\ndef f(): return K\n",
            "app": "class A:\n    def go(self):\n        from m import f\n        return f()\nV = A().go()\ndef go():\n    import m\n    return m.K\nW = go()\n",
        },
        (("m", "K = 1", "K = 7"),),
    ),
    "a list under another name": (
        {"a": "L = [1, 2]\n", "b": "from a import L as M\nN = M\ndef f(): return sum(N)\nS = f()\n"},
        (("a", "[1, 2]", "[1, 2, 3]"),),
    ),
    "a default that is left out beside what is given by place": (
        {
            "app": "from typing import NamedTuple\nD = 5\nclass P(NamedTuple):\n    x: int\n    y: int = D\ndef make(): return P(1)\nV = make().y\n"
        },
        (("app", "D = 5", "D = 6"),),
    ),
    "a star import of a star import": (
        {
            "p/__init__": "from p.x import *\n",
            "p/x": "__all__ = ['a', 'c']\na = 1\nb = 2\nc = 3\n",
            "app": "from p import *\nN = sorted(k for k in dir() if k in 'abc')\n",
        },
        (("p/x", "['a', 'c']", "['b', 'c']"),),
    ),
}

CASES: dict[str, Case] = {
    f"{name} ({kind})": case
    for kind, cases in {
        "methods": USED_BY_METHODS,
        "generated": GENERATED,
        "order": ORDERED,
        "registries": REGISTERED,
        "lambdas": LAMBDAS,
        "computed": COMPUTED,
        "steps": STEPS,
        "others": OTHERS,
        "reached": REACHED,
    }.items()
    for name, case in cases.items()
}


def edited(files: dict[str, str], edits: Edits) -> dict[str, str | None]:
    found: dict[str, str] = {}
    for module, text, new in edits:
        before = found.get(module, files.get(module, ""))
        found[module] = before.replace(text, new) if text else new
        assert found[module] != before
    return dict(found)


@pytest.mark.parametrize("case", CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_it_is_as_fresh_after_the_edit_also_after_one_that_failed_and_after_taking_it_back(
    project: Project, case: Case
) -> None:
    files, edits = case
    project.load(**files)
    stood = shapes(running(project))
    broken = {name: f"{text}1 / 0\n" for name, text in edited(files, edits).items() if name in files}
    assert "RLD901" in said(project.save(**{**edited(files, edits), **broken}))
    assert shapes(running(project)) == stood
    report = project.save(**edited(files, edits))
    assert [f for f in report.findings if f.severity in ("error", "warning")] == []
    assert differences(project) == []
    if case in REGISTERED.values():
        return  # what was added to a registry stays there when its line goes, which is said
    report = project.save(**{name: files[name] for name in edited(files, edits) if name in files})
    assert [f for f in report.findings if f.severity in ("error", "warning")] == []
    assert differences(project) == []


@pytest.mark.parametrize("case", VALUES.values(), ids=[name.replace(" ", "-") for name in VALUES])
def test_a_value_is_as_fresh(project: Project, case: Case) -> None:
    files, edits = case
    app = project.load(**files)
    report = project.save(**edited(files, edits))
    assert [f for f in report.findings if f.severity in ("error", "warning")] == []
    assert app.V == fresh(project)["app"].V


@pytest.mark.parametrize(
    ("text", "edit", "code"),
    [
        ("N = 0\ndef inc():\n    global N\n    N += 1\ninc()\n", ("N += 1", "N += 2"), "RLD308"),
        (
            "L = []\nclass C:\n    def __enter__(self): L.append(1); return 5\n    def __exit__(self, *a): pass\nwith C() as x: Y = x\n",
            ("return 5", "return 6"),
            "RLD316",
        ),
        (
            "import itertools\nids = itertools.count(1)\ndef new(): return next(ids)\nFIRST = new()\n",
            ("return next(ids)", "return next(ids) * 10"),
            "RLD316",
        ),
        (
            "R = []\nclass P:\n    def __init_subclass__(cls): R.append(cls.__name__)\nclass A(P): pass\n",
            ("cls.__name__)", "cls.__name__.lower())"),
            "RLD307",
        ),
        (
            "R = {}\nclass P:\n    def __init_subclass__(cls, key): R[key] = cls.__name__\nclass A(P, key='a'): pass\n",
            ("key='a'", "key='b'"),
            "RLD307",
        ),
        (
            "class N:\n    def size(self): return 1\nT = {'a': N()}\nV = T['a'].size()\n",
            ("return 1", "return 2"),
            "RLD316",
        ),
    ],
)
def test_what_would_happen_again_or_cannot_be_told_is_said(
    project: Project, text: str, edit: tuple[str, str], code: str
) -> None:
    project.load(text)
    assert said(project.save(text.replace(*edit))) == [code]


def test_objects_made_with_another_constant_are_told(project: Project) -> None:
    text = "LIMIT = {}\nclass A:\n    def __init__(self): self.limit = LIMIT\n"
    app = project.load(text.format(3))
    kept = app.A()
    report = project.save(text.format(5))
    assert [(f.code, f.severity, f.count.n) for f in report.findings if f.count] == [("RLD109", "information", 1)]
    assert kept.limit == 3
    assert said(project.save(text.format(3))) == []


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from fast import f\nexcept ImportError:\n    def f(): return 'slow'\nV = f()\n",
        "try:\n    import fast\nexcept ModuleNotFoundError:\n    fast = None\nV = 'slow' if fast is None else fast.f()\n",
        "import importlib.util\nV = importlib.util.find_spec('fast') is None\n",
    ],
)
def test_a_module_that_was_looked_for_in_vain_is_found_when_it_comes(project: Project, text: str) -> None:
    app = project.load(text)
    missed = app.V
    assert said(project.save(fast="def f(): return 'fast'\n")) == []
    assert missed != app.V
    assert project.reload().outcome == "no-effect"


def test_the_object_that_a_statement_picks_stays_what_it_is(project: Project) -> None:
    """Another pick is no new state of the one that was picked before."""
    app = project.load(OBJECT + "def key(o): return o.n\nS = [O(2), O(1)]\nM = max(S, key=key)\n")
    two, one = app.S
    project.save(OBJECT + "def key(o): return -o.n\nS = [O(2), O(1)]\nM = max(S, key=key)\n")
    assert (two.n, one.n, app.M) == (2, 1, one)


def test_a_class_whose_operators_make_objects_of_it_comes_to_an_end(project: Project) -> None:
    text = "import copy\nclass A:\n    n = 1\n    def __deepcopy__(self, memo): r = A(); r.n = self.n + {}; return r\nN = copy.deepcopy(A()).n\n"
    app = project.load(text.format(1))
    project.save(text.format(5))
    assert copy.deepcopy(app.A()).n == 6


def test_a_plugin_that_comes_into_a_package_that_looks_for_some_is_found(project: Project) -> None:
    scan = "import importlib, pkgutil\nALL = [m.name for m in pkgutil.iter_modules(__path__)]\nMODS = {n: importlib.import_module(f'plugs.{n}').N for n in ALL}\n"
    plugs, _ = project.load(**{"plugs/__init__": scan, "plugs/a": "N = 1\n"})
    assert said(project.save(**{"plugs/b": "N = 2\n"})) == []
    assert plugs.MODS == {"a": 1, "b": 2}


def test_a_line_that_comes_back_while_what_it_did_is_in_force_does_it_not_again(project: Project) -> None:
    bus, _ = project.load(bus="H = []\ndef add(n): H.append(n)\n", app="from bus import add\nadd('a')\nadd('b')\n")
    assert said(project.save(app="from bus import add\nadd('a')\n")) == ["RLD316"]
    assert said(project.save(app="from bus import add\nadd('a')\nadd('b')\n")) == []
    assert bus.H == ["a", "b"]


def test_what_an_edited_line_did_to_an_object_comes_back_with_the_batch(project: Project) -> None:
    text = "class A: x = 0\na = A()\na.y = {0}\nimport sys\nsys.ours_of_app = {0}\nfor n in 'pq':\n    setattr(A, n, {0})\n"
    app = project.load(text.format(1))
    assert said(project.save(text.format(2) + "1 / 0\n")) == ["RLD901"]
    assert (app.a.y, app.sys.ours_of_app, app.A.p, app.A.q) == (1, 1, 1, 1)
    del app.sys.ours_of_app
