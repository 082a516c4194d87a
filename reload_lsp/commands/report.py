"""A bundle for a bug report: versions, settings, checks and running programs; no source text, no arguments, no secrets."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..server.settings import from_pyproject
from ..wire.errors import WireError
from ..wire.version import PROTOCOL, VERSION
from .checks import Check
from .status import Line, collect

NAME = "reload-lsp-report.json"
LIBRARIES = ("pygls", "lsprotocol", "watchdog", "hypno")
Json = dict[str, Any]


def write(file: str, checks: Iterable[Check]) -> Path:
    """Write the bundle; the file, absolute."""
    path = Path(file).absolute()
    path.write_text(json.dumps(bundle(checks), indent=2) + "\n", encoding="utf-8")
    return path


def bundle(checks: Iterable[Check]) -> Json:
    """All of it, as plain data."""
    return {
        "reload-lsp": VERSION,
        "protocol": PROTOCOL,
        "python": sys.version,
        "platform": platform.platform(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "environment": {name: _without_home(os.environ[name]) for name in sorted(os.environ) if _is_ours(name)},
        "settings": from_pyproject(Path.cwd())[0],
        "checks": [
            {"state": c.state, "what": _without_home(c.what), "remedy": _without_home(c.remedy)} for c in checks
        ],
        "programs": [_program(line) for line in _lines()],
    }


def _lines() -> list[Line]:
    try:
        return collect(os.getcwd())
    except WireError:
        return []


def _program(line: Line) -> Json:
    """A program without its arguments and folders: they may hold what is nobody's business."""
    told = line.as_json()
    kept = ("pid", "python", "modules", "generation", "state", "lastReload", "parent")
    problem = _without_home(line.problem) if line.problem else None
    return {**{name: told[name] for name in kept}, "name": os.path.basename(line.record.name), "problem": problem}


def _is_ours(name: str) -> bool:
    return name.startswith("RELOAD_LSP") or name in ("XDG_RUNTIME_DIR", "PYTHONPATH", "NO_COLOR", "TERM")


def _without_home(text: str) -> str:
    home = os.path.expanduser("~")
    return text.replace(home, "~") if len(home) > 1 else text


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
