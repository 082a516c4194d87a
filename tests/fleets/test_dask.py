"""A Dask cluster of eight workers, with work in flight: one save, one verdict for each worker, and no task is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from driver import Said, installed
from fleet import free_port, outcomes

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import environment
from reload_lsp.wire.client import Client
from reload_lsp.wire.errors import WireError
from reload_lsp.wire.keyfile import make_key, read_key
from reload_lsp.wire.records import Endpoint, living

pytestmark = [pytest.mark.slow, pytest.mark.longrun]

PACKAGES = ("distributed==2026.8.0",)
WORKERS = 8
PROGRAM = """\
import sys
from distributed import Client, LocalCluster


def work(number):
    import os, time, rates
    time.sleep(0.01)
    return os.getpid(), rates.rate()


if __name__ == "__main__":
    from reload_lsp.clusters.dask_workers import ReloadPlugin

    with LocalCluster(n_workers=8, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        client.register_plugin(ReloadPlugin(*sys.argv[1:]))
        client.run(lambda: __import__("rates").rate())
        flying = client.map(work, range(4000), pure=False)
        print("ready", flush=True)
        sys.stdin.readline()
        done = client.gather(flying)
        print("done", len(done), sorted({rate for _, rate in done}), flush=True)
        print("after", set(client.run(lambda: __import__("rates").rate()).values()), flush=True)
"""


def test_a_save_reaches_every_worker(folder: Path, workspace: Path) -> None:
    python = installed("dask", *PACKAGES) / "python"
    rates = workspace / "rates.py"
    rates.write_text("def rate():\n    return 2\n")
    (workspace / "main.py").write_text(PROGRAM)
    env = {**environment(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    key, port = folder / "key", free_port()
    make_key(str(key))
    process = subprocess.Popen(
        [python, "main.py", f"127.0.0.1:{port}-{port + 40}", str(key)], cwd=workspace, env=env, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    editor = Editor(workspace, env)
    try:
        said = Said(process)
        said.wait_for("ready")
        editor.initialize()
        for _ in range(20):
            if len(editor.attached()["processes"]) == WORKERS:
                break
        editor.open(rates)
        editor.forget()
        editor.save(rates, rates.read_text().replace("2", "3"))
        told = editor._wait("reloadLsp/didReload", lambda _: True, "no reload was reported")["processes"]
        assert list(outcomes(told).values()) == ["applied"] * WORKERS
        assert over_the_network(range(port, port + 41), read_key(str(key)), folder) == outcomes(told).keys()
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        assert said.wait_for("done").startswith("done 4000 ")
        assert said.wait_for("after") == "after {3}"
    finally:
        editor.end()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def over_the_network(ports: range, key: bytes, folder: Path) -> set[int]:
    """The processes that the key opens, which only the scheduler has told them."""
    found: set[int] = set()
    record = living(str(folder / "run" / "reload-lsp"))[0]
    for port in ports:
        with (
            contextlib.suppress(WireError, OSError),
            Client(replace(record, endpoint=Endpoint(tcp=("127.0.0.1", port)), key=key)) as client,
        ):
            found.add(client.request("status")["pid"])
    return found
