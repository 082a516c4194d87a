"""Other users of the machine: they can neither connect, nor read the key, nor prepare a folder that we would trust."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import STARTED, WAIT, Program

OTHER = 12345
ATTEMPTS = f"""
import json, os, socket, sys
os.setgroups([]); os.setresgid(*[{OTHER}] * 3); os.setresuid(*[{OTHER}] * 3)
folder, record, endpoint, pid = sys.argv[1:]

def connect():
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(endpoint)

attempts = {{
    "list": lambda: os.listdir(folder),
    "read": lambda: open(record).read(),
    "write": lambda: open(os.path.join(folder, "x.json"), "w"),
    "remove": lambda: os.unlink(endpoint),
    "connect": connect,
    "environment": lambda: open(f"/proc/{{pid}}/environ").read(),
    "descriptors": lambda: os.listdir(f"/proc/{{pid}}/fd"),
}}
done = []
for name, attempt in attempts.items():
    try:
        attempt()
        done.append(name)
    except PermissionError:
        pass
print(json.dumps(done))
"""
FOREIGN = f"""
import os, sys
folder = sys.argv[1]
os.setgroups([]); os.setresgid(*[{OTHER}] * 3); os.setresuid(*[{OTHER}] * 3)
os.mkdir(folder, 0o700)
"""


@pytest.mark.usefixtures("as_root")
def test_another_user_can_do_nothing(program: Callable[..., Program], runtime: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    record = one.record()
    runtime.parent.chmod(0o755)  # the strangers come as near as they can
    words = [runtime, runtime / f"{record.id}.json", record.endpoint.unix, one.pid]
    said = subprocess.run(
        [sys.executable, "-c", ATTEMPTS, *map(str, words)], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
    with one.client() as client:
        assert client.request("status")["state"] == "idle"


@pytest.mark.usefixtures("as_root")
def test_a_folder_that_another_user_prepared_is_refused(program: Callable[..., Program], runtime: Path) -> None:
    runtime.parent.chmod(0o1777)
    subprocess.run([sys.executable, "-c", FOREIGN, str(runtime)], check=True)
    one = program(STARTED + WAIT)
    assert one.line() == "ready"
    assert os.listdir(runtime) == []
    code, errors = one.finish()
    assert code == 0
    assert f"belongs to user {OTHER}, not to you" in errors
