"""Adapters as the engine asks them: what they are given, and that a fault in one breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_project import Project, only, said

REGISTRY = """
    calls = []
    names = {}
    def on(name):
        def wrap(f):
            names[name] = f
            return f
        return wrap
"""
USE = """
    from registry import on
    @on("a")
    def first():
        return 1
    @on("b")
    def second():
        return 2
"""


class Names:
    """Keeps the registry of these tests in step."""

    library = "json"
    tested = "1"

    def withdraw(self, work: Any, definition: Any) -> Callable[[], None]:
        names = work.module("registry").ns["names"]
        for name in [n for n, f in names.items() if definition.made(f)]:
            work.journal.del_item(names, name)
        return work.module("registry").ns["calls"].append(definition.name) or (lambda: None)


def with_adapter(project: Project, adapter: Any) -> list[Any]:
    project.engine.adapters = lambda: [adapter]
    return project.load(registry=REGISTRY, use=USE)


def test_what_a_definition_registered_is_taken_out_before_it_runs_again(project: Project) -> None:
    registry, use = with_adapter(project, Names())
    assert said(project.save(use=USE.replace('"a"', '"z"'))) == []
    assert registry.names == {"b": use.second, "z": use.first}
    assert registry.calls == ["first"]


def test_what_a_removed_definition_registered_is_taken_out(project: Project) -> None:
    registry, use = with_adapter(project, Names())
    assert said(project.save(use=USE.partition('@on("b")')[0])) == []
    assert registry.names == {"a": use.first}


def test_an_adapter_of_a_library_that_is_not_loaded_is_not_asked(project: Project) -> None:
    adapter = Names()
    adapter.library = "no_such_library"
    registry, _ = with_adapter(project, adapter)
    project.save(use=USE.replace('"a"', '"z"'))
    assert registry.calls == []


METHODS = ("begin", "derives", "withdraw", "merge", "redefine", "settle", "finish")


@pytest.mark.parametrize("method", METHODS)
def test_a_fault_in_an_adapter_breaks_nothing(project: Project, method: str) -> None:
    """What it did is undone, it is said once, and the edit is applied."""
    faults: list[str] = []

    def fail(self: Any, work: Any, *arguments: Any) -> None:
        work.journal.set_item(work.module("registry").ns["names"], "broken", method)
        faults.append(method)
        raise AttributeError("another shape")

    kind = type("Broken", (), {"library": "json", "tested": "1", method: fail})
    text = (
        USE + "    class Meta(type): pass\n    class Made(metaclass=Meta):\n        x = 1\n    value = frozenset([1])\n"
    )
    project.engine.adapters = lambda: [kind()]
    registry, use = project.load(registry=REGISTRY, use=text)
    edited = text.replace("first():", "first(n=0):").replace("x = 1", "x = 2").replace("[1]", "[3]")
    report = project.save(use=edited.replace("return 1", "return 5"))
    assert report.outcome == "applied"
    assert (use.first(), use.Made.x, use.value) == (5, 2, frozenset([3]))
    assert faults == [method]
    assert only(report).code == "RLD717"
    assert "broken" not in registry.names


def test_files_that_libraries_keep(project: Project, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("one")
    read = {str(page): b"one"}

    class Pages:
        library = "json"

        def files(self) -> Any:
            return iter(read.items())

        def refresh(self, work: Any, path: str) -> None:
            read[path] = Path(path).read_bytes()

    project.engine.adapters = lambda: [Pages()]
    project.load("x = 1\n")
    assert str(page) in [f.path for f in project.engine.loaded()]
    page.write_text("two")
    assert [s.path for s in project.engine.changed()] == [str(page)]
    assert project.reload().outcome == "applied"
    assert read == {str(page): b"two"}
    assert project.engine.changed() == []


FACTORY = """\
import json
def build():
    made = json.JSONDecoder()
    json.scanner.c_make_scanner(made)
    return made
app = build()
"""


@pytest.mark.parametrize("method", ["repeats", "remakes"])
def test_a_fault_when_asked_whether_a_statement_may_run_again_leaves_it_held(project: Project, method: str) -> None:
    def fail(self: Any, work: Any, definition: Any) -> bool:
        raise KeyError("another shape")

    project.engine.adapters = lambda: [type("Broken", (), {"library": "json", "tested": "1", method: fail})()]
    app = project.load(FACTORY)
    before = app.app
    report = project.save(FACTORY.replace("    return made", "    made.own = 1\n    return made"))
    assert sorted(said(report)) == ["RLD316", "RLD717"]
    assert app.app is before


def test_an_adapter_that_makes_a_value_again_hands_it_over(project: Project) -> None:
    class Decoders:
        library = "json"
        tested = "1"

        def remakes(self, work: Any, definition: Any) -> bool:
            work.journal.replace_content(definition.bound().__dict__, dict(definition.evaluate().__dict__))
            return True

    project.engine.adapters = lambda: [Decoders()]
    app = project.load(FACTORY)
    before = app.app
    report = project.save(FACTORY.replace("    return made", "    made.own = 1\n    return made"))
    assert (said(report), app.app is before, before.own) == ([], True, 1)


def test_a_fault_when_a_file_is_read_again_is_said(project: Project, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("one")

    class Pages:
        library = "json"
        tested = "1"

        def files(self) -> Any:
            yield str(page), b"one"

        def refresh(self, work: Any, path: str) -> None:
            raise ValueError(path)

    project.engine.adapters = lambda: [Pages()]
    project.load("x = 1\n")
    page.write_text("two")
    assert said(project.reload()) == ["RLD717"]
