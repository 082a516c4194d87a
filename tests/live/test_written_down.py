"""What decorators and hooks wrote down, or made of constants and helpers, when a definition was made."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, only, said

META = (
    "class M(type):\n    def __new__(m, n, b, d):\n        c = super().__new__(m, n, b, d)\n        c.k = {}\n        return c\n"
    "class A(metaclass=M): pass\nV = A.k\n"
)
HOOK = "class B:\n    def __init_subclass__(cls): cls.k = {}\nclass A(B): pass\nV = A.k\n"
NAMED = "class F:\n    def __set_name__(self, owner, name): self.k = {}\nclass A:\n    f = F()\nV = A.f.k\n"
PREPARED = (
    "class M(type):\n    @classmethod\n    def __prepare__(m, n, b): return {{'h': {}}}\n"
    "class A(metaclass=M):\n    v = h + 1\n    seen = []\nV = A.v\n"
)
CONSTANT, HELPER = "K = 1\n", "def h(): return 1\n"
FOLLOWED = {
    f"{name} {what}": (first + text.format(use), first.replace("1", "2") + text.format(use))
    for name, text in {"metaclass": META, "init_subclass": HOOK, "set_name": NAMED, "prepare": PREPARED}.items()
    for what, first, use in (("constant", CONSTANT, "K"), ("helper", HELPER, "h()"))
}
REGISTER = "T = {}\ndef reg(f):\n    T[f.__name__] = f.__doc__\n    return f\n"
ATTRGETTER = "import operator\nclass A:\n    n = 1\ng = operator.attrgetter('n')\nV = g(A())\n"
VIRTUAL = "import abc\nclass B(abc.ABC): pass\nclass O: pass\nB.register(O)\n"
FOLLOWED |= {
    "a class that is registered in the place of another": (
        f"{VIRTUAL}class C: pass\nclass D: pass\nB.register(C)\nV = [issubclass(c, B) for c in (C, D, O)]\n",
        f"{VIRTUAL}class C: pass\nclass D: pass\nB.register(D)\nV = [issubclass(c, B) for c in (C, D, O)]\n",
    ),
    "a class that is registered no longer": (
        f"{VIRTUAL}@B.register\nclass C: pass\nV = issubclass(C, B), issubclass(O, B)\n",
        f"{VIRTUAL}class C: pass\nV = issubclass(C, B), issubclass(O, B)\n",
    ),
    "a docstring in a table": (f"{REGISTER}@reg\ndef a():\n    'one'\n", f"{REGISTER}@reg\ndef a():\n    'two'\n"),
    "a docstring in a class": (
        "def f():\n    'one'\nclass A:\n    d = f.__doc__\n",
        "def f():\n    'two'\nclass A:\n    d = f.__doc__\n",
    ),
    "a member asked for by name": (ATTRGETTER, ATTRGETTER.replace("= 1", "= 2")),
    "names that a class body computes": (
        "class A:\n    for _n in ('a', 'b'):\n        locals()[_n] = _n\n",
        "class A:\n    for _n in ('a', 'c'):\n        locals()[_n] = _n\n",
    ),
    "names that a helper computes": (
        "def fill(ns): ns['z'] = 1\nclass A:\n    fill(locals())\n",
        "def fill(ns): ns['z'] = 2\nclass A:\n    fill(locals())\n",
    ),
    "an item of the names of a class": ("class A:\n    vars()['z'] = 1\n", "class A:\n    vars()['z'] = 2\n"),
}


@pytest.mark.parametrize(("before", "after"), FOLLOWED.values(), ids=[name.replace(" ", "-") for name in FOLLOWED])
def test_made_again(project: Project, before: str, after: str) -> None:
    project.load(before)
    assert said(project.save(after)) == []
    assert differences(project) == []


LISTED = "L = []\ndef reg(name):\n    def wrap(f):\n        L.append(name)\n        return f\n    return wrap\n"
TABLE = "T = {}\ndef reg(name):\n    def wrap(f):\n        T[name] = name.upper()\n        return f\n    return wrap\n"
NAMES = "NAMES = []\nclass F:\n    def __set_name__(self, o, n): NAMES.append(n)\n"
COUNTS = "def f():\n    f.n += 1\n    return f.n\nf.n = 0\nV = f()\n"


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        (f"{LISTED}@reg('a')\ndef f(): pass\n", f"{LISTED}@reg('b')\ndef f(): pass\n", "RLD307", 6),
        (f"{TABLE}@reg('a')\ndef f(): pass\n", f"{TABLE}@reg('b')\ndef f(): pass\n", "RLD307", 6),
        (f"{REGISTER}@reg\ndef a(): pass\n", REGISTER, "RLD307", 0),
        (f"{NAMES}class A:\n    x = F()\n    y = F()\n", f"{NAMES}class A:\n    x = F()\n", "RLD307", 3),
        (COUNTS, COUNTS.replace("= 0", "= 5"), "RLD308", 4),
    ],
    ids=["a-list", "a-table", "a-removed-function", "a-removed-member", "a-function-that-counts-its-calls"],
)
def test_what_cannot_be_told_apart_is_said(project: Project, before: str, after: str, code: str, line: int) -> None:
    project.load(before)
    finding = only(project.save(after))
    assert (finding.code, finding.range.start.line) == (code, line)
