"""Modules that are still executing their top level, as a program's main module does for as long as it lives."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_project import Project, endings, only, said

PATIENCE = 30
TEXT = """\
A = 1
def f():
    return A
def serve(a):
    while not gate.stop:
        gate.seen = (a, f())
        gate.turn.set()
        gate.go_on.wait()
import gate
serve(A)
"""
GATE = "import threading\nstop = False\nseen = None\nturn = threading.Event()\ngo_on = threading.Event()\n"


@pytest.fixture
def serving(project: Project) -> Iterator[Any]:
    """A module whose last statement runs until `gate.stop`."""
    project.load(gate=GATE)
    project.write(TEXT)
    thread = threading.Thread(target=importlib.import_module, args=("app",))
    thread.start()
    gate = sys.modules["gate"]
    assert gate.turn.wait(PATIENCE)
    yield sys.modules["app"]
    gate.stop = True
    gate.go_on.set()
    thread.join(PATIENCE)


def turn(gate: Any) -> Any:
    """What the loop sees in its next turn."""
    gate.turn.clear()
    gate.go_on.set()
    assert gate.turn.wait(PATIENCE)
    gate.go_on.clear()
    return gate.seen


def test_functions_follow_also_where_edits_moved_the_running_statement(project: Project, serving: Any) -> None:
    moved = TEXT.replace("def f", "def g():\n    return 0\n\n\ndef f")
    assert endings(project.save(moved)) == {"g": "ran"}
    assert endings(project.save(moved.replace("return A", "return A + 10"))) == {"f": "patched"}
    assert turn(serving.gate) == (1, 11)
    assert serving.g() == 0


def test_what_the_running_statement_was_given_is_said_when_it_changes(project: Project, serving: Any) -> None:
    project.save("B = 1\n" * 20 + TEXT)
    report = project.save("B = 1\n" * 20 + TEXT.replace("A = 1", "A = 2"))
    assert turn(serving.gate) == (1, 2)
    assert only(report).range.start.line == 29
    assert endings(report)["serve(A)"] == "held"


def test_what_it_calls_reads_by_itself_what_changed(project: Project, serving: Any) -> None:
    text = TEXT.replace("serve(A)", "serve(1)")
    project.save(text)
    assert said(project.save(text.replace("A = 1", "A = 2"))) == []
    assert turn(serving.gate) == (1, 2)


def test_statements_added_above_the_running_one_run(project: Project, serving: Any) -> None:
    project.save("B = 1\n" * 20 + TEXT)
    project.save("B = 1\n" * 20 + TEXT.replace("serve(A)", "C = 3\nserve(A)"))
    assert serving.C == 3


@pytest.mark.parametrize(("after", "words"), [("serve(A + 1)\n", "is executing"), ("serve(A)\nC = 3\n", "not come to")])
def test_edits_of_what_runs_and_of_what_is_to_come_are_said(
    project: Project, serving: Any, after: str, words: str
) -> None:
    project.save("B = 1\n" * 20 + TEXT)
    finding = only(project.save("B = 1\n" * 20 + TEXT.replace("serve(A)\n", after)))
    assert (finding.code, words in finding.message) == ("RLD402", True)
    assert not hasattr(serving, "C")


def test_a_loop_at_the_top_level_reads_by_itself_what_changed(project: Project) -> None:
    text = "import gate\nA = 1\nwhile not gate.stop:\n    gate.seen = A\n    gate.turn.set()\n    gate.go_on.wait()\n"
    project.load(gate=GATE)
    project.write(text)
    thread = threading.Thread(target=importlib.import_module, args=("app",))
    thread.start()
    gate: Any = sys.modules["gate"]
    assert gate.turn.wait(PATIENCE)
    try:
        assert said(project.save(text.replace("A = 1", "A = 2"))) == []
        assert turn(gate) == 2
    finally:
        gate.stop = True
        gate.go_on.set()
        thread.join(PATIENCE)


LATE = """\
import os, sys
import app
print("loaded", flush=True)
sys.stdin.readline()
import reload_lsp
report = reload_lsp.reload()
print(report.outcome, app.f(), app.g(), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="when a process began is not known here")
def test_an_edit_made_before_we_first_looked_is_seen(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def f():\n    return 1\n")
    (tmp_path / "main.py").write_text(LATE)
    with subprocess.Popen(
        [sys.executable, "main.py"], cwd=tmp_path, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin is not None and program.stdout is not None
        assert program.stdout.readline() == "loaded\n"
        (tmp_path / "app.py").write_text("def f():\n    return 2\n\n\ndef g():\n    return 3\n")
        later = time.time() + 5  # nobody edits within the first moments of a process
        os.utime(tmp_path / "app.py", (later, later))
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "applied 2 3\n"


UNTOUCHED = """\
import sys
import app
app.count += 5
import reload_lsp
print(reload_lsp.reload().outcome, app.count, flush=True)
sys.stdin.readline()
report = reload_lsp.reload()
print(report.outcome, app.count, app.LIMIT, flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="when a process began is not known here")
def test_a_file_that_is_newer_than_the_process_and_as_it_was_loaded_keeps_its_state(tmp_path: Path) -> None:
    text = "count = 0\nLIMIT = {}\ndef f():\n    return count\n"
    (tmp_path / "app.py").write_text(text.format(1))
    later = time.time() + 5
    os.utime(tmp_path / "app.py", (later, later))
    (tmp_path / "main.py").write_text(UNTOUCHED)
    with subprocess.Popen(
        [sys.executable, "-B", "main.py"], cwd=tmp_path, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin is not None and program.stdout is not None
        assert program.stdout.readline() == "no-effect 5\n"
        (tmp_path / "app.py").write_text(text.format(2))
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "applied 5 2\n"
