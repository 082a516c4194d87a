"""`reload-lsp attach PID`: programs that run already, of every Python there is, wherever their main thread sits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import CLI, Program, environment, records
from pythons import VERSIONS, find

from reload_lsp.wire.client import Client

Plain = Callable[..., Program]
ANSWERS = """\
import lib
print("ready", flush=True)
while input() != "end":
    print(lib.rate(), flush=True)
"""
BUSY = """\
import lib
print("ready", flush=True)
while True:
    sum(range(100))
"""


def attach(pid: int, *options: str) -> subprocess.CompletedProcess[str]:
    """The command, as a user gives it."""
    return subprocess.run(
        [*CLI, "attach", str(pid), *options], env=environment(), capture_output=True, text=True, timeout=60
    )


def save(client: Client, path: Path, text: str) -> dict:
    path.write_text(text)
    files = [{"path": str(path), "kind": "modified", "sha256": None}]
    return client.request("apply", {"batch": 1, "cause": "save", "files": files})


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    path = tmp_path / "lib.py"
    path.write_text("def rate():\n    return 2\n")
    return path


@pytest.mark.parametrize("version", VERSIONS)
def test_a_program_of_any_python_follows_once_attached(plain: Plain, lib: Path, version: str) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no CPython {version} here")
    # A 3.14 comes to it between two bytecodes: its main thread must not sit in input().
    one = plain(BUSY if version == "3.14" else ANSWERS, python)
    assert one.line() == "ready"
    done = attach(one.pid)
    assert done.returncode == 0, done.stderr
    assert f"attached to app.py (pid {one.pid}, Python {version}" in done.stdout
    with one.client() as client:
        report = save(client, lib, "def rate():\n    return 3\n")
    assert (report["outcome"], report["findings"]) == ("applied", [])
    if version != "3.14":
        one.say()
        assert one.line() == "3"


def test_nothing_but_the_agents_thread_is_left_behind(plain: Plain, lib: Path, runtime: Path) -> None:
    shows = """
import sys, threading, os
before = set(dir()) | {"before"}
print("ready", flush=True)
input()
print(sorted(set(dir()) - before), [t.name for t in threading.enumerate()], os.environ.get("PYTHONPATH"), flush=True)
input()
"""
    one = plain(shows)
    one.line()
    assert attach(one.pid).returncode == 0
    one.say()
    assert one.line() == "[] ['MainThread', 'reload-lsp'] None"
    assert sorted(name.rpartition(".")[2] for name in os.listdir(runtime)) == ["json", "sock"]


def test_a_second_time_says_so(plain: Plain, lib: Path) -> None:
    one = plain(ANSWERS)
    one.line()
    attach(one.pid)
    done = attach(one.pid)
    assert (done.returncode, "has the agent already" in done.stdout) == (0, True)
    assert len(records()) == 1


def test_children_that_it_forks_afterwards_have_agents_too(plain: Plain) -> None:
    one = plain(
        "import os, time\nprint('ready', flush=True)\ninput()\nos.fork()\nprint('forked', flush=True)\ntime.sleep(60)\n"
    )
    one.line()
    attach(one.pid)
    one.say()
    one.line(), one.line()
    parent, child = sorted(records(), key=lambda record: record.started)
    assert (parent.pid, child.parent) == (one.pid, parent.id)
    os.kill(child.pid, 9)


def test_the_editors_runtime_folder_counts_not_the_programs(plain: Plain, tmp_path: Path) -> None:
    one = plain(ANSWERS.replace("import lib\n", ""), XDG_RUNTIME_DIR=str(tmp_path))
    one.line()
    assert attach(one.pid).returncode == 0
    assert [record.pid for record in records()] == [one.pid]


def test_waiting_for_the_main_thread_is_shown_and_bounded(plain: Plain, runtime: Path) -> None:
    python = find("3.14")
    if python is None:
        pytest.skip("no CPython 3.14 here")
    one = plain("print('ready', flush=True)\ninput()\nprint('on', flush=True)\ninput()\n", python)
    one.line()
    began = time.monotonic()
    done = attach(one.pid, "--timeout", "1.5")
    assert done.returncode == 1
    assert time.monotonic() - began < 10
    assert f"waiting for the main thread of process {one.pid}, 1 s so far: it waits for input" in done.stderr
    assert "the request was taken back\n  -> have it do something" in done.stderr
    one.say()
    assert one.line() == "on"
    assert records() == []
    code, errors = one.finish()
    assert (code, errors.count("EOFError")) == (1, 1)  # input() at the end of standard input; nothing of ours


def test_a_thread_that_waits_longer_gets_it_when_it_wakes(plain: Plain) -> None:
    python = find("3.14")
    if python is None:
        pytest.skip("no CPython 3.14 here")
    one = plain("print('ready', flush=True)\ninput()\nimport time\ntime.sleep(60)\n", python)
    one.line()
    command = subprocess.Popen([*CLI, "attach", str(one.pid)], env=environment(), stderr=subprocess.PIPE, text=True)
    assert command.stderr and "waiting for the main thread" in command.stderr.readline()
    one.say()
    assert command.wait(30) == 0


@pytest.mark.parametrize("python", [sys.executable, find("3.14")])
def test_a_file_edited_meanwhile_is_told_by_its_code(
    plain: Plain, lib: Path, tmp_path: Path, python: Path | None
) -> None:
    if python is None:
        pytest.skip("no CPython 3.14 here")
    same = tmp_path / "same.py"
    same.write_text("def other():\n    return 1\n")
    one = plain("import same\n" + BUSY, python)
    one.line()
    lib.write_text("def rate():\n    return 3\n")
    same.write_text("def other():\n    return 1\n")  # written, and yet the same code
    # Another program caches the newer text: that must not pass for what this one has loaded.
    subprocess.run([python, "-c", "import lib, same"], cwd=tmp_path, env=environment(), check=True)
    assert attach(one.pid).returncode == 0
    with one.client() as client:
        known = {os.path.basename(file["path"]): file["sha256"] for file in client.request("loaded")["files"]}
    assert known["lib.py"] == ""
    assert known["same.py"] and known["app.py"]
