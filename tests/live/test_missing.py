"""A name that is gone and still read where a module is loaded: a fresh process would fail there, and that is said."""

from __future__ import annotations

import sys

import pytest
from live_project import Project, only, said

OWN = {
    "a table": "TABLE = [N]\n",
    "a member": "class C:\n    x = N\n",
    "a default": "def f(x=N): return x\n",
    "a decorator": "@N\ndef f(): return 1\n",
    "a base": "class C(N): pass\n",
    "a call": "str(N)\n",
}


@pytest.mark.parametrize("reads", OWN.values(), ids=OWN)
@pytest.mark.parametrize("elsewhere", [False, True], ids=["in its module", "in another"])
def test_a_line_that_reads_it_is_said_where_it_stands(project: Project, reads: str, elsewhere: bool) -> None:
    before = "class N:\n    def __new__(cls, *a, **k): return a[0] if a else object.__new__(cls)\nLEFT = 1\n"
    if elsewhere:
        reader = "app"
        project.load(base=before, app="import base\n" + reads.replace("N", "base.N"))
        report = project.save(base="LEFT = 1\n")
    else:
        reader = "base"
        project.load(base=before + reads)
        report = project.save(base="LEFT = 1\n" + reads)
    finding = only(report)
    assert (finding.code, finding.path) == ("RLD209", str(project.path(reader)))
    assert finding.range.start.line in (1, 2)
    back = project.save(base=before if elsewhere else before + reads)
    assert not back.findings


@pytest.mark.parametrize(
    "reads",
    [
        "def f(): return N\n",
        "f = lambda: N\n",
        "X = N if LEFT > 5 else 2\n",
        "X = LEFT or N\n",
        "X = [N for _ in ()]\n",
    ],
)
def test_what_may_never_read_it_is_not_said(project: Project, reads: str) -> None:
    project.load(base="LEFT = 1\nN = 2\n" + reads)
    assert said(project.save(base="LEFT = 1\n" + reads)) == []


def test_a_line_that_asks_whether_it_is_there_runs_again(project: Project) -> None:
    asks = "try:\n    X = N\nexcept NameError:\n    X = 7\n"
    project.load(base="N = 2\n" + asks)
    assert said(project.save(base=asks)) == []
    assert sys.modules["base"].X == 7


def test_a_builtin_takes_its_place(project: Project) -> None:
    project.load(base="def len(x): return 5\nX = len('abc')\n")
    assert said(project.save(base="X = len('abc')\n")) == []
    assert sys.modules["base"].X == 3


def test_holders_of_a_function_that_moved_call_it_in_its_new_place(project: Project) -> None:
    project.load(new="LEFT = 1\n", old="def f(): return 1\ndef g(): return f()\n")
    held = sys.modules["old"].f
    report = project.save(new="LEFT = 1\ndef f(): return 2\n", old="from new import f\ndef g(): return f()\n")
    assert said(report) == []
    assert (held(), sys.modules["old"].g(), sys.modules["old"].f) == (2, 2, sys.modules["new"].f)
    project.save(new="LEFT = 1\n", old="def f(): return 3\ndef g(): return f()\n")
    assert (held(), sys.modules["old"].g()) == (3, 3)
