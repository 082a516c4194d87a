"""Ray: actors in workers of their own, each with an agent by the set-up hook; one save, one verdict for each."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from driver import Said, installed
from fleet import outcomes

from reload_lsp.demo.editor import Editor
from reload_lsp.demo.processes import environment

pytestmark = [pytest.mark.slow, pytest.mark.longrun]

PACKAGES = ("ray==2.60.0",)
ACTORS = 3
PROGRAM = f"""\
import sys
import ray


@ray.remote(num_cpus=0)
class Till:
    def rate(self):
        import rates
        return rates.rate()


if __name__ == "__main__":
    hook = {{"worker_process_setup_hook": "reload_lsp.clusters.start_worker"}}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env=hook)
    tills = [Till.remote() for _ in range({ACTORS})]
    print("ready", ray.get([till.rate.remote() for till in tills]), flush=True)
    sys.stdin.readline()
    print("after", ray.get([till.rate.remote() for till in tills]), flush=True)
"""


def test_a_save_reaches_every_actor(folder: Path, workspace: Path) -> None:
    python = installed("ray", *PACKAGES) / "python"
    rates = workspace / "rates.py"
    rates.write_text("def rate():\n    return 2\n")
    (workspace / "main.py").write_text(PROGRAM)
    env = {**environment(folder), "PYTHONPATH": str(Path(__file__).parents[2]), "RAY_TMPDIR": str(folder)}
    process = subprocess.Popen(
        [python, "main.py"], cwd=workspace, env=env, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    editor = Editor(workspace, env)
    try:
        said = Said(process)
        assert said.wait_for("ready") == "ready [2, 2, 2]"
        editor.initialize()
        for _ in range(20):
            if len(editor.attached()["processes"]) == ACTORS:
                break
        editor.open(rates)
        editor.forget()
        editor.save(rates, rates.read_text().replace("2", "3"))
        told = editor._wait("reloadLsp/didReload", lambda _: True, "no reload was reported")["processes"]
        assert list(outcomes(told).values()) == ["applied"] * ACTORS
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        assert said.wait_for("after") == "after [3, 3, 3]"
    finally:
        editor.end()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
