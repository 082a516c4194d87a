"""Definitions in brackets (PEP 695): the parameters of classes, functions and aliases are others after an edit."""

from __future__ import annotations

import sys

import pytest
from live_fresh import differences
from live_project import Project, said

pytestmark = pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is that of 3.12")

CASES = {
    "a class": ("class C[T]:\n    def m(self) -> T: return 1\n", "class C[T, U]:\n    def m(self) -> U: return 2\n"),
    "a bound": ("class C[T: int]: pass\n", "class C[T: str]: pass\n"),
    "a class in a class": (
        "class O:\n    class C[T]:\n        def m(self) -> T: return 1\n",
        "class O:\n    class C[T, U]:\n        def m(self) -> U: return 2\n",
    ),
    "an alias": (
        "type P[T] = tuple[T]\ndef f(x: P[int]): pass\n",
        "type P[T, U] = tuple[T, U]\ndef f(x: P[int, str]): pass\n",
    ),
    "a function": (
        "def f[T](x: T) -> T: return x\n",
        "def f[T, U](x: T, y: U = None) -> U: return isinstance(U, object)\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_they_are_those_of_a_fresh_start(project: Project, before: str, after: str) -> None:
    project.load(before)
    for text in (after, before, after):
        assert said(project.save(text)) == []
        assert differences(project) == []


def test_objects_of_the_class_follow(project: Project) -> None:
    before, after = CASES["a class"]
    app = project.load(before)
    made = app.C()
    project.save(after)
    assert (made.m(), type(made) is app.C) == (2, True)
