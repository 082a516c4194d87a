"""Who holds the code of a function, and what caches hold: told without a look at the heap where there is nothing to find."""

from __future__ import annotations

from typing import Any

import pytest
from live_project import Project

from reload_lsp.live import facts, held

TEXT = """
from functools import lru_cache


def rows():
    yield 1


def outer(x):
    def inner():
        return x
    return inner


@lru_cache
def price(n):
    return n


class K:
    def m(self):
        yield 1
"""
NAMES = [("app", n) for n in ("rows", "outer", "outer.<locals>.inner", "price", "K.m", "nothing")]


def test_functions_that_only_their_names_hold_need_no_look_at_the_heap(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.load(TEXT)
    project.engine.modules.refresh()
    monkeypatch.setattr(held, "survey", lambda *_: pytest.fail("it looked at the heap"))
    assert sorted(held.holders(project.engine.modules, NAMES, 0.0)) == [
        ("app", "K.m", 1, []),
        ("app", "outer", 1, []),
        ("app", "outer.<locals>.inner", 0, []),
        ("app", "price", 1, []),
        ("app", "rows", 1, []),
    ]


def test_closures_and_suspended_frames_are_counted_where_that_is_affordable(project: Project) -> None:
    app = project.load(TEXT)
    project.engine.modules.refresh()
    kept: list[Any] = [app.outer(1), app.outer(2), app.rows(), app.K().m()]
    next(kept[2])
    found = {name: (count, tasks) for _, name, count, tasks in held.holders(project.engine.modules, NAMES, 1000.0)}
    assert (found["outer.<locals>.inner"], found["rows"], found["K.m"]) == ((2, []), (1, [""]), (1, [""]))
    assert {name for _, name, _, _ in held.holders(project.engine.modules, NAMES, 0.0)} == {"outer", "price"}


def test_results_in_caches(project: Project) -> None:
    app = project.load(TEXT)
    project.engine.modules.refresh()
    assert [*held.cached(project.engine.modules, NAMES, 1000.0)] == []
    app.price(1), app.price(2)
    assert [*held.cached(project.engine.modules, NAMES, 1000.0)] == [("app", "price", 2, False)]


def test_hashes_of_plain_data_alone(project: Project) -> None:
    project.load("A = {'a': [1, 2.0]}\nB = object()\nC = list(range(5000))\nD = {'a': [1, 2.0]}\n")
    project.engine.modules.refresh()
    found = {n: h for _, n, h in facts.digests(project.engine.modules, [("app", n) for n in "ABCDE"])}
    assert found.keys() == {"A", "D"} and found["A"] == found["D"]
