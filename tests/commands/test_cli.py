"""The command table: each command pays only for itself."""

from __future__ import annotations

import subprocess
import sys

import pytest
from programs import CLI, ROOT, environment


def reload_lsp(*args: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CLI, *args], env=environment(**changes), capture_output=True, text=True, timeout=60)


def test_the_version() -> None:
    done = reload_lsp("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("reload-lsp ")


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["status"], ["doctor"], ["nonsense"]])
def test_no_command_imports_the_servers_libraries(runtime: object, args: list[str]) -> None:
    look = f"import sys\nfrom reload_lsp.cli import main\nmain({args!r})\n"
    look += "print({'pygls', 'lsprotocol', 'asyncio'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", look],
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"


def test_help_names_every_command() -> None:
    said = reload_lsp("--help").stdout
    assert all(name in said for name in ("run", "status", "doctor", "demo", "--version"))


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    done = reload_lsp("statsu")
    assert done.returncode == 2
    assert "did you mean `status`?" in done.stderr
