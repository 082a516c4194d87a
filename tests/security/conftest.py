"""The fixtures of tests/programs.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from programs import program, run, runtime

__all__ = ["program", "run", "runtime"]


@pytest.fixture
def as_root() -> None:
    """Some promises are about other users: only root can become one."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
