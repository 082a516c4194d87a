"""A program on real libraries for each test: in an environment of its own, made once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from adapters_program import LIBRARIES, Program, python_with


@pytest.fixture
def program() -> Iterator[Program]:
    given = os.environ.get("RELOAD_LSP_ADAPTERS_PYTHON")
    python = Path(given) if given else python_with("adapters", LIBRARIES)
    with tempfile.TemporaryDirectory(prefix="rl-") as folder:
        made = Program(Path(folder).resolve(), python)
        try:
            yield made
        finally:
            made.end()
