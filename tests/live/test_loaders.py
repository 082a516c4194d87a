"""Import hooks: what they add to the code of a module is there after an edit, in bodies and in statements that run again."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any

import pytest
from live_project import Project, said


class Doubling(SourceFileLoader):
    """Doubles the integers of a text, and knows so only while it makes code."""

    doubles = False

    def get_code(self, fullname: str) -> Any:
        self.doubles = True
        try:
            return super().get_code(fullname)
        finally:
            self.doubles = False

    def source_to_code(self, data: Any, path: Any, **options: Any) -> Any:  # type: ignore[override]
        tree = ast.parse(data)
        for node in ast.walk(tree):
            if self.doubles and isinstance(node, ast.Constant) and type(node.value) is int:
                node.value *= 2
        return super().source_to_code(tree, path)  # type: ignore[arg-type]


class Finder:
    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        spec = PathFinder.find_spec(name, path, target) if name == "hooked" else None
        if spec is not None and spec.origin is not None:
            spec.loader = Doubling(name, spec.origin)
        return spec


@pytest.fixture
def hook() -> Iterator[None]:
    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]
    yield
    sys.meta_path.remove(Finder)  # type: ignore[arg-type]


TEXT = """
def body():
    return 1
def signature(n=2):
    return n
class Made:
    x = 3
    def method(self, n=4):
        return n
value = 5
"""


def test_a_hooked_module(project: Project, hook: None) -> None:
    app = project.load(hooked=TEXT)
    assert (app.body(), app.signature(), app.Made.x, app.Made().method(), app.value) == (2, 4, 6, 8, 10)
    made = app.Made()
    edited = TEXT
    for number in "12345":
        edited = edited.replace(f" {number}", f" 1{number}").replace(f"={number}", f"=1{number}")
    assert said(project.save(hooked=edited)) == []
    assert (app.body(), app.signature(), app.Made.x, made.method(), app.value) == (22, 24, 26, 28, 30)


class Late:
    """A loader that makes code in a way nobody can see, as pytest's does."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        spec = PathFinder.find_spec(name, path, target) if name == "late" else None
        if spec is not None:
            spec.loader = Late()  # type: ignore[assignment]
        return spec

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(compile(Path(module.__file__).read_bytes(), module.__file__, "exec"), module.__dict__)


def test_a_signature_in_a_module_that_was_first_seen_after_it_was_loaded(project: Project) -> None:
    sys.meta_path.insert(0, Late)  # type: ignore[arg-type]
    try:
        late, app = project.load(late="def f(a):\n    return a\n", app="x = 1\n")
        project.save(app="x = 2\n")
        project.write(late="def f(a, b=2):\n    return a + b\n")
        assert said(project.apply("late")) == []
        assert (late.f(1), app.x) == (3, 2)
    finally:
        sys.meta_path.remove(Late)  # type: ignore[arg-type]
