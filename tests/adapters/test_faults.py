"""Every adapter fails in turn, its library really loaded: the reload goes through, and what was not done is said once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters_program import LIBRARIES, Program, python_with

from reload_lsp.adapters.registry import OURS

pytestmark = pytest.mark.slow

TEXT = """
    import functools
    def kept(f):
        @functools.wraps(f)
        def inner(*args):
            return f(*args)
        return inner
    @kept
    def first(a=0):
        return 0
    class Meta(type):
        pass
    class Made(metaclass=Meta):
        size = 0
    values = frozenset([0])
    first.mark = 0
"""
BREAK = """
    import importlib, sys
    calls = []
    def loaded(library):
        try:
            importlib.import_module(library)
        except ImportError:
            return False
        return True
    def fail(*_):
        calls.append(1)
        raise AttributeError("another shape")
    def break_it(library):
        registry = sys.modules["_reload_lsp_agent.adapters.registry"]
        registry.adapters()
        adapter = registry._made[library]
        calls.clear()
        for name in METHODS:
            if hasattr(adapter, name):
                setattr(adapter, name, fail)
        return [name for name in METHODS if hasattr(adapter, name)]
    def mend(library):
        for name in METHODS:
            sys.modules["_reload_lsp_agent.adapters.registry"]._made[library].__dict__.pop(name, None)
"""
METHODS = (
    "begin", "derives", "withdraw", "repeats", "remakes", "opens", "keeps", "merge", "redefine", "settle", "finish", "files",
    "refresh",
)  # fmt: skip
ALWAYS = {"begin", "withdraw", "merge", "redefine", "settle", "finish"}


@pytest.fixture(scope="module")
def failing() -> Iterator[Program]:
    """One program for all of them."""
    with tempfile.TemporaryDirectory(prefix="rl-") as folder:
        program = Program(Path(folder).resolve(), python_with("adapters", LIBRARIES))
        program.write(app=TEXT)
        program.run(f"METHODS = {METHODS!r}\n" + "import app")
        program.run(BREAK)
        program.reload()
        yield program
        program.end()


@pytest.mark.parametrize("library", OURS)
def test_an_adapter_that_fails(failing: Program, library: str) -> None:
    if not failing.ask(f"loaded({library!r})"):
        pytest.skip(f"{library} is not in the environment")
    number = failing.ask("app.Made.size + 1")
    text = failing.path("app").read_text(encoding="utf-8")
    methods = failing.ask(f"break_it({library!r})")
    codes = failing.save(app=text.replace(f"{number - 1}", f"{number}"))
    assert failing.report["outcome"] in ("applied", "partial")
    assert failing.ask("app.first(), app.Made.size, list(app.values)") == [number, number, [number]]
    assert codes.count("RLD717") == bool(ALWAYS & {*methods})
    assert {*codes} <= {"RLD717"}
    assert failing.ask("len(calls)") >= bool({*methods} - {"keeps"})  # asked of what somebody holds alone
    failing.run(f"mend({library!r})")
