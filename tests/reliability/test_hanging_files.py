"""Files that never end, or whose file system does not answer: the program goes on, other files and programs follow."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from load import APP, Desk, Running

WORK = "def value():\n    return {}\n"
# A file system that hangs, as seen from Python: `stat` of one file does not return until it is told to.
HANGING = """
import os, threading
stat, gone_on, hangs = os.stat, threading.Event(), []


def hanging(path, *arguments, **options):
    if hangs and str(path).endswith("far.py"):
        gone_on.wait()
    return stat(path, *arguments, **options)


os.stat = hanging
import far
"""


@pytest.fixture
def work(workspace: Path) -> Path:
    path = workspace / "work.py"
    path.write_text(WORK.format(1))
    (workspace / "app.py").write_text(APP)
    return path


def outcomes(table: list[dict[str, object]]) -> list[object]:
    return [process["outcome"] for process in table]


def test_a_pipe_that_a_text_names_is_left_to_the_program(
    start: Callable[..., Running], desk: Callable[..., Desk], work: Path
) -> None:
    work.write_text('ORDERS = "orders.json"\n' + WORK.format(1))
    os.mkfifo(work.parent / "orders.json")
    program, editor = start(), desk()
    editor.attached()
    assert outcomes(editor.change(work, 'ORDERS = "orders.json"\n' + WORK.format(2))) == ["applied"]
    assert program.ask("work.value()") == "2"
    program.say("print(open(work.ORDERS).read(), flush=True)")
    (work.parent / "orders.json").write_text("for the program")
    assert [program.line(), program.line()] == ["for the program", "None"]


def test_a_module_whose_file_became_a_pipe(
    start: Callable[..., Running], desk: Callable[..., Desk], work: Path
) -> None:
    other = work.parent / "other.py"
    other.write_text(WORK.format(1))
    (work.parent / "app.py").write_text("import other\n" + APP)
    program, editor = start(), desk()
    editor.attached()
    editor.open(work)
    work.unlink()
    os.mkfifo(work)
    editor.notify("textDocument/didSave", {"textDocument": {"uri": work.as_uri()}})
    assert outcomes(editor.change(other, WORK.format(2))) == ["applied"]
    assert [program.ask("work.value()"), program.ask("other.value()")] == ["1", "2"]
    work.unlink()
    assert outcomes(editor.change(work, WORK.format(3))) == ["applied"]
    assert program.ask("work.value()") == "3"


def test_a_file_system_that_does_not_answer_the_program(
    start: Callable[..., Running], desk: Callable[..., Desk], work: Path
) -> None:
    far = work.parent / "far.py"
    far.write_text(WORK.format(1))
    (work.parent / "near.py").write_text(HANGING + APP)
    stuck, other, editor = start("near.py"), start(), desk(patience=1.0)
    editor.attached(2)
    assert outcomes(editor.change(far, WORK.format(2))) == ["applied"]
    stuck.ask("hangs.append(1)")
    assert outcomes(editor.change(far, WORK.format(3))) == ["timed-out"]
    [shown] = editor.diagnosed(far, ["RLD908"])
    assert f"(pid {stuck.pid})" in shown["message"]
    # Its own threads go on meanwhile, and so do other programs.
    assert stuck.ask("far.value()") == "2"
    assert "applied" in outcomes(editor.change(work, WORK.format(4)))
    assert other.ask("work.value()") == "4"
    editor.forget()
    stuck.ask("hangs.clear() or gone_on.set()")
    while stuck.ask("far.value(), work.value()") != "(3, 4)":
        editor.batch()
    assert stuck.finish() == (0, "")
