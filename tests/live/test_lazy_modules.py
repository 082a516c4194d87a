"""Modules that load when they are first asked for something: a reload is not what asks them, and what they loaded follows."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from live_project import Project, said

from reload_lsp.live.engine import Engine

HEAVY = """
import sys
sys.heavy_loads = getattr(sys, "heavy_loads", 0) + 1

RATE = 2

class Till:
    def total(self):
        return RATE
"""
LAZIES = """
import importlib.util, sys

def lazily(name):
    spec = importlib.util.find_spec(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""
APP = """
from lazies import lazily

heavy = lazily("heavy")
NAME = "app"
KNOWN = {"heavy": heavy}

class Shop:
    parts = [heavy]

def total(module=heavy):
    return heavy.Till().total() * 10

def name():
    return NAME + str(KNOWN["heavy"] is heavy)
"""


def loads() -> int:
    return int(getattr(sys, "heavy_loads", 0))


@pytest.fixture
def app(project: Project) -> Any:
    vars(sys).pop("heavy_loads", None)
    project.write(heavy=HEAVY)
    _, app = project.load(lazies=LAZIES, app=APP)
    assert loads() == 0
    yield app
    vars(sys).pop("heavy_loads", None)


def test_an_engine_that_comes_late_loads_none(app: Any) -> None:
    late = Engine()
    late.install(late=True)
    try:
        late.changed()
        assert loads() == 0
    finally:
        late.recorder.remove()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("* 10", "* 100"),
        ('NAME = "app"', 'NAME = "other"'),
        ("parts = [heavy]", "parts = (heavy,)"),
        ("class Shop:\n", "class Shop:\n    more = 1\n"),
        ('{"heavy": heavy}', '{"heavy": heavy, "again": heavy}'),
        ("def name():", "def other():\n    return heavy.RATE\n\ndef name():"),
        ("module=heavy", "module=None"),
    ],
)
def test_an_edit_beside_it_loads_none(project: Project, app: Any, old: str, new: str) -> None:
    shop = app.Shop()
    report = project.save(APP.replace(old, new))
    assert (report.outcome, said(report), loads()) == ("applied", [], 0)
    assert app.total() == (200 if "100" in new else 20)
    assert (loads(), type(shop) is app.Shop) == (1, True)
    # From here on it is a module as any other.
    assert said(project.save(heavy=HEAVY.replace("RATE = 2", "RATE = 3"))) == []
    assert app.total() == (300 if "100" in new else 30)


def test_an_edit_of_one_that_has_not_loaded_is_what_it_loads(project: Project, app: Any) -> None:
    report = project.save(heavy=HEAVY.replace("RATE = 2", "RATE = 7"))
    assert (said(report), loads()) == ([], 0)
    assert (app.total(), loads()) == (70, 1)
    assert (
        said(project.save(heavy=HEAVY.replace("return RATE", "return RATE + 1").replace("RATE = 2", "RATE = 7"))) == []
    )
    assert (app.total(), loads()) == (80, 1)


def test_a_module_class_that_looks_things_up_itself_is_not_asked(project: Project) -> None:
    """`apipkg` and others: a subclass whose `__dict__` or whose attributes load what they stand for."""

    class Api(ModuleType):
        @property
        def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
            raise AssertionError("asked")

        def __getattribute__(self, name: str) -> Any:
            if name == "__spec__":  # the import statement itself asks for it, on 3.14
                return None
            raise AssertionError(f"asked for {name}")

    sys.modules["api"] = Api("api")
    try:
        app = project.load("import api\nKEPT = [api]\nX = 1\ndef f():\n    return X\n")
        assert said(project.save("import api\nKEPT = [api]\nX = 2\ndef f():\n    return X + 1\n")) == []
        assert app.f() == 3
    finally:
        del sys.modules["api"]
