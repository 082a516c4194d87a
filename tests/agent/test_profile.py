"""`run --profile-reload` without an editor: the options, the file, children, and reloads that the program asks for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from programs import Program

from reload_lsp.commands.run import PROFILE, begun, main, parse

Run = Callable[..., Program]
OWN = ["diff", "swap", "plan", "apply", "audit", "report"]
PROGRAM = """
import os, sys
sys.path.insert(0, {root!r})
import lib, reload_lsp
if "child" not in sys.argv:
    __import__("subprocess").run([sys.executable, __file__, "child"], check=True)
open(lib.__file__, "a").write("x = 2\\n")
assert reload_lsp.reload().outcome == "applied"
assert reload_lsp.undo().outcome == "applied"
print("done", os.getpid(), flush=True)
input() if "child" not in sys.argv else None
"""


def names(path: Path) -> list[str]:
    events: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    return [event["name"] for event in events if event["ph"] == "X"]


@pytest.mark.parametrize(
    ("argv", "parsed"),
    [
        (["--profile-reload", "app.py"], (["app.py"], "never", PROFILE)),
        (["--profile-reload", "t.json", "app.py"], (["app.py"], "never", "t.json")),
        (["--profile-reload=t", "--", "t.json"], (["t.json"], "never", "t")),
        (["--profile-reload", "--restart", "ask", "app.py"], (["app.py"], "ask", PROFILE)),
        (["app.py", "--profile-reload"], (["app.py", "--profile-reload"], "never", "")),
    ],
)
def test_the_file_may_be_left_out(argv: list[str], parsed: object) -> None:
    wanted = parse(argv)
    assert (wanted.command, wanted.restart, wanted.profile) == parsed


def test_a_file_that_cannot_be_written_is_said_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"--profile-reload={tmp_path / 'no' / 't.json'}", "app.py"]) == 2
    assert "t.json cannot be written" in capsys.readouterr().err
    assert Path(begun(str(tmp_path / "t.json"))).read_text() == "[\n]\n"


def test_the_programs_own_reloads_and_those_of_its_children(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("x = 1\n")
    root = str(Path(__file__).parents[2])
    (tmp_path / "app.py").write_text(PROGRAM.format(root=root))
    program = run("--profile-reload", "t.json", "--", sys.executable, "app.py")
    child, own = (int(program.line().split()[1]) for _ in range(2))
    assert own == program.pid
    assert names(tmp_path / "t.json") == OWN * 2
    assert names(tmp_path / f"t.{child}.json") == OWN * 2
    assert sorted(os.listdir(tmp_path)).count("t.json") == 1
