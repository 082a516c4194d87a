"""What is filled, counted or given by default, and what properties give: by ways that a statement's own text does not show."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

Case = tuple[dict[str, str], str, str, str]  # texts, the module that is edited, what is replaced, what by

FILL = "def fill(items, n):\n    for i in range(n): items.append(i)\nxs = []\nfill(xs, 3)\nN = len(xs)\n"
NORM = "def norm(x): return x.lower()\n"
COUNTED = (
    "class Base:\n    count = 0\n    def __init_subclass__(cls):\n        Base.count += 1\n        cls.index = Base.count\n"
    "class A(Base): pass\nclass B(Base):\n    x = 1\nV = A.index, B.index\n"
)

CASES: dict[str, Case] = {
    "a list that is given to a function": ({"app": FILL}, "app", "fill(xs, 3)", "fill(xs, 2)"),
    "a function that fills a list": ({"app": FILL}, "app", "append(i)", "append(i * 2)"),
    "a list that a library fills": (
        {"app": "import bisect\nxs = [1, 5, 9]\nbisect.insort(xs, 4)\nI = xs.index(5)\n"},
        "app",
        "xs, 4",
        "xs, 7",
    ),
    "a list in another order": (
        {"app": "import random\nrng = random.Random(1)\nxs = [1, 2, 3, 4]\nrng.shuffle(xs)\nA = xs[0]\n"},
        "app",
        "(1)",
        "(7)",
    ),
    "a function that others have as a default": (
        {
            "lib": NORM,
            "app": "from lib import norm\ndef f(x, n=norm): return n(x)\ndef g(x, *, n=norm): return f(x) + n(x)\nV = g('A')\n",
        },
        "lib",
        "lower",
        "upper",
    ),
    "a function that a method has as a default": (
        {
            "lib": NORM,
            "app": "from lib import norm\nclass C:\n    def f(self, x, n=norm): return n(x)\nV = C().f('A')\n",
        },
        "lib",
        "lower",
        "upper",
    ),
    "what a property gives": (
        {"app": "class H:\n    @property\n    def name(self): return 'abc'\nh = H()\nV = h.name.upper()\n"},
        "app",
        "abc",
        "xyz",
    ),
    "a class that is counted once": ({"app": COUNTED}, "app", "x = 1", "x = 2"),
    "a class that is registered under another name": (
        {
            "app": "class Reg:\n    items = {}\n    @classmethod\n    def add(cls, sub):\n        cls.items[sub.key] = sub\n        return sub\n"
            "@Reg.add\nclass A:\n    key = 'a'\nV = sorted(Reg.items)\n"
        },
        "app",
        "'a'",
        "'c'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_follows(project: Project, name: str) -> None:
    texts, module, old, new = CASES[name]
    project.load(**texts)
    for text in (texts[module].replace(old, new), texts[module]):
        report = project.save(**{module: text})
        assert (said(report), differences(project)) == ([], [])


def test_a_member_that_is_counted_after_those_below_it_is_said(project: Project) -> None:
    text = (
        "class Field:\n    n = 0\n    def __init__(self):\n        Field.n += 1\n        self.order = Field.n\n"
        "class M:\n    a = Field()\n    b = Field()\n"
    )
    project.load(text)
    assert said(project.save(text.replace("    a =", "    z = Field()\n    a ="))) == ["RLD307"]


def test_a_member_that_is_counted_last_is_as_in_a_fresh_start(project: Project) -> None:
    text = (
        "class Field:\n    n = 0\n    def __init__(self):\n        Field.n += 1\n        self.order = Field.n\n"
        "class M:\n    a = Field()\n"
    )
    project.load(text)
    report = project.save(text + "    z = Field()\n")
    assert (said(report), differences(project)) == ([], [])


def test_a_decorator_that_numbers_what_it_decorates_is_said_where_it_does_so_again(project: Project) -> None:
    reg = "n = 0\nT = {}\ndef numbered(f):\n    global n\n    n += 1\n    T[f.__name__] = n\n    return f\n"
    app = "from reg import numbered\n@numbered\ndef a(): return 1\n"
    project.load(reg=reg, app=app)
    assert said(project.save(app=app.replace("return 1", "return 2"))) == []
    assert said(project.save(app=app.replace("a()", "a(x=1)"))) == ["RLD307"]
