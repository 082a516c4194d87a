"""`reload-lsp verify`: a running program that is what a fresh one would be, and several that are not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import Program

from reload_lsp.commands.verify import main

LIB = """
import json
LIMIT = 10
counter = 0
cache = {}
kept = 1  # reload: keep
def double(n):
    return n * 2
def count():
    global counter
    counter += 1
class Item:
    price = 5
    def total(self):
        return double(self.price)
alias = double
"""
APP = """
import lib, sys
lib.count(); lib.cache["x"] = 1; lib.kept = 2
if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        exec(line)
        print("done", flush=True)
"""
Start = Callable[..., Program]


@pytest.fixture
def running(run: Start, tmp_path: Path) -> Callable[..., Program]:
    def start(lib: str = LIB, app: str = APP) -> Program:
        (tmp_path / "lib.py").write_text(lib)
        (tmp_path / "app.py").write_text(app)
        one = run("--", sys.executable, "app.py")
        while one.line() != "ready":
            pass
        return one

    return start


def do(program: Program, statement: str) -> None:
    program.say(statement)
    assert program.line() == "done"


def test_a_program_that_only_changed_its_state_is_as_a_fresh_one(
    running: Callable[..., Program], capsys: pytest.CaptureFixture[str]
) -> None:
    one = running()
    assert main([]) == 0
    said = capsys.readouterr().out
    assert f"app.py (pid {one.pid}): 2 modules compared with a fresh process, 0 differences" in said


@pytest.mark.parametrize(
    ("statement", "line", "said"),
    [
        ("lib.double = lambda n: n", 7, "function double differs"),
        ("lib.Item.total = lambda self: 0", 12, "class Item differs from that of a fresh process, in total"),
        ("del lib.count", 9, "count is missing in the running program"),
        ("vars(lib)['LIMIT'] = 11", 3, "value LIMIT differs"),
        ("lib.extra = len", 1, "extra is still in the running program"),
        ("lib.alias = type(lib.double)(lib.double.__code__, vars(lib), 'double')", 7, "double is an object of its own"),
    ],
)
def test_what_differs_is_said_on_its_line(
    running: Callable[..., Program], capsys: pytest.CaptureFixture[str], statement: str, line: int, said: str
) -> None:
    # What the text itself assigns from outside counts as state: the statement is sent, and stands in no text.
    do(running(), statement)
    assert main([]) == 1
    told = capsys.readouterr().out
    assert f"lib.py:{line}: RLD909: {said}" in told, told


def test_modules_whose_import_has_effects_are_left_out_and_said(
    running: Callable[..., Program], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    running(LIB + "log = open('log', 'a')\nlog.write('imported;')\nlog.flush()\n")
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "left out: lib: its import has effects: open on line 17" in said
    assert "left out: __main__: its import has effects: it imports lib" in said and "0 modules compared" in said
    assert (tmp_path / "log").read_text() == "imported;"
    assert main(["--effects"]) == 0
    assert (tmp_path / "log").read_text() != "imported;"


def test_a_file_that_is_newer_than_what_runs_is_left_out(
    running: Callable[..., Program], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    running()
    (tmp_path / "lib.py").write_text(LIB.replace("10", "20"))
    main([])
    assert "left out: lib: the file on disk is not the text that runs; reload it first" in capsys.readouterr().out


def test_the_program_is_named_where_there_are_several(
    running: Callable[..., Program], capsys: pytest.CaptureFixture[str]
) -> None:
    one, _ = running(), running()
    assert main([]) == 2
    assert "name one program by its id: " in capsys.readouterr().err
    assert main([str(one.pid)]) == 0
