"""Where statements run: the agent's thread, the main thread, the event loop, the program's own checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from programs import PATIENCE, STARTED, Program

from reload_lsp.wire.client import Client
from reload_lsp.wire.errors import RemoteError
from reload_lsp.wire.messages import Answer, Failure, Request

Start = Callable[..., Program]
LIB = "import threading\nWHERE = 'import'\n"
EDIT = "import threading\nWHERE = threading.current_thread().name\n"
LOOP_EDIT = """
import asyncio, threading
try:
    WHERE = f"{asyncio.get_running_loop().is_running()} {threading.current_thread().name}"
except RuntimeError as error:
    WHERE = str(error)
"""
READING = "import sys, lib\nprint('in', flush=True)\nsys.stdin.readline()\nprint(lib.WHERE, flush=True)\ninput()\n"
GAME = """
import sys, lib, reload_lsp
reload_lsp.checkpoint()
print("in", flush=True)
sys.stdin.readline()
print(reload_lsp.checkpoint(), lib.WHERE, flush=True)
input()
"""
BUSY = "import lib\nprint('in', flush=True)\nwhile lib.WHERE == 'import':\n    pass\nprint(lib.WHERE, flush=True)\ninput()\n"
ASYNC = """
import asyncio, lib
async def main():
    print("in", flush=True)
    while lib.WHERE == "import":
        await asyncio.sleep(0.01)
    print(lib.WHERE, flush=True)
asyncio.run(main())
input()
"""
THREAD = (
    "import threading\nt = threading.Thread(target=asyncio.run, args=(main(),), name='looping')\nt.start()\nt.join()"
)
LOOP_IN_A_THREAD = ASYNC.replace("asyncio.run(main())", THREAD)


def _sent(client: Client, lib: Path, where: str) -> Callable[[], dict[str, Any]]:
    """A batch asked for; what is returned waits for its report. The client can ask for other things meanwhile."""
    lib.write_text(EDIT, encoding="utf-8")
    files = [{"path": str(lib), "kind": "modified", "sha256": None}]
    params = {"batch": 1, "cause": "save", "files": files, "where": where}
    client._channel.send(Request(99, "apply", params))
    kept: list[Answer | Failure] = []
    exchange = client._exchange

    def keeping(deadline: float) -> list[Answer | Failure]:
        answers = exchange(deadline)
        kept.extend(answers)
        return answers

    client._exchange = keeping  # type: ignore[method-assign]

    def report() -> dict[str, Any]:
        while not (mine := [answer for answer in kept if answer.id == 99]):
            client._exchange(time.monotonic() + PATIENCE)
        if isinstance(mine[0], Failure):
            raise RemoteError(mine[0].code, mine[0].message)
        return mine[0].result

    client._flush(time.monotonic() + PATIENCE)
    return report


def _waited(client: Client) -> dict[str, Any]:
    """What the program's agent says it waits for, once it does."""
    while (found := client.request("status"))["state"] != "waiting":
        pass
    return dict(found["waiting"])


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    path = tmp_path / "lib.py"
    path.write_text(LIB, encoding="utf-8")
    return path


def apply(client: Client, lib: Path, text: str, **more: Any) -> dict[str, Any]:
    lib.write_text(text, encoding="utf-8")
    files = [{"path": str(lib), "kind": "modified", "sha256": None}]
    return client.request("apply", {"batch": 1, "cause": "save", "files": files, **more})


@pytest.mark.parametrize(
    ("text", "edit", "where", "name"),
    [
        (BUSY, EDIT, {}, "reload-lsp"),
        (BUSY, EDIT, {"where": "agent"}, "reload-lsp"),
        (BUSY, EDIT, {"where": "main"}, "MainThread"),
        (ASYNC, EDIT, {"where": "main"}, "MainThread"),
        (ASYNC, LOOP_EDIT, {"where": "loop"}, "True MainThread"),
        (LOOP_IN_A_THREAD, LOOP_EDIT, {"where": "loop"}, "True looping"),
        (BUSY, LOOP_EDIT, {"where": "loop"}, "no running event loop"),
    ],
)
def test_statements_run_where_they_are_asked_to(
    program: Start, lib: Path, text: str, edit: str, where: dict[str, str], name: str
) -> None:
    one = program(STARTED + text)
    assert [one.line(), one.line()] == ["ready", "in"]
    with one.client() as client:
        assert apply(client, lib, edit, **where)["outcome"] in ("applied", "partial")
        assert one.line() == name
        assert client.request("status")["waiting"] is None


def test_a_main_thread_in_a_c_call_is_waited_for_and_said_to_be(program: Start, lib: Path) -> None:
    one = program(STARTED + READING)
    assert [one.line(), one.line()] == ["ready", "in"]
    asking, watching = one.client(), one.client()
    sent = _sent(asking, lib, "main")
    waiting = _waited(watching)
    assert (waiting["for"], waiting["at"].startswith("script0.py:4 in")) == ("main", True)
    one.say()
    assert one.line() == "MainThread"
    assert sent()["outcome"] == "applied"
    asking.close(), watching.close()


def test_what_waits_can_be_taken_back(program: Start, lib: Path) -> None:
    one = program(STARTED + GAME)
    assert [one.line(), one.line()] == ["ready", "in"]
    asking, other = one.client(), one.client()
    sent = _sent(asking, lib, "agent")
    assert _waited(other)["for"] == "checkpoint"
    assert other.request("cancel") == {"cancelled": 0}
    assert asking.request("cancel") == {"cancelled": 1}
    with pytest.raises(RemoteError, match="no safe point"):
        sent()
    one.say()
    assert one.line() == "None import"
    asking.close(), other.close()
