"""Agent, engine, wire, commands and demo on every CPython that is found; none is left out in silence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import pythons

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import environment

ROOMS = ("agent", "commands", "conformance", "demo", "live", "plan", "security", "sessions", "source", "watch", "wire")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

pytestmark = pytest.mark.slow


@pytest.fixture(params=pythons.VERSIONS, scope="module")
def python(request: pytest.FixtureRequest) -> Path:
    """The Python of an environment that has the project."""
    found = pythons.find(request.param)
    if found is None:
        why = f"no CPython {request.param} on this machine: nothing of it is tested"
        (pytest.fail if os.environ.get("RELOAD_LSP_REQUIRE_PYTHONS") else pytest.skip)(why)
    return pythons.environment(request.param, found) / "bin" / "python"


def test_demo(python: Path, tmp_path: Path) -> None:
    said = pythons.run([python.parent / "reload-lsp", "demo"], cwd=tmp_path)
    assert "nothing is left" in said


def test_the_servers_commands_are_answered(python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reload_lsp.demo.editor.COMMAND", [str(python), "-m", "reload_lsp"])
    editor = Editor(tmp_path, environment(tmp_path))
    editor.initialize()
    for command, arguments in (("attach", []), ("history", ["x"]), ("pause", []), ("resume", [])):
        answer = editor.request("workspace/executeCommand", {"command": f"reloadLsp.{command}", "arguments": arguments})
        assert isinstance(answer, dict)
    assert editor.stop() == 0


def test_rooms(python: Path) -> None:
    if python.parent.parent.name == f"python{HERE}":
        pytest.skip(f"{HERE} runs these tests already")
    folders = [str(pythons.ROOT / "tests" / room) for room in ROOMS if (pythons.ROOT / "tests" / room).exists()]
    env = {k: v for k, v in os.environ.items() if k != "RELOAD_LSP_SCENARIOS"}
    env["RELOAD_LSP_EXAMPLES"] = "20"  # the whole number was tried on the Python that runs all tests
    spread = ["-n", "3", "--dist", "worksteal"]
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *spread, *folders]
    said = pythons.run(command, cwd=pythons.ROOT, env=env)
    print(said.splitlines()[-1])
