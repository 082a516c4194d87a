"""A fork makes two programs: the child is somebody of its own, the parent goes on as it was."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import STARTED, WAIT, Program, records

from reload_lsp.wire.client import Client

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

FORK = """
import os, sys
read, write = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(write)
    print("child", flush=True)
    os.read(read, 1)
    os._exit(0)
os.close(read)
print("parent", flush=True)
sys.stdin.readline()
os.close(write)
os.waitpid(pid, 0)
"""

FORKS = """
import os, time
began = time.perf_counter()
for _ in range(100):
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
print(time.perf_counter() - began, flush=True)
"""


def test_the_child_is_somebody_of_its_own(program: Callable[..., Program]) -> None:
    one = program(STARTED + FORK)
    assert sorted([one.line(), one.line(), one.line()]) == ["child", "parent", "ready"]
    parent, child = records()
    assert (parent.pid, child.parent) == (one.pid, parent.id)
    assert child.pid != parent.pid and child.id != parent.id and child.key != parent.key
    for record in (parent, child):
        with Client(record) as client:
            assert client.hello("test")["pid"] == record.pid


def test_the_parents_clients_do_not_notice(program: Callable[..., Program]) -> None:
    one = program(STARTED + WAIT + FORK)
    one.line()
    client = one.client()
    before = client.hello("test")["id"]
    one.say()
    one.line(), one.line()
    assert client.hello("test")["id"] == before
    client.close()


def test_the_parents_death_shows_while_the_child_lives(program: Callable[..., Program]) -> None:
    one = program(STARTED + FORK)
    one.line(), one.line(), one.line()
    child = records()[1]
    client = one.client()
    os.kill(one.pid, signal.SIGKILL)
    one.process.wait(30)
    left = [r.pid for r in records()]
    assert one.pid not in left
    assert left in ([child.pid], [])  # the pipe tells the child as well: it may be gone already
    client.close()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="no warning before 3.12")
def test_a_fork_makes_no_warning(program: Callable[..., Program]) -> None:
    one = program(STARTED + FORKS, "-W", "error")
    one.line()
    assert one.finish() == (0, "")


def test_fork_after_fork_is_quick(program: Callable[..., Program], runtime: Path) -> None:
    one = program(STARTED + FORKS)
    one.line()
    assert float(one.line()) < 5
    assert one.finish() == (0, "")
    assert records() == []
    assert os.listdir(runtime) == []


def test_multiprocessing_children_attach_by_fork(program: Callable[..., Program]) -> None:
    text = (
        "import multiprocessing\n"
        "def work(end):\n    end.send('here'); end.recv()\n"
        "if __name__ == '__main__':\n    " + STARTED + "    context = multiprocessing.get_context('fork')\n"
        "    mine, theirs = context.Pipe()\n"
        "    child = context.Process(target=work, args=(theirs,)); child.start()\n"
        "    print(mine.recv(), flush=True); input(); mine.send(0); child.join()\n"
    )
    one = program(text)
    assert [one.line(), one.line()] == ["ready", "here"]
    parent, child = records()
    assert child.parent == parent.id
    one.say()
    assert one.finish() == (0, "")
    assert records() == []


# The agent's thread is kept in the middle of an import for as long as the program likes.
IMPORTING = """
import importlib.machinery, os, sys, threading
def get_data(self, path):  # as a slow disk would
    if STUCK_AT in path.replace("__pycache__/", "") and threading.current_thread().name == "reload-lsp":
        begun.set()
        go_on.wait()
    return original(self, path)
begun, go_on = threading.Event(), threading.Event()
original = importlib.machinery.SourceFileLoader.get_data
importlib.machinery.SourceFileLoader.get_data = get_data
import reload_lsp
reload_lsp.start()
sys.modules["_reload_lsp_agent.agent.agent"].PAUSE_SECONDS = 0.05
print("ready", flush=True)
begun.wait()
pid = os.fork()
if not pid:
    go_on.set()
    print("child", flush=True)
    sys.stdin.readline()
    os._exit(0)
go_on.set()
print("parent", flush=True)
os.waitpid(pid, 0)
"""


@pytest.mark.parametrize("stuck_at", ["live/modules.", "json/decoder.", "live/transaction."])
def test_a_fork_while_the_agents_thread_imports(program: Callable[..., Program], stuck_at: str) -> None:
    one = program(f"STUCK_AT = {stuck_at!r}\n{IMPORTING}")
    assert one.line() == "ready"
    asking = threading.Thread(target=lambda: one.client().hello("test"))  # its answer waits for that import
    asking.start()
    assert sorted([one.line(), one.line()]) == ["child", "parent"]
    asking.join(30)
    child = next(record for record in records() if record.parent is not None)
    with Client(child) as client:
        assert client.hello("test")["pid"] == child.pid
        report = client.request("apply", {"batch": 1, "cause": "save", "files": []})
    assert report["outcome"] == "no-effect"
    one.say()
    assert one.finish() == (0, "")
