"""The conformance bench, where it lies on this machine: a folder that RELOAD_LSP_SCENARIOS names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
RIGHT = 0.95  # of all cases: right, or flagged where the bench says that this is as good
SILENT = 2  # wrong and not said: the worst there is


THROUGH_THE_SERVER = (  # what the server has part in: routing, watching, joining, showing
    "nm_module_renamed",
    "nm_new_submodule_in_package",
    "nm_self_replacing_module",
    "nm_data_file_read_at_import",
    "seq_delete_and_restore_file",
    "main_syntax_error_keeps_running",
    "main_from_import_constant",
    "cl_init_adds_attribute",
    "se_thread_start_args_edited",
    "fr_running_loop_body_edited",
)


def bench(*arguments: str) -> tuple[dict[str, Any], str]:
    """What the bench finds, and its lines on what is not simply right."""
    folder = os.environ.get("RELOAD_LSP_SCENARIOS")
    if not folder:
        pytest.skip("RELOAD_LSP_SCENARIOS names no folder with the conformance bench")
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "RELOAD_LSP")}
    env["PYTHONPATH"] = str(HERE.parents[1])
    command = [sys.executable, str(Path(folder) / "run.py"), *arguments, "-v"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    *lines, last = done.stdout.splitlines()
    print(last)
    return json.loads(last), "\n".join(line for line in lines if not line.startswith("PASS"))


@pytest.mark.slow
def test_scenarios() -> None:
    found, wrong = bench("--engine", str(HERE / "engine_api.py"))
    assert found.get("SILENT", 0) <= SILENT, wrong
    assert found.get("PASS", 0) + found["flagged_acceptable"] >= RIGHT * found["n"], wrong
    assert not found.get("CRASH") and not found.get("TIMEOUT"), wrong


@pytest.mark.slow
def test_scenarios_through_the_server() -> None:
    cases = [word for name in THROUGH_THE_SERVER for word in ("--case", name)]
    found, wrong = bench("--engine", str(HERE / "server_api.py"), *cases)
    assert found["n"] == len(THROUGH_THE_SERVER)
    assert found.get("PASS", 0) + found["flagged_acceptable"] == found["n"], wrong
    assert found["noisy_pass"] <= 1, wrong  # a deleted file that is still imported is said until it comes back
