"""Programs that sit in the loop of a library: one for each file of tests, edited again and again while it runs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """For the program of a whole file of tests."""
    with tempfile.TemporaryDirectory(prefix="rl-") as made:
        yield Path(made).resolve()


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """For the program of one test."""
    with tempfile.TemporaryDirectory(prefix="rl-") as made:
        yield Path(made).resolve()
