"""The engine's small projects, to hold a verdict against what the engine does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project(tmp_path) as made:
        yield made
