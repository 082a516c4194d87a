"""The fixtures of tests/programs.py, and programs of any Python that know nothing of reload-lsp."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from programs import Program, environment, program, run, runtime

__all__ = ["plain", "program", "run", "runtime"]


@pytest.fixture
def plain(runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """`plain(text, python=…, options=[…], **environment)`: a script, started as anybody would."""
    started: list[Program] = []

    def start(text: str, python: Path | str = sys.executable, options: tuple[str, ...] = (), **changes: str) -> Program:
        script = tmp_path / "app.py"
        script.write_text(text, encoding="utf-8")
        started.append(Program([str(python), *options, str(script)], environment(**changes), tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.kill()
