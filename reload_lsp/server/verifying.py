"""A running program compared with a fresh one: which modules, by which interpreter, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..findings.values import Finding
from ..verdict.at_import import effects_at_import
from ..verdict.drift import differences
from ..verdict.program import Program
from ..watch.contents import sha256
from .programs import Texts
from .texts import read_bytes

SECONDS = 120.0  # that a fresh interpreter has to import the program
FRESH = Path(__file__).parents[1] / "agent" / "fresh.py"
Json = dict[str, Any]


class CannotVerify(Exception):
    """No fresh process could be made; the text is meant for the user."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The modules to compare, in the order of loading, and those left out with the reason."""

    names: tuple[str, ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a comparison."""

    compared: tuple[str, ...]
    left_out: Mapping[str, str]
    findings: tuple[Finding, ...]


def selected(texts: Texts, hashes: Mapping[str, str], concerns: Callable[[str], bool], effects: bool) -> Selection:
    """The project's modules whose text on disk is the one that runs; with `effects` also those whose import does more."""
    risky = {} if effects else effects_at_import(texts.program)
    left_out: dict[str, str] = {}
    names: list[str] = []
    for module in texts.program.all():
        if not concerns(module.path):
            continue
        data = read_bytes(module.path)
        if data is None or sha256(data) != hashes[module.path]:
            left_out[module.name] = "the file on disk is not the text that runs; reload it first"
        elif module.name in risky:
            left_out[module.name] = f"its import has effects: {risky[module.name]}"
        else:
            names.append(module.name)
    return Selection(tuple(names), left_out)


def compared(program: Program, selection: Selection, hot: Json, cold: Json) -> Verified:
    """The differences between the running program and the fresh one."""
    failed = {name: f"a fresh import failed: {why}" for name, why in cold["failed"].items()}
    findings = differences(program, hot["modules"], cold["modules"])
    names = tuple(name for name in selection.names if name in cold["modules"] and name in hot["modules"])
    return Verified(names, {**selection.left_out, **failed}, tuple(findings))


def fresh(executable: str, cwd: str, hot: Json, names: Sequence[str]) -> Json:
    """What a fresh interpreter makes of the modules. Raises CannotVerify. It reads and writes files: for a thread."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("RELOAD_LSP") and k != "PYTHONPATH"}
    with tempfile.TemporaryDirectory(prefix="reload-lsp-") as folder:
        output = Path(folder) / "described.json"
        asked = {"path": hot["path"], "main": hot["main"], "modules": list(names), "output": str(output)}
        try:
            done = subprocess.run(
                [executable, str(FRESH)], input=json.dumps(asked), cwd=cwd or None, env={**env, "RELOAD_LSP": "0"},
                capture_output=True, text=True, timeout=SECONDS, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotVerify(f"{executable} could not import the program: {error}") from None
        if not output.exists():
            raise CannotVerify(f"{executable} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        return json.loads(output.read_text(encoding="utf-8"))
