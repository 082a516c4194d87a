"""The demo is what the README shows first: it must work everywhere, and notice when it is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from reload_lsp.demo import shop
from reload_lsp.demo.screen import wants_colour
from reload_lsp.demo.show import main

ROOT = Path(__file__).parents[2]


def demo(*options: str, folder: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """`reload-lsp demo`, its temporary files in `folder`."""
    command = [sys.executable, "-m", "reload_lsp", "demo", *options]
    made = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), **env}
    return subprocess.run(command, env=made, cwd=ROOT, capture_output=True, timeout=60, check=False)


@pytest.fixture
def folder() -> str:
    with tempfile.TemporaryDirectory(prefix="rl") as made:
        yield Path(made)


def test_every_step_is_shown_and_nothing_is_left(folder: Path) -> None:
    done = demo(folder=folder)
    said = done.stdout.decode("ascii")
    assert done.returncode == 0, (said, done.stderr)
    assert done.stderr == b""
    assert "models -> services -> api" in said
    assert "error RLD901" in said and "warning RLD106" in said and "fix: " in said
    assert "^^^^" in said
    assert "ms after the save" in said
    assert list(folder.iterdir()) == []


def test_it_works_in_a_plain_locale_and_leaves_no_record_of_its_own(folder: Path) -> None:
    runtime = folder / "user"
    runtime.mkdir(mode=0o700)
    done = demo(folder=folder, LC_ALL="C", PYTHONIOENCODING="ascii", XDG_RUNTIME_DIR=str(runtime))
    assert done.returncode == 0, done
    assert list(runtime.iterdir()) == []


def test_a_step_that_is_not_what_it_says_fails_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setitem(shop.FILES, "services.py", shop.SERVICES.replace("TAX / 100", "TAX / 50"))
    assert main([]) == 1
    said = capfd.readouterr()
    assert "the program should have answered" in said.err
    assert list(folder.iterdir()) == []


def test_a_program_that_ends_early_is_said(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setitem(shop.FILES, "main.py", "raise SystemExit(3)\n")
    assert main([]) == 1
    assert "the program ended with exit code 3" in capfd.readouterr().err
    assert list(folder.iterdir()) == []


def test_a_demo_that_is_ended_leaves_nothing(folder: Path) -> None:
    command = [sys.executable, "-m", "reload_lsp", "demo"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=-1, stderr=-1) as demo:
        assert demo.stdout
        while b"1 process attached" not in demo.stdout.readline():
            pass
        demo.terminate()
        demo.communicate(timeout=30)
    assert demo.returncode in (143, 0)
    assert list(folder.iterdir()) == []


def test_colour_is_an_addition(folder: Path) -> None:
    coloured = demo("--color", "always", folder=folder).stdout
    assert b"\x1b[" in coloured
    assert b"\x1b[" not in demo(folder=folder, NO_COLOR="1").stdout


def test_who_wants_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert wants_colour("auto") and not wants_colour("never")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour("auto") and wants_colour("always")
