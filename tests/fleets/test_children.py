"""Children of a program, however they are begun: each attaches by itself and follows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from fleet import Fleet, fleet, outcomes

pytestmark = pytest.mark.slow

RATES = "def rate():\n    return 2\n"
# Each child says its number and its rate whenever the program is given a line.
WORK = """\
import os
from rates import rate


def work(inbox, outbox):
    outbox.put((os.getpid(), rate()))
    while inbox.get():
        outbox.put((os.getpid(), rate()))
"""
POOL = """\
import multiprocessing, sys
from work import work

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    inboxes, outbox = [context.Queue(), context.Queue()], context.Queue()
    children = [context.Process(target=work, args=(inbox, outbox), daemon=True) for inbox in inboxes]
    for child in children:
        child.start()
    print("begun", sorted(outbox.get() for _ in children), flush=True)
    for line in sys.stdin:
        for inbox in inboxes:
            inbox.put(line)
        print("now", sorted(outbox.get() for _ in children), flush=True)
"""
SUBPROCESS = """\
import subprocess, sys
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
children = [subprocess.Popen([sys.executable, "child.py"], **pipes) for _ in range(2)]
print("begun", [child.stdout.readline().strip() for child in children], flush=True)
for line in sys.stdin:
    for child in children:
        child.stdin.write("now\\n")
        child.stdin.flush()
    print("now", [child.stdout.readline().strip() for child in children], flush=True)
"""
CHILD = """\
import os
from rates import rate


def say():
    print(os.getpid(), rate(), flush=True)


if __name__ == "__main__":
    say()
    while input():
        say()
"""
EXECUTOR = """\
import os, sys
from concurrent.futures import ProcessPoolExecutor
import rates


def work(_):
    import time
    time.sleep(0.05)
    return os.getpid(), rates.rate()


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        print("begun", sorted(set(pool.map(work, range(8)))), flush=True)
        for line in sys.stdin:
            print("now", sorted(set(pool.map(work, range(8)))), flush=True)
"""


def asked(program: Fleet) -> str:
    assert program.process.stdin
    count = len(program.said.lines)
    program.process.stdin.write("now\n")
    program.process.stdin.flush()
    return program.said.wait_for("now", after=count)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(folder: Path, workspace: Path, python: Path, method: str) -> None:
    for name, text in (("rates", RATES), ("work", WORK), ("pool", POOL)):
        (workspace / f"{name}.py").write_text(text)
    with fleet(folder, workspace, [python, "pool.py", method], "begun") as program:
        attached = {process["pid"] for process in program.attached(4 if method == "forkserver" else 3)}
        children = [pid for pid, rate in ast.literal_eval(program.said.lines[0].removeprefix("begun ")) if rate == 2]
        assert len(children) == 2
        assert {program.process.pid, *children} <= attached
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys([program.process.pid, *children], "applied")
        assert asked(program) == f"now {[(pid, 3) for pid in children]}"


def test_subprocesses(folder: Path, workspace: Path, python: Path) -> None:
    for name, text in (("rates", RATES), ("child", CHILD), ("main", SUBPROCESS)):
        (workspace / f"{name}.py").write_text(text)
    with fleet(folder, workspace, [python, "main.py"], "begun") as program:
        children = {process["pid"] for process in program.attached(3)} - {program.process.pid}
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys(children, "applied")
        assert sorted(ast.literal_eval(asked(program).removeprefix("now "))) == sorted(f"{pid} 3" for pid in children)


def test_a_pool_of_processes(folder: Path, workspace: Path, python: Path) -> None:
    for name, text in (("rates", RATES), ("main", EXECUTOR)):
        (workspace / f"{name}.py").write_text(text)
    with fleet(folder, workspace, [python, "main.py"], "begun") as program:
        program.attached(3)
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert len(outcomes(done)) == 3
        assert set(outcomes(done).values()) == {"applied"}
        assert {rate for _, rate in ast.literal_eval(asked(program).removeprefix("now "))} == {3}
