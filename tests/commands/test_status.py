"""`status` and `doctor`, asked about real programs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import CLI, STARTED, WAIT, Program, environment

from reload_lsp.commands.status import age

Start = Callable[..., Program]


def reload_lsp(*args: str, cwd: Path | None = None, **changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *args], env=environment(**changes), cwd=cwd, capture_output=True, text=True, timeout=60
    )


def test_nothing_runs(runtime: Path) -> None:
    done = reload_lsp("status")
    assert done.returncode == 0
    assert "reload-lsp run" in done.stdout
    assert json.loads(reload_lsp("status", "--json").stdout) == []
    assert not runtime.exists()


def test_what_runs_is_listed(program: Start, tmp_path: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    said = reload_lsp("status", cwd=tmp_path).stdout
    assert f"script0.py  (pid {one.pid}" in said
    assert str(tmp_path / "script0.py") in said
    assert "generation   0, idle" in said
    assert "last reload  never" in said


def test_what_runs_is_listed_for_programs(program: Start, tmp_path: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    [said] = json.loads(reload_lsp("status", "--json", cwd=tmp_path).stdout)
    assert (said["pid"], said["generation"], said["problem"]) == (one.pid, 0, None)
    assert "key" not in said


def test_a_program_that_does_not_answer_is_said(program: Start) -> None:
    one = program(STARTED + WAIT)
    one.line()
    os.kill(one.pid, signal.SIGSTOP)
    try:
        said = reload_lsp("status").stdout
    finally:
        os.kill(one.pid, signal.SIGCONT)
    assert "no answer" in said


def test_a_folder_that_cannot_be_trusted_is_said(runtime: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o755)
    done = reload_lsp("status")
    assert done.returncode == 1
    assert "chmod 700" in done.stderr


@pytest.mark.parametrize(
    "seconds, said",
    [(0, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7300, "2 h ago"), (90000, "1 d ago")],
)
def test_ages(seconds: float, said: str) -> None:
    assert age(1000.0, 1000.0 + seconds) == said
    assert age(None, 0.0) == "never"


def test_the_doctor_says_that_nothing_runs_and_how_to_start(runtime: Path) -> None:
    done = reload_lsp("doctor")
    assert done.returncode == 1
    assert "WRONG no program with the agent runs" in done.stdout
    assert "reload-lsp run -- python app.py" in done.stdout


def test_the_doctor_finds_a_living_program(program: Start) -> None:
    one = program(STARTED + WAIT)
    one.line()
    assert f"pid {one.pid}" in reload_lsp("doctor").stdout


def test_the_doctor_names_the_switch(runtime: Path) -> None:
    assert "RELOAD_LSP=0" in reload_lsp("doctor", RELOAD_LSP="0").stdout


def test_the_doctor_names_a_bad_runtime_folder(runtime: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o777)
    done = reload_lsp("doctor")
    assert done.returncode == 1
    assert "chmod 700" in done.stdout


def test_the_doctor_counts_what_killed_programs_left(program: Start, runtime: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    one.process.kill()
    one.finish()
    assert "1 killed programs left records behind" in reload_lsp("doctor").stdout
    assert os.listdir(runtime) == []


def test_the_doctor_names_a_python_that_is_too_old(runtime: Path, tmp_path: Path) -> None:
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 3 8 cpython\n")
    old.chmod(0o755)
    said = reload_lsp("doctor", PATH=f"{old.parent}:{os.environ['PATH']}", VIRTUAL_ENV=None).stdout
    assert "is cpython 3.8; the agent needs CPython 3.10 or newer" in said


def test_the_doctor_is_quiet_about_what_it_cannot_run(runtime: Path, tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "python3"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    done = reload_lsp("doctor", PATH=f"{broken.parent}:{os.environ['PATH']}", VIRTUAL_ENV=None)
    assert "cannot be run" in done.stdout
    assert "Traceback" not in done.stderr
