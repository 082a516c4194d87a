"""Processes that hang, are stopped or die: the others go on, nothing is lost, and what does not answer is said."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from load import APP, Desk, Running

PATIENCE = 1.0


def text(number: int) -> str:
    return f"def value():\n    return {number}\n"


@pytest.fixture
def work(workspace: Path) -> Path:
    path = workspace / "work.py"
    path.write_text(text(1))
    (workspace / "app.py").write_text(APP)
    return path


def outcomes(table: list[dict[str, object]]) -> dict[object, object]:
    return {process["pid"]: process["outcome"] for process in table}


def stop(program: Running) -> None:
    os.kill(program.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, program.pid, os.WSTOPPED | os.WNOWAIT)


def test_a_process_that_hangs_in_c(start: Callable[..., Running], desk: Callable[..., Desk], work: Path) -> None:
    stuck, other, editor = start(), start(), desk(patience=PATIENCE)
    editor.attached(2)
    editor.change(work, text(2))
    # It holds the interpreter's lock all the while: nothing of Python's runs in the process, the agent neither.
    stuck.ask("globals().update(c=__import__('ctypes').PyDLL(None)) or c.usleep(1)")
    stuck.say("print('in', flush=True) or c.usleep(3_000_000)")
    assert stuck.line() == "in"
    assert outcomes(editor.change(work, text(3))) == {stuck.pid: "timed-out", other.pid: "applied"}
    assert "does not answer" in editor.said(lambda s: s["health"] == "warning")["message"]
    assert outcomes(editor.change(work, text(4))) == {stuck.pid: "timed-out", other.pid: "applied"}
    [shown] = editor.diagnosed(work, ["RLD806"])
    assert f"(pid {stuck.pid}) runs older code" in shown["message"]
    assert {"Retry the reload", "Restart app.py"} <= {*editor.fixes(work, shown)}
    assert editor.diagnosed(work, []) == []
    assert stuck.line() == "0"
    assert [stuck.ask("work.value()"), other.ask("work.value()")] == ["4", "4"]
    editor.said(lambda s: [p["state"] for p in s["processes"]] == ["idle", "idle"])


def test_a_process_that_is_stopped(start: Callable[..., Running], desk: Callable[..., Desk], work: Path) -> None:
    stopped, editor = start(), desk(patience=PATIENCE)
    editor.attached()
    stop(stopped)
    assert outcomes(editor.change(work, text(2))) == {stopped.pid: "timed-out"}
    [shown] = editor.diagnosed(work, ["RLD908"])
    assert f"waiting for app.py (pid {stopped.pid}) to answer" in shown["message"]
    for number in range(3, 8):
        assert outcomes(editor.change(work, text(number))) == {stopped.pid: "timed-out"}
    editor.forget()
    os.kill(stopped.pid, signal.SIGCONT)
    assert outcomes(editor.batch())[stopped.pid] in (
        "applied",
        "no-effect",
    )  # the batch it had got read what is there now
    assert editor.diagnosed(work, []) == []
    assert stopped.ask("work.value()") == "7"
    assert stopped.finish() == (0, "")


def test_a_process_that_was_stopped_before_the_editor_came(
    start: Callable[..., Running], desk: Callable[..., Desk], work: Path
) -> None:
    stopped = start()
    stop(stopped)
    work.write_text(text(2))
    editor = desk(retry=0.1)
    said = editor.said(lambda s: s["health"] == "warning")
    assert f"app.py (pid {stopped.pid}) cannot be attached: it does not answer" in said["message"]
    os.kill(stopped.pid, signal.SIGCONT)
    editor.attached()
    editor.diagnosed(work, ["RLD801"])
    assert outcomes(editor.change(work, text(3))) == {stopped.pid: "applied"}
    assert stopped.ask("work.value()") == "3"


def test_a_process_that_dies_in_the_middle_of_a_batch(
    start: Callable[..., Running], desk: Callable[..., Desk], work: Path, runtime: Path
) -> None:
    dying, other, editor = start(), start(), desk()
    editor.attached(2)
    deadly = f"import os, signal\nif os.getpid() == {dying.pid}:\n    os.kill({dying.pid}, signal.SIGKILL)\n\n\n"
    assert outcomes(editor.change(work, deadly + text(2))) == {dying.pid: "gone", other.pid: "applied"}
    editor.attached(1)
    assert other.ask("work.value()") == "2"
    again = start()
    editor.attached(2)
    assert outcomes(editor.change(work, text(3))) == {other.pid: "applied", again.pid: "applied"}
    assert len(list(runtime.glob("*.json"))) == 2
