"""The fixture of all engine tests: a small project imported here, and an engine that watches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Modules under a folder of their own; everything they did to this process is taken back at the end."""
    with Project(tmp_path) as made:
        yield made
