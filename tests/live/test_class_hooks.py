"""Methods that Python itself calls: hooks of classes that come, go or take something else, defaults, special methods."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

Case = tuple[dict[str, str], str, str, str]  # texts, the module that is edited, what is replaced, what by

BASE = "class Base:\n    x = 1\n    def __init_subclass__(cls, tag='a', **kw):\n        cls.tag = tag\n"
HEIRS = "from base import Base\nclass A(Base): pass\nclass B(A): pass\n"
FIELD = (
    "class F:\n"
    "    def __init__(self, k=0): self.k = k\n"
    "    def __set_name__(self, owner, name):\n"
    "        if 'fields' not in owner.__dict__: owner.fields = {}\n"
    "        owner.fields[name] = self.k\n"
    "class A:\n    x = F()\n    y = F()\n"
)

HOOKS: dict[str, Case] = {
    "a default of __init_subclass__": ({"base": BASE, "app": HEIRS}, "base", "tag='a'", "tag='b'"),
    "an __init_subclass__ that goes": ({"base": BASE, "app": HEIRS}, "base", BASE[BASE.index("    def") :], ""),
    "an __init_subclass__ that comes": (
        {"base": "class Base:\n    x = 1\n", "app": HEIRS},
        "base",
        "x = 1\n",
        "x = 1\n    def __init_subclass__(cls, **kw): cls.tag = cls.__name__\n",
    ),
    "a __set_name__ that comes": (
        {
            "base": "class F:\n    n = '?'\n    def __get__(self, obj, owner): return self.n\n",
            "app": "from base import F\nclass A:\n    x = F()\nV = A().x\n",
        },
        "base",
        "    n = '?'\n",
        "    def __set_name__(self, owner, name): self.n = name\n",
    ),
    "a default of __set_name__": (
        {
            "base": "class F:\n    def __set_name__(self, o, n, p='_'): self.n = p + n\n    def __get__(self, i, o): return self.n\n",
            "app": "from base import F\nclass A:\n    x = F()\nV = A().x\n",
        },
        "base",
        "p='_'",
        "p='__'",
    ),
    "a field of which __set_name__ has told the class, gone": ({"app": FIELD}, "app", "    x = F()\n", ""),
    "a field before the others": ({"app": FIELD}, "app", "    x = F()\n", "    w = F()\n    x = F(2)\n"),
}

DEFAULTS: dict[str, Case] = {
    "of a constructor": (
        {"app": "class A:\n    def __init__(self, x=1): self.x = x\nV = A().x\n"},
        "app",
        "x=1",
        "x=2",
    ),
    "of __new__": (
        {
            "app": "class A:\n    def __new__(cls, x=1):\n        o = super().__new__(cls)\n        o.x = x\n        return o\nV = A().x\n"
        },
        "app",
        "x=1",
        "x=2",
    ),
    "of methods of every kind": (
        {
            "app": "class A:\n    def f(self, x=1): return x\n    @staticmethod\n    def g(*, x=1): return x\n    @classmethod\n    def h(cls, x=1): return x\nV = [A().f(), A.g(), A.h()]\n"
        },
        "app",
        "x=1",
        "x=2",
    ),
    "of operators": (
        {
            "app": "class A:\n    def __add__(self, o, k=1): return k\n    def __class_getitem__(cls, i, k=1): return k\na = A()\nV = a + a, A[0]\ndef f(x=A[1]): return x\n"
        },
        "app",
        "k=1",
        "k=2",
    ),
    "that is a constant of another module": (
        {"base": "K = 1\n", "app": "from base import K\nclass A:\n    def f(self, x=K): return x\nV = A().f()\n"},
        "base",
        "1",
        "2",
    ),
    "of a base's method": (
        {
            "base": "class B:\n    def f(self, x=1): return x\n",
            "app": "from base import B\nclass A(B): pass\nV = A().f()\n",
        },
        "base",
        "x=1",
        "x=2",
    ),
    "of a metaclass's methods": (
        {
            "app": "class M(type):\n    def __call__(cls, x=1): return x\n    def m(cls, x=1): return x\nclass A(metaclass=M): pass\nV = A(), A.m()\n"
        },
        "app",
        "x=1",
        "x=2",
    ),
}

SPECIAL: dict[str, Case] = {
    "__getattr__ comes": (
        {"app": "class A:\n    x = 1\na = A()\nV = getattr(a, 'z', None)\n"},
        "app",
        "x = 1",
        "x = 1\n    def __getattr__(self, name): return name",
    ),
    "__bool__ comes": (
        {"app": "class A:\n    x = 1\nV = bool(A())\n"},
        "app",
        "x = 1",
        "x = 1\n    def __bool__(self): return False",
    ),
    "__eq__ comes": (
        {
            "app": "class A:\n    def __init__(self, x): self.x = x\na, b = A(1), A(1)\nV = a == b\nW = [a, b].index(b)\n"
        },
        "app",
        "self.x = x\n",
        "self.x = x\n    def __eq__(self, o): return self.x == o.x\n",
    ),
    "__repr__ goes": (
        {"app": "class A:\n    x = 1\n    def __repr__(self): return 'A!'\nV = repr(A())[:2]\n"},
        "app",
        "    def __repr__(self): return 'A!'\n",
        "",
    ),
    "a method gets a decorator": (
        {
            "app": "def one_more(f):\n    def call(*a): return f(*a) + 1\n    return call\nclass A:\n    def f(self): return 1\nV = A().f()\n"
        },
        "app",
        "    def f",
        "    @one_more\n    def f",
    ),
}


@pytest.mark.parametrize("group", [HOOKS, DEFAULTS, SPECIAL], ids=["hooks", "defaults", "special"])
def test_what_python_calls_by_itself_follows(project: Project, group: dict[str, Case]) -> None:
    for name, (texts, module, old, new) in group.items():
        with Project(project.folder / name.replace(" ", "_")) as program:
            program.folder.mkdir()
            program.load(**texts)
            report = program.save(**{module: texts[module].replace(old, new)})
            assert (name, said(report), differences(program)) == (name, [], [])
            report = program.save(**{module: texts[module]})
            assert (name, said(report), differences(program)) == (name, [], [])


def test_hooks_stay_class_methods(project: Project) -> None:
    app = project.load(
        "class A:\n    def __init_subclass__(cls, k=1): cls.k = k\n    def __class_getitem__(cls, i, k=1): return i, k\n    def __new__(cls, k=1): return super().__new__(cls)\n"
    )
    new = app.A.__new__
    project.save(
        "class A:\n    def __init_subclass__(cls, k=2): cls.k = k\n    def __class_getitem__(cls, i, k=2): return i, k\n    def __new__(cls, k=2): return super().__new__(cls)\n"
    )
    assert app.A[5] == (5, 2)
    assert type("B", (app.A,), {}).k == 2
    assert app.A.__new__ is new


def test_objects_made_by_a_metaclass_that_acts_otherwise_are_said(project: Project) -> None:
    text = "class M(type):\n    def __call__(cls):\n        made = super().__call__()\n        made.tag = 1\n        return made\nclass A(metaclass=M): pass\na = A()\n"
    app = project.load(text)
    report = project.save(text.replace("tag = 1", "tag = 2"))
    assert (said(report), app.a.tag, app.A().tag) == (["RLD109"], 1, 2)
