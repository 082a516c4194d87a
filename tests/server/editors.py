"""The real editors that tests drive: looked for in one folder, skipped by name where they are not there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from editor import ROOT, SERVER

EDITORS = Path(os.environ.get("RELOAD_LSP_EDITORS", ROOT / ".cache" / "editors"))
HERE = Path(__file__).parent


def marks(name: str) -> list[pytest.MarkDecorator]:
    """What a module of tests with the real editor `name` is marked with."""
    missing = not program(name).exists()
    why = f"no {name} in {EDITORS}: run tests/editors/setup.sh, or name the folder in RELOAD_LSP_EDITORS"
    return [pytest.mark.editor, pytest.mark.skipif(missing, reason=why)]


def program(name: str) -> Path:
    return EDITORS / "bin" / name


def environment(folder: Path) -> dict[str, str]:
    """An editor of its own: nothing of the user's settings, state or plug-ins."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RELOAD_LSP_COMMAND": json.dumps(SERVER),
        "LC_ALL": "C.UTF-8",
    }
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        env[f"XDG_{name}_HOME"] = str(folder / name.lower())
    (folder / "config").mkdir(parents=True)
    return {**env, "HOME": str(folder), "RELOAD_LSP_REPORT": str(folder / "report")}


def report(folder: Path) -> list[str]:
    """What the editor's script reported."""
    file = folder / "report"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
