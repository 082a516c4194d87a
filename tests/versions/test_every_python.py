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
# The oldest and the newest run every test, as HERE does; those between share them out, for a run of all must end in half an hour.
BETWEEN = [version for version in pythons.VERSIONS[1:-1] if version != HERE]

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
    env = {k: v for k, v in os.environ.items() if k != "RELOAD_LSP_SCENARIOS"}
    env["RELOAD_LSP_EXAMPLES"] = "15"  # the whole number was tried on the Python that runs all tests
    spread = ["-n", "3", "--dist", "worksteal"]
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *spread, *_files(python)]
    said = pythons.run(command, cwd=pythons.ROOT, env=env)
    print(said.splitlines()[-1])


def _files(python: Path) -> list[Path]:
    """The test files that this Python runs."""
    files = [file for room in ROOMS for file in sorted((pythons.ROOT / "tests" / room).glob("test_*.py"))]
    version = python.parent.parent.name.removeprefix("python")
    if version not in BETWEEN or os.environ.get("RELOAD_LSP_EVERY_TEST"):
        return files
    return files[BETWEEN.index(version) :: len(BETWEEN)]
