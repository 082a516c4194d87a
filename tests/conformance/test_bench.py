"""The conformance bench, where it lies on this machine: a folder that RELOAD_LSP_SCENARIOS names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RIGHT = 0.95  # of all cases: right, or flagged where the bench says that this is as good
SILENT = 2  # wrong and not said: the worst there is


@pytest.mark.slow
def test_scenarios() -> None:
    bench = os.environ.get("RELOAD_LSP_SCENARIOS")
    if not bench:
        pytest.skip("RELOAD_LSP_SCENARIOS names no folder with the conformance bench")
    command = [sys.executable, str(Path(bench) / "run.py"), "--engine", str(HERE / "engine_api.py"), "-v"]
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "RELOAD_LSP")}
    env["PYTHONPATH"] = str(HERE.parents[1])
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    *lines, last = done.stdout.splitlines()
    found = json.loads(last)
    wrong = "\n".join(line for line in lines if not line.startswith("PASS"))
    print(last)
    assert found.get("SILENT", 0) <= SILENT, wrong
    assert found.get("PASS", 0) + found["flagged_acceptable"] >= RIGHT * found["n"], wrong
    assert not found.get("CRASH") and not found.get("TIMEOUT"), wrong
