"""Programs whose threads are none: gevent and trio. The agent stays a thread of the system's, and the program goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from driver import Said, installed
from fleet import fleet, outcomes

from reload_lsp.demo.processes import COMMAND, environment
from reload_lsp.wire.client import Client
from reload_lsp.wire.records import living

pytestmark = pytest.mark.slow

PACKAGES = ("gevent==26.9.0", "trio==0.35.0")
RATES = "def rate():\n    return 2\n"
GEVENT = """\
from gevent import monkey; monkey.patch_all()
import gevent, os, sys, threading
import rates


def tick():
    while True:
        gevent.sleep(0.02)
        print("rate", rates.rate(), os.getpid(), flush=True)


def main():
    if "fork" in sys.argv:
        os.fork()
    ticking = gevent.spawn(tick)
    threading.Thread(target=gevent.sleep, args=(0.01,)).start()
    print("ready", flush=True)
    ticking.join()


main()
"""
# An agent that imports slowly, as from a slow disk, and threads that become greenlets meanwhile or have before.
IMPORTING = """\
import importlib.machinery, sys, threading, time
from os import _exit, fork, waitpid  # gevent's sometimes waits for ever, with nothing of ours about
begun, sleep = threading.Event(), time.sleep


def get_data(self, path):
    if threading.current_thread().name == "reload-lsp":
        begun.set()
        sleep(0.005)
    return original(self, path)


original = importlib.machinery.SourceFileLoader.get_data
importlib.machinery.SourceFileLoader.get_data = get_data
import rates
if "before" in sys.argv:
    from gevent import monkey; monkey.patch_all()
import reload_lsp; reload_lsp.start()
if "after" in sys.argv:
    begun.wait()
    from gevent import monkey; monkey.patch_all()
import dataclasses, gc, gevent, json
from gevent.hub import Hub
for _ in range(10):
    pid = fork()
    if not pid:
        _exit(0 if sys.getswitchinterval() == 0.005 else 1)
    assert waitpid(pid, 0)[1] == 0
    gevent.sleep(0.02)
print("ready", flush=True)
sys.stdin.readline()
print("rate", rates.rate(), "hubs", sum(isinstance(one, Hub) for one in gc.get_objects()), flush=True)
sys.exit(3)
"""
TRIO = """\
import os
import trio
import rates


async def tick():
    while True:
        await trio.sleep(0.02)
        print("rate", rates.rate(), os.getpid(), flush=True)


async def main():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(tick)
        await trio.to_thread.run_sync(print, "ready")


trio.run(main)
"""


@pytest.mark.parametrize(("text", "words", "count"), [(GEVENT, [], 1), (GEVENT, ["fork"], 2), (TRIO, [], 1)])
def test_saves_follow_and_the_program_goes_on(
    folder: Path, workspace: Path, text: str, words: list[str], count: int
) -> None:
    python = installed("green", *PACKAGES) / "python"
    (workspace / "rates.py").write_text(RATES)
    (workspace / "app.py").write_text(text)
    with fleet(folder, workspace, [python, "app.py", *words], "ready") as program:
        pids = {process["pid"] for process in program.attached(count)}
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done).keys() == pids
        for pid in pids:
            program.said.wait_for(f"rate 3 {pid}")
        assert not [line for line in program.said.lines if "Traceback" in line or "ignored" in line]


def test_attached_to_late(folder: Path, workspace: Path) -> None:
    if sys.version_info >= (3, 14):
        pytest.skip("hypno is for older Pythons")
    python = installed("green", *PACKAGES) / "python"
    (workspace / "rates.py").write_text(RATES)
    (workspace / "app.py").write_text(GEVENT)
    env = environment(folder)
    with subprocess.Popen([python, "app.py"], cwd=workspace, env=env, text=True, stdout=subprocess.PIPE) as program:
        said = Said(program)
        said.wait_for("ready")
        subprocess.run([*COMMAND, "attach", str(program.pid)], env=env, check=True, capture_output=True)
        (record,) = living(os.path.join(env["XDG_RUNTIME_DIR"], "reload-lsp"))
        with Client(record) as client:
            (workspace / "rates.py").write_text(RATES.replace("2", "3"))
            files = [{"path": str(workspace / "rates.py"), "kind": "modified", "sha256": None}]
            client.request("apply", {"batch": 1, "cause": "save", "files": files})
        said.wait_for("rate 3")
        program.kill()


@pytest.mark.parametrize("order", ["before", "after"])
def test_threads_that_become_greenlets_while_the_agent_imports_and_reads_ahead(
    folder: Path, workspace: Path, order: str
) -> None:
    """Nothing fails, nobody waits for ever: importlib's locks are the program's, and are no longer what they were."""
    (workspace / "rates.py").write_text(RATES)
    (workspace / "app.py").write_text(IMPORTING)
    log = folder / "log"
    env = {**environment(folder), "PYTHONPATH": str(Path(__file__).parents[2]), "RELOAD_LSP_LOG": str(log)}
    command = [installed("green", *PACKAGES) / "python", "app.py", order]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=workspace, env=env, text=True, **pipes) as program:
        said = Said(program)
        said.wait_for("ready")
        (record,) = living(os.path.join(env["XDG_RUNTIME_DIR"], "reload-lsp"))
        with Client(record) as client:
            client.hello("test")
            (workspace / "rates.py").write_text(RATES.replace("2", "3"))
            files = [{"path": str(workspace / "rates.py"), "kind": "modified", "sha256": None}]
            assert client.request("apply", {"batch": 1, "cause": "save", "files": files})["outcome"] == "applied"
        assert program.stdin
        program.stdin.write("\n")
        program.stdin.flush()
        assert said.wait_for("rate") == "rate 3 hubs 1"
        assert program.wait(30) == 3
    assert not log.exists(), log.read_text()
