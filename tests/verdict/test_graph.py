"""The graph of modules: order, circles, dependents; and long texts read elsewhere."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

from verdicts import program

from reload_lsp.source.table import table
from reload_lsp.verdict.graph import circles, dependents, edges_of, load_order

DIAMOND = program(
    app="import left\nfrom right import X\n",
    base="X = 1\n",
    left="from base import X\n",
    right="import base\nX = base.X\n",
    apart="import os\n",
)


def test_modules_come_after_those_they_import() -> None:
    edges = edges_of(DIAMOND)
    assert edges["app"] == {"left", "right"} and edges["apart"] == set()
    assert load_order(edges) == ["apart", "base", "left", "right", "app"]
    assert dependents(edges, ["left"]) == ["left", "app"]
    assert dependents(edges, ["base"]) == ["base", "left", "right", "app"]


def test_packages_and_relative_imports() -> None:
    edges = edges_of(program(pkg__a="X = 1\n", pkg__b="from . import a\nfrom .a import X\n", app="import pkg.b\n"))
    assert edges == {"pkg.a": set(), "pkg.b": {"pkg.a"}, "app": {"pkg.b"}}


def test_circles_are_found_and_do_not_end_the_order() -> None:
    edges = edges_of(program(a="import b\n", b="import c\n", c="import a\n", d="import a\nimport e\n", e="import d\n"))
    assert circles(edges) == [("a", "b", "c"), ("d", "e")]
    assert sorted(load_order(edges)) == ["a", "b", "c", "d", "e"]


def test_a_module_that_cannot_be_parsed_imports_nothing() -> None:
    assert edges_of(program(a="import b\n(\n", b="")) == {"a": set(), "b": set()}


def read_elsewhere(text: str) -> object:
    done = subprocess.run(
        [sys.executable, "-m", "reload_lsp.verdict.parse"],
        input=text.encode(), capture_output=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return pickle.loads(done.stdout)


def test_a_long_text_is_read_in_another_process() -> None:
    text = "".join(f"def f{n}():\n    return 'é😀'\n" for n in range(100))
    assert read_elsewhere(text) == table(text)
    error = read_elsewhere("a = 1\nb = = 2\n")
    assert isinstance(error, SyntaxError) and error.lineno == 2
