"""Values that several statements build together: what they take out, set, count, bind in place of each other."""

from __future__ import annotations

import os

import pytest
from live_fresh import differences
from live_project import Project, said

Case = tuple[dict[str, str], str, str, str]  # texts, the module that is edited, what is replaced, what by

FOLLOWED: dict[str, Case] = {
    "an item that is popped": (
        {"app": "stack = [1, 2, 3]\nA = stack.pop()\nB = stack.pop()\n"},
        "app",
        "A = stack.pop()",
        "A = stack.pop() * 2",
    ),
    "a default that is set": (
        {"app": "D = {}\nA = D.setdefault('k', 1)\nB = D.setdefault('k', 2)\n"},
        "app",
        "'k', 1",
        "'k', 5",
    ),
    "an attribute made of another": (
        {
            "lib": "class C: pass\nC.n = 1\nC.m = C.n + 1\ndef f(): return f.n\nf.n = 1\nf.m = f.n + 1\n",
            "app": "from lib import C, f\nV = C().m\nW = f.m\n",
        },
        "lib",
        "n = 1",
        "n = 5",
    ),
    "an item made of another": (
        {"conf": "D = {}\nD['a'] = 1\nD['b'] = D['a'] + 1\n", "app": "from conf import D\nV = D['b']\n"},
        "conf",
        "= 1",
        "= 7",
    ),
    "a name bound by an expression": (
        {"conf": "K = 3\n", "app": "from conf import K\nxs = [y := K, y ** 2]\nz = (q := K) and q\n"},
        "conf",
        "3",
        "4",
    ),
    "a function that hid a builtin": (
        {"app": "def max(*a): return 'mine'\ndef use(): return max(1, 2)\nV = use()\n"},
        "app",
        "def max(*a): return 'mine'\n",
        "",
    ),
    "an import that hid a builtin": (
        {
            "lib": "def len(x): return 99\n",
            "app": "from lib import len\ndef n(): return len('abc')\nV = n()\nW = len('q')\n",
        },
        "app",
        "from lib import len\n",
        "",
    ),
    "a name that a star import replaced": (
        {
            "lib": "x = 1\ny = 1\ndef f(): return 'lib'\n",
            "app": "x = 0\ndef f(): return 'own'\nfrom lib import *\nV = x, f()\n",
        },
        "lib",
        "x = 1\ny = 1\ndef f",
        "y = 1\ndef g",
    ),
    "a name that an import under `try` replaced": (
        {
            "lib": "def f(): return 'lib'\n",
            "app": "def f(): return 'own'\ntry:\n    from lib import f\nexcept ImportError:\n    pass\nV = f()\n",
        },
        "lib",
        "def f",
        "def g",
    ),
}

SAID = {
    "a list, by a function": "L = []\ndef add(n):\n    L.append(n)\n    return len(L)\nA = add(1)\n",
    "a list, by a context": (
        "from contextlib import contextmanager\nL = []\n@contextmanager\ndef cm(n):\n    L.append(n)\n    yield n\n"
        "with cm(1) as A: pass\n"
    ),
    "a number": "n = 0\ndef new(k):\n    global n\n    n += 1\n    return n\nA = new(1)\n",
    "a number of a class": (
        "class Ids:\n    n = 0\n    @classmethod\n    def new(cls, k):\n        cls.n += 1\n        return cls.n\n"
        "A = Ids.new(1)\n"
    ),
    "an iterator": "it = iter(range(9))\ndef new(k): return next(it)\nA = new(1)\n",
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_others_build_on_follows(project: Project, name: str) -> None:
    texts, module, old, new = FOLLOWED[name]
    project.load(**texts)
    for text in (texts[module].replace(old, new), texts[module]):
        report = project.save(**{module: text})
        assert (said(report), differences(project)) == ([], [])


@pytest.mark.parametrize("name", SAID)
def test_an_edited_line_that_counts_on_through_functions_is_said(project: Project, name: str) -> None:
    project.load(SAID[name])
    report = project.save(SAID[name].replace("(1)", "(2)"))
    assert said(report) == ["RLD307"]


def test_the_same_line_is_not_said_where_nothing_grows(project: Project) -> None:
    text = "memo = {}\ndef square(n):\n    if n not in memo: memo[n] = n * n\n    return memo[n]\nA = square(1)\n"
    project.load(text)
    report = project.save(text.replace("(1)", "(2)"))
    assert (said(report), differences(project)) == ([], ["app.memo: hot " + _memo(1, 2) + ", fresh " + _memo(2)])


def _memo(*numbers: int) -> str:
    return repr(("dict", [(("int", str(n)), ("int", str(n * n))) for n in numbers]))


def test_an_edited_default_of_the_environment_is_set(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RELOAD_LSP_TEST_MODE", raising=False)
    text = 'import os\nos.environ.setdefault("RELOAD_LSP_TEST_MODE", "fast")\n'
    project.load(text)
    project.save(text.replace("fast", "slow"))
    assert os.environ["RELOAD_LSP_TEST_MODE"] == "slow"
    os.environ["RELOAD_LSP_TEST_MODE"] = "given"
    project.save(text)
    assert os.environ["RELOAD_LSP_TEST_MODE"] == "given"
