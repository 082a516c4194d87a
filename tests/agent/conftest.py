"""The fixtures of tests/programs.py, which both folders of tests with programs share."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from programs import program, run, runtime

__all__ = ["program", "run", "runtime"]
