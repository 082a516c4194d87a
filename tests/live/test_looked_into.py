"""Values that were made by looking into a definition, or by a `lambda` that calls one."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

LOOK = "import inspect, typing\nclass A: pass\nclass B: pass\ndef f(x: {}) -> A: ...\n"
CASES = {
    "hints": (LOOK + "H = typing.get_type_hints(f)\n", "A", "B"),
    "a signature": (LOOK + "S = str(inspect.signature(f))\n", "A", "B"),
    "annotations": (LOOK + "X = f.__annotations__['x']\n", "A", "B"),
    "what a class says of itself": ("class K:\n    '{}'\nT = K.__doc__ + '.'\n", "one", "two"),
    "a lambda in a sort": (
        "def size(x): return x * {}\nT = sorted([1, 2, 3], key=lambda x: size(x))\nU = sum(map(lambda x: size(x), T))\n",
        "1",
        "-1",
    ),
    "a lambda that reads a constant": ("N = {}\nT = sorted([1, 2, 3], key=lambda x: x * N)\n", "1", "-1"),
}


@pytest.mark.parametrize(("text", "before", "after"), CASES.values(), ids=[n.replace(" ", "-") for n in CASES])
def test_they_are_what_a_fresh_start_gives(project: Project, text: str, before: str, after: str) -> None:
    project.load(text.format(before))
    for value in (after, before, after):
        assert said(project.save(text.format(value))) == []
        assert differences(project) == []


def test_a_call_beside_it_is_not_repeated(project: Project) -> None:
    text = LOOK + "calls = []\ndef g(x: {} = None): calls.append(1); return 1\nV = g()\nS = str(inspect.signature(g))\n"
    app = project.load(text.format("A", "A"))
    assert said(project.save(text.format("B", "B"))) == []
    assert (len(app.calls), app.S) == (1, "(x: app.B = None)")


def test_an_alias_in_annotations_is_another(project: Project) -> None:
    """On 3.14 annotations are computed when they are asked for, and kept then."""
    project.load(
        types_="Alias = int\n",
        app="""
            import types_
            from types_ import Alias
            class C:
                a: Alias
                b: types_.Alias
            def f(x: Alias) -> types_.Alias: ...
            N = [v.__name__ for v in C.__annotations__.values()]
            M = {k: v.__name__ for k, v in f.__annotations__.items()}
            """,
    )
    report = project.save(types_="Alias = str\n")
    assert (said(report), differences(project)) == ([], [])
