"""A folder of its own for each program: short, because socket paths are."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from load import Desk, Running  # noqa: E402
from programs import program, run, runtime  # noqa: E402

__all__ = ["program", "run", "runtime"]


@pytest.fixture
def workspace(runtime: Path) -> Iterator[Path]:
    """Beside the runtime folder of the test."""
    with tempfile.TemporaryDirectory(prefix="rl-ws-") as made:
        yield Path(made).resolve()


@pytest.fixture
def start(workspace: Path) -> Iterator[Callable[..., Running]]:
    """`start(main)`: a program of the workspace under `reload-lsp run`, that answers expressions."""
    started: list[Running] = []

    def begin(main: str = "app.py", **environment: str) -> Running:
        started.append(Running(workspace, main, **environment))
        assert started[-1].line() == "ready"
        return started[-1]

    yield begin
    for one in started:
        one.kill()


@pytest.fixture
def desk(workspace: Path) -> Iterator[Callable[..., Desk]]:
    """`desk()`: an editor with the real server on the workspace; `patience`: how long that waits for a process."""
    opened: list[Desk] = []

    def begin(folder: Path | None = None, **options: object) -> Desk:
        opened.append(Desk(folder or workspace, **options))
        opened[-1].initialize()
        return opened[-1]

    yield begin
    for one in opened:
        one.end()
