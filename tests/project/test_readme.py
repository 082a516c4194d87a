"""The README's commands work as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    """The shell blocks of the README, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project's files as a checkout has them, new ones included, and nothing that git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the project's own files are not known")
    made = tmp_path / "check out"
    for name in os.fsdecode(listed.stdout).split("\0"):
        if name and (ROOT / name).is_file():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made / name)
    return made


@pytest.mark.slow
def test_the_main_command_installs_and_shows_the_demo(checkout: Path, tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (bin_folder / "python3").chmod(0o755)
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    env["PATH"] = f"{bin_folder}{os.pathsep}/usr/bin{os.pathsep}/bin"
    done = subprocess.run(["sh", "-c", commands()[0]], cwd=checkout, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing is left" in done.stdout
    assert sorted(path.name for path in (checkout / ".cache").iterdir()) == ["demo"]


def test_the_test_command_is_what_ci_runs() -> None:
    assert commands()[-1] == "tests/run"
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith('exec tests/run "$@"')
    assert all(os.access(ROOT / name, os.X_OK) for name in ("tests/run", ".ci/run", "tests/editors/setup.sh"))
