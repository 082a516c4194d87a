"""`reload-lsp run` and a restart: the same process, command, environment and folder; what the program closes is closed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import CLI, Program, environment, records

from reload_lsp.wire.client import Client
from reload_lsp.wire.errors import RemoteError

Run = Callable[..., Program]
CLOSING = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests themselves run without
atexit.register(print, "bye", flush=True)
print("ready", os.getpid(), *sys.argv[1:], os.environ.pop("OURS"), os.getcwd(), flush=True)
os.chdir("/")
try:
    sys.stdin.readline()
finally:
    print("closing", flush=True)
"""
DEAF = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("ready", flush=True)
sys.stdin.readline()
"""
FORKED = """
import os, sys
child = os.fork()
if child:
    os.waitpid(child, 0)
else:
    print("ready", os.getpid(), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def start(run: Run, tmp_path: Path) -> Run:
    def begin(text: str, *arguments: str, **changes: str) -> Program:
        (tmp_path / "app.py").write_text(text, encoding="utf-8")
        return run("--", sys.executable, "app.py", *arguments, **changes)

    return begin


def restart(program: Program) -> None:
    with program.client() as client:
        assert client.request("restart") == {"pid": program.pid}


def test_a_restart_ends_the_program_as_ctrl_c_does_and_begins_it_as_it_began(start: Run, tmp_path: Path) -> None:
    program = start(CLOSING, "one", OURS="two")
    first = program.line()
    assert first == f"ready {program.pid} one two {tmp_path}"
    before = program.record().id
    restart(program)
    assert [program.line(), program.line(), program.line()] == ["closing", "bye", first]
    assert program.record().id != before
    restart(program)
    assert [program.line() for _ in range(3)][-1] == first


TERMINAL = """
import os, sys
print("ready", os.getpid(), os.ttyname(0), os.isatty(1), os.tcgetpgrp(0) == os.getpgrp(), open("/dev/tty").isatty(), flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(shutil.which("setsid") is None, reason="needs setsid, to have a terminal of its own")
def test_the_terminal_is_kept(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TERMINAL)
    ours, its = os.openpty()
    command = ["setsid", "--ctty", *CLI, "run", "--", sys.executable, "app.py"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), its)
    with (
        subprocess.Popen(command, cwd=tmp_path, env=environment(), **pipes) as process,
        open(ours, encoding="utf-8") as screen,
    ):
        name = os.ttyname(its)
        os.close(its)
        said = next(line for line in screen if "ready" in line)
        assert said.split() == ["ready", str(process.pid), name, "True", "True", "True"]
        (record,) = records()
        with Client(record) as client:
            client.request("restart")
        assert next(line for line in screen if "ready" in line) == said
        process.kill()


def test_a_program_that_does_not_listen_to_ctrl_c_is_started_again_all_the_same(start: Run) -> None:
    program = start(DEAF)
    program.line()
    restart(program)
    assert program.line() == "ready"


def test_what_run_did_not_start_itself_cannot_be_started_again(start: Run, program: Callable[..., Program]) -> None:
    forked = start(FORKED)
    pid = int(forked.line().split()[1])
    [child] = [record for record in records() if record.pid == pid]
    alone = program("import reload_lsp; reload_lsp.start(); print('ready', flush=True); input()")
    alone.line()
    for record in (child, alone.record()):
        with Client(record) as client, pytest.raises(RemoteError, match="not started by `reload-lsp run`"):
            client.request("restart")
    forked.say()


@pytest.mark.parametrize("mode", ["never", "ask", "on-unsafe"])
def test_when_to_restart_is_told_to_the_editor_and_hidden_from_the_program(run: Run, mode: str) -> None:
    program = run(
        "--restart",
        mode,
        "--",
        sys.executable,
        "-c",
        "import os; print(os.environ.get('RELOAD_LSP_RUN')); input()",
        PYTHONUNBUFFERED="1",
    )
    assert program.line() == "None"
    with program.client() as client:
        assert client.request("hello", {"client": "test", "version": "0"})["abilities"]["restart"] == mode
