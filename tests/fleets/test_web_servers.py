"""gunicorn and uvicorn with several workers: each follows, each is told of, in one table."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from driver import installed
from fleet import answers, fleet, free_port, outcomes

pytestmark = pytest.mark.slow

PACKAGES = ("gunicorn==27.0.1", "uvicorn==0.54.0")
APP = """\
import os
from rates import rate


class Order:
    def total(self):
        return rate() * 10


ORDER = Order()


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {ORDER.total()}".encode()]
"""
ASGI = """\
import os
from rates import rate


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{os.getpid()} {rate()}".encode()})
"""
RATES = "def rate():\n    return 2\n"
FROZEN = """\
import gc
preload_app = True


def when_ready(server):
    gc.freeze()
"""


@pytest.fixture
def bin_folder() -> Path:
    return installed("web", *PACKAGES)


def test_gunicorns_workers(folder: Path, workspace: Path, bin_folder: Path) -> None:
    (workspace / "app.py").write_text(APP)
    (workspace / "rates.py").write_text(RATES)
    port = free_port()
    command = [bin_folder / "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "app:app"]
    with fleet(folder, workspace, command, "Booting worker with pid") as program:
        first = answers(port, 2)
        assert set(first.values()) == {"20"}
        program.attached(2)
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys(first, "applied")
        assert answers(port, 2) == dict.fromkeys(first, "30")

        # A worker that ends is replaced by one that loads what is saved, and attaches by itself.
        gone = min(first)
        os.kill(gone, signal.SIGTERM)
        program.attached(1)
        program.attached(2)
        second = answers(port, 2)
        assert gone not in second
        assert set(second.values()) == {"30"}
        done = program.save(workspace / "rates.py", "return 3", "return 4", pids=second)
        assert outcomes(done) == dict.fromkeys(second, "applied")


def test_gunicorn_with_preloading_and_a_frozen_heap(folder: Path, workspace: Path, bin_folder: Path) -> None:
    (workspace / "app.py").write_text(APP)
    (workspace / "rates.py").write_text(RATES)
    (workspace / "conf.py").write_text(FROZEN)
    port = free_port()
    command = [bin_folder / "gunicorn", "-c", "conf.py", "-w", "2", "-b", f"127.0.0.1:{port}", "app:app"]
    with fleet(folder, workspace, command, "Booting worker with pid") as program:
        first = answers(port, 2)
        program.attached(3)
        everybody = {*first, program.process.pid}
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys(everybody, "applied")
        assert answers(port, 2) == dict.fromkeys(first, "30")
        # The order was made before the heap was frozen: no pass over the heap finds it, and its class is patched all the same.
        done = program.save(workspace / "app.py", "rate() * 10", "rate() * 100")
        assert outcomes(done) == dict.fromkeys(everybody, "applied")
        assert answers(port, 2) == dict.fromkeys(first, "300")
        # A worker that is forked from now on has all of it from its parent.
        os.kill(min(first), signal.SIGTERM)
        program.attached(2)
        program.attached(3)
        assert set(answers(port, 2).values()) == {"300"}


def test_uvicorns_workers(folder: Path, workspace: Path, bin_folder: Path) -> None:
    (workspace / "app.py").write_text(ASGI)
    (workspace / "rates.py").write_text(RATES)
    port = free_port()
    command = [bin_folder / "uvicorn", "app:app", "--workers", "2", "--port", str(port)]
    with fleet(folder, workspace, command, "Application startup complete") as program:
        program.attached(2)
        first = answers(port, 2)
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert outcomes(done) == dict.fromkeys(first, "applied")
        assert answers(port, 2) == dict.fromkeys(first, "3")


def test_a_worker_that_is_left_behind_is_said(folder: Path, workspace: Path, bin_folder: Path) -> None:
    (workspace / "app.py").write_text(APP)
    (workspace / "rates.py").write_text(RATES)
    rates = workspace / "rates.py"
    port = free_port()
    command = [bin_folder / "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "app:app"]
    with fleet(folder, workspace, command, "Booting worker with pid") as program:
        workers = answers(port, 2)
        program.attached(2)
        unlucky = min(workers)
        done = program.save(
            rates, "def rate", f"import os\nassert os.getpid() != {unlucky} or os.path.exists('ok')\n\ndef rate"
        )
        assert outcomes(done) == {unlucky: "rolled-back", max(workers): "applied"}
        shown = program.editor.diagnosed(rates, ["RLD806", "RLD901"])
        assert shown[0]["message"].startswith(
            f"stale: gunicorn (pid {unlucky}) runs older code of this file than 1 other process"
        )
        assert "Retry the reload" in program.editor.fixes(rates, shown[0])
        (workspace / "ok").write_text("")
        program.editor.forget()
        program.command("reloadLsp.retry")
        assert program.editor.diagnosed(rates, []) == []

        # The other way out: a worker was forked, what can be started again is the program.
        unlucky = min(workers)
        done = program.save(rates, "path.exists('ok')", "path.exists('missing')")
        assert outcomes(done) == {unlucky: "rolled-back", max(workers): "applied"}
        shown = program.editor.diagnosed(rates, ["RLD806", "RLD901"])
        assert "Restart gunicorn" in program.editor.fixes(rates, shown[0])
        program.editor.forget()
        count = len(program.said.lines)
        program.command("reloadLsp.restart")
        program.said.wait_for("Booting worker with pid", after=count)
        assert program.editor.diagnosed(rates, []) == []
        second = answers(port, 2)
        assert workers.keys().isdisjoint(second)
        assert program.process.poll() is None
