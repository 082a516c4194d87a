"""A folder of its own for each program: short, because socket paths are."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rl-") as made:
        yield Path(made).resolve()


@pytest.fixture
def python() -> Path:
    """The Python that runs this: such programs need nothing but its standard library."""
    return Path(sys.executable)


@pytest.fixture
def workspace(folder: Path) -> Path:
    made = folder / "ws"
    made.mkdir()
    return made


@pytest.fixture
def free_port() -> int:
    """A port of loopback that nobody has just now, with some behind it."""
    from fleet import free_port as found

    return min(found(), 65000)
