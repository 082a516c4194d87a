"""Members that a class takes from elsewhere (`run = shared.run`): an edit of the class changes nothing where they stand."""

from __future__ import annotations

import functools
import sys

import pytest
from live_fresh import differences
from live_project import Project, said

SHARED = {"m": "def run(self): return 'm'\n", "n": "def run(self): return 'n'\n"}
TAKES = "import m, n\nclass K:\n    run = {0}.run\n    plain = staticmethod({0}.run)\n    asked = property({0}.run)\n"


@pytest.mark.parametrize("text", [TAKES, TAKES.replace("class K", "def deco(c): return c\n@deco\nclass K")])
def test_another_function_of_that_name_is_taken(project: Project, text: str) -> None:
    m, n, app = project.load(**SHARED, app=text.format("m"))
    made = app.K()
    assert said(project.save(app=text.format("n"))) == []
    assert (m.run(0), n.run(0)) == ("m", "n")
    assert (made.run(), made.plain(0), made.asked) == ("n", "n", "n")
    assert differences(project) == []


OTHERS = "class A:\n    def f(self): return 'A'\nclass B:\n    def f(self): return 'B'\nclass K:\n"


def test_a_method_of_another_class_is_taken_and_given_back(project: Project) -> None:
    app = project.load(OTHERS + "    f = A.f\n")
    made = app.K()
    for body, result in [("f = B.f", "B"), ("def f(self): return 'K'", "K"), ("f = A.f", "A")]:
        assert said(project.save(OTHERS + f"    {body}\n")) == []
        assert (made.f(), app.A().f(), app.B().f()) == (result, "A", "B")
        assert differences(project) == []


def test_who_holds_a_method_runs_what_the_class_takes_in_its_place(project: Project) -> None:
    app = project.load(OTHERS + "    def f(self): return 'K'\n")
    held = app.K().f
    project.save(OTHERS + "    f = B.f\n")
    assert held() == "B"


ORDERED = (
    "from functools import total_ordering\n@total_ordering\nclass K:\n    def __init__(self, n): self.n = n\n"
    "    def __eq__(self, other): return self.n == other.n\n    def {}(self, other): return self.n < other.n\n"
)


def test_what_total_ordering_gives_is_the_librarys(project: Project) -> None:
    before = [f.__code__ for table in functools._convert.values() for _, f in table]  # type: ignore[attr-defined]
    app = project.load(ORDERED.format("__lt__"))
    small, large = app.K(1), app.K(2)
    for operator, result in [("__gt__", False), ("__lt__", True), ("__gt__", False)]:
        assert said(project.save(ORDERED.format(operator))) == []
        assert (small < large, small <= large, small >= large) == (result, result, not result)
    assert [f.__code__ for table in functools._convert.values() for _, f in table] == before  # type: ignore[attr-defined]


def test_a_function_that_its_package_exported_under_its_own_name_follows(project: Project) -> None:
    exports = "from inner import f\nf.__module__ = __name__\n"
    project.load(inner="def f(a, *, b=None) -> int: return b\n", outer=exports)
    held = sys.modules["outer"].f
    project.save(inner="def f(a, *, c=1) -> int: return c\n")
    assert (held(0), held.__kwdefaults__, sys.modules["outer"].f) == (1, {"c": 1}, held)
