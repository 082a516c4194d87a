"""Celery's prefork workers and pytest-xdist's: each attaches by itself, each follows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from driver import installed
from fleet import fleet, outcomes

pytestmark = pytest.mark.slow

CELERY = ("celery==5.7.0",)
XDIST = ("pytest==9.2.0", "pytest-xdist==3.8.0")
RATES = "def rate():\n    return 2\n"
# The broker is a folder: nothing has to be installed or run for it.
TASKS = """\
import os, pathlib, time
from celery import Celery
from rates import rate

HERE = pathlib.Path(__file__).parent
app = Celery("tasks", broker="filesystem://", backend="file://" + str(HERE / "results"))
app.conf.broker_transport_options = {
    "data_folder_in": str(HERE / "queue"), "data_folder_out": str(HERE / "queue"), "control_folder": str(HERE / "control"),
}
app.conf.worker_prefetch_multiplier = 1


@app.task
def price(count):
    time.sleep(0.3)
    return os.getpid(), count * rate()
"""
ASK = """\
from tasks import price
asked = [price.delay(10) for _ in range(4)]
print(sorted({tuple(one.get(timeout=30)) for one in asked}))
"""
# Each worker says that it is there, and goes on when it is told to.
TESTS = """\
import os, pathlib
import pytest
from rates import rate

HERE = pathlib.Path(__file__).parent


@pytest.mark.parametrize("number", range(2))
def test_rate(number):
    with open(HERE / "there", "w") as there:
        there.write(f"{os.getpid()}\\n")
    go = os.open(HERE / "go", os.O_RDONLY)
    assert os.read(go, 1)
    os.close(go)
    assert rate() == 3
"""


def test_celerys_workers(folder: Path, workspace: Path) -> None:
    bin_folder = installed("celery", *CELERY)
    for name in ("queue", "control", "results"):
        (workspace / name).mkdir()
    (workspace / "rates.py").write_text(RATES)
    (workspace / "tasks.py").write_text(TASKS)
    (workspace / "ask.py").write_text(ASK)
    command = [
        bin_folder / "celery",
        "-A",
        "tasks",
        "worker",
        "-l",
        "INFO",
        "-c",
        "2",
        "-P",
        "prefork",
        "--without-gossip",
        "--without-mingle",
    ]
    with fleet(folder, workspace, command, "ready.") as program:
        attached = {process["pid"] for process in program.attached(3)}
        workers = attached - {program.process.pid}
        ask = [bin_folder / "python", "ask.py"]
        before = subprocess.run(ask, cwd=workspace, capture_output=True, text=True, check=True)
        assert before.stdout.strip() == str([(pid, 20) for pid in sorted(workers)])
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys(attached, "applied")
        after = subprocess.run(ask, cwd=workspace, capture_output=True, text=True, check=True)
        assert after.stdout.strip() == str([(pid, 30) for pid in sorted(workers)])


def test_xdists_workers(folder: Path, workspace: Path) -> None:
    bin_folder = installed("xdist", *XDIST)
    (workspace / "rates.py").write_text(RATES)
    (workspace / "test_rates.py").write_text(TESTS)
    for name in ("there", "go"):
        os.mkfifo(workspace / name)
    command = [bin_folder / "python", "-m", "pytest", "-n", "2", "-q", "-p", "no:cacheprovider"]
    with fleet(folder, workspace, command, "bringing up nodes", ends=True) as program:
        workers: set[int] = set()
        while len(workers) < 2:
            workers |= set(map(int, (workspace / "there").read_text().split()))
        program.attached(3)
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys(workers, "applied")
        go = os.open(workspace / "go", os.O_RDWR)  # open for as long as they read: one byte for each
        os.write(go, b"!" * len(workers))
        assert "2 passed" in program.said.wait_for("passed")
        os.close(go)
