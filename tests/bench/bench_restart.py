"""A restart, as `uvicorn --reload` does it: an application that takes two seconds to start, asked until it answers anew."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from bench_numbers import Json, summary
from bench_session import Ended

STARTS = 2.0
PATIENCE = 60.0
NAP = 0.002
APP = """\
import time

import answers

time.sleep({starts})  # a model, a pool of connections, a cache


async def app(scope, receive, send):
    if scope["type"] == "http":
        body = str(answers.answer(1)).encode()
        await send({{"type": "http.response.start", "status": 200, "headers": []}})
        await send({{"type": "http.response.body", "body": body}})
"""
ANSWERS = "def answer(x):\n    return x + 1 + {edit}\n"


def restarted(python: Path, count: int) -> Json:
    """Save → new behaviour through a restart."""
    folder = Path(tempfile.mkdtemp(prefix="rl-bench-"))
    (folder / "main.py").write_text(APP.format(starts=STARTS))
    (folder / "answers.py").write_text(ANSWERS.format(edit=0))
    port = _free_port()
    command = [python, "-m", "uvicorn", "main:app", "--reload", "--port", str(port), "--log-level", "critical"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("RELOAD_LSP", "PYTHON"))}
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _answers(port, "2")
        taken: list[float] = []
        for edit in range(1, count + 1):
            (folder / "answers.py").write_text(ANSWERS.format(edit=edit))
            saved = time.perf_counter()
            _answers(port, str(2 + edit))
            taken.append(time.perf_counter() - saved)
            time.sleep(0.2)
    finally:
        os.killpg(process.pid, 9)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return {"way": summary(taken), "starts": STARTS}


def _answers(port: int, expected: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            if connection.getresponse().read().decode() == expected:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(NAP)
    raise Ended("the application never gave the new answer")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
