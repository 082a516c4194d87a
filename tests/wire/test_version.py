"""The version is written twice; both are the same."""

from __future__ import annotations

import re
from pathlib import Path

from reload_lsp.wire.version import VERSION


def test_the_version_is_that_of_pyproject() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert re.search(r'^version = "(.+)"', text, re.M)[1] == VERSION
