"""`reload-lsp doctor --report`: what a bug report needs, and nothing that is the user's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import Program

from reload_lsp.commands.doctor import main


def test_the_bundle_tells_of_the_program_and_not_what_is_in_it(
    run: Callable[..., Program],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "app.py").write_text("SECRET_IN_TEXT = 1\nprint('ready', flush=True)\ninput()\n")
    (tmp_path / "pyproject.toml").write_text('[tool.reload-lsp]\nreload-on-save = "manual"\n')
    one = run("--", sys.executable, "app.py", "--password=SECRET_ARGUMENT")
    one.line()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    main(["--report"])
    written = (tmp_path / "reload-lsp-report.json").read_text()
    assert "wrote " in capsys.readouterr().out
    assert "SECRET" not in written and str(tmp_path) not in written
    found = json.loads(written)
    (program,) = found["programs"]
    assert (program["pid"], program["name"], program["modules"]) == (one.pid, "app.py", 1)
    assert found["settings"] == {"reload-on-save": "manual"}
    assert {check["state"] for check in found["checks"]} <= {"ok", "note", "wrong"}
