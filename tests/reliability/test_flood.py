"""Floods: of saves, connections, frames and notifications. Memory and queues stay bounded, and afterwards all is as before."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from load import APP, Desk, Running, descriptors, resident
from programs import STARTED, WAIT, Program

from reload_lsp.sessions import connection
from reload_lsp.sessions.connection import connect
from reload_lsp.sessions.process import ProcessGone
from reload_lsp.wire import frames
from reload_lsp.wire.client import Client, open_socket

MIB = 1024  # KiB
FLOOD = 400  # saves


def text(number: int) -> str:
    return f"def value():\n    return {number}\n"


@pytest.fixture
def work(workspace: Path) -> Path:
    path = workspace / "work.py"
    path.write_text(text(0))
    (workspace / "app.py").write_text(APP)
    return path


def save_all(editor: Desk, path: Path, count: int) -> None:
    """So many saves one after the other, without a look at what becomes of them."""
    for number in range(1, count + 1):
        editor.save(path, text(number))
        editor.forget()
    editor.answers()


@pytest.mark.slow
def test_saves_that_nobody_waits_for(start: Callable[..., Running], desk: Callable[..., Desk], work: Path) -> None:
    program, editor = start(), desk()
    editor.attached()
    editor.open(work)
    save_all(editor, work, 100)
    before = editor.memory, resident(program.pid)
    save_all(editor, work, FLOOD)
    while program.ask("work.value()") != str(FLOOD):
        editor.batch()
    assert editor.memory < before[0] + 16 * MIB
    assert resident(program.pid) < before[1] + 4 * MIB
    editor.save(work, text(1))
    while program.ask("work.value()") != "1":
        editor.batch()


@pytest.mark.slow
def test_saves_while_a_process_does_not_answer(
    start: Callable[..., Running], desk: Callable[..., Desk], work: Path
) -> None:
    program, editor = start(), desk(patience=0.5)
    editor.attached()
    editor.open(work)
    os.kill(program.pid, signal.SIGSTOP)
    save_all(editor, work, 100)
    assert [process["outcome"] for process in editor.change(work, text(1))] == ["timed-out"]
    before = editor.memory
    save_all(editor, work, FLOOD)
    assert editor.memory < before + 16 * MIB
    editor.forget()
    os.kill(program.pid, signal.SIGCONT)
    batches = 0
    while program.ask("work.value()") != str(FLOOD):
        batches += 1
        editor.batch()
    assert batches < 10  # not one for each save
    assert program.finish() == (0, "")


def test_connections_that_say_nothing(program: Callable[..., Program]) -> None:
    one = program(STARTED + WAIT)
    one.line()
    record = one.record()
    with one.client() as client:
        client.request("status")
    before = resident(one.pid), descriptors(one.pid)
    flood: list[socket.socket] = []
    with one.client() as client:
        for _ in range(500):
            with contextlib.suppress(OSError):
                flood.append(open_socket(record.endpoint, 1))
        most = descriptors(one.pid)
        assert client.request("status")["state"] == "idle"  # who was there before is served
    assert most <= before[1] + 66
    for peer in flood:
        with contextlib.suppress(OSError):
            while peer.recv(4096):
                pass
        peer.close()
    with Client(record) as client:
        assert client.request("status")["state"] == "idle"
    assert descriptors(one.pid) <= before[1] + 1
    assert resident(one.pid) < before[0] + 8 * MIB
    assert one.finish() == (0, "")


def test_frames_that_never_end(program: Callable[..., Program]) -> None:
    one = program(STARTED + WAIT)
    one.line()
    clients = [one.client() for _ in range(4)]
    before = resident(one.pid)
    for client in clients:
        client._socket.sendall((frames.LENGTH_LIMIT).to_bytes(4, "big"))
        client._socket.sendall(b"[" * (frames.LENGTH_LIMIT - 1))  # all but the last byte
    other = one.client()
    assert other.request("status")["state"] == "idle"
    assert resident(one.pid) < before + 4 * 2 * (frames.LENGTH_LIMIT >> 10)
    for client in clients:
        client.close()
    for _ in range(3):
        assert other.request("status")["state"] == "idle"
    assert resident(one.pid) < before + 8 * MIB
    other.close()
    assert one.finish() == (0, "")


def test_requests_without_end(program: Callable[..., Program]) -> None:
    """One that asks and does not read is closed; meanwhile another has its answers."""
    one = program(STARTED + WAIT)
    one.line()
    asking, other = one.client(), one.client()
    before = resident(one.pid)
    asked = b"".join(frames.encode({"id": 10**2000 + n, "method": "status", "params": {}}) for n in range(200))
    asking._socket.settimeout(10)
    slowest, sent = 0.0, 0
    with contextlib.suppress(OSError):
        while sent < 200 << 20:
            sent += asking._socket.send(asked)
            began = time.monotonic()
            assert other.request("status")["state"] == "idle"
            slowest = max(slowest, time.monotonic() - began)
    assert sent < 200 << 20
    assert slowest < 2
    assert resident(one.pid) < before + 100 * MIB
    asking.close(), other.close()
    assert one.finish() == (0, "")


def test_a_program_that_reloads_without_end(program: Callable[..., Program]) -> None:
    """Its clients are told of each reload; one of them does not read."""
    text = "for n in range({}):\n    reload_lsp.reload()\nprint('done', flush=True)\n" + WAIT
    one = program(STARTED + WAIT + text.format(100) + text.format(1000))
    one.line()
    deaf, other = one.client(), one.client()
    deaf.hello("test"), other.hello("test")
    one.say()
    one.line()
    before = resident(one.pid)
    one.say()
    one.line()
    assert resident(one.pid) < before + 4 * MIB
    assert other.request("status")["state"] == "idle"
    deaf.close(), other.close()
    assert one.finish() == (0, "")


async def test_an_agent_that_does_not_read(program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "UNREAD_LIMIT", 1 << 20)
    one = program(STARTED + WAIT)
    one.line()
    reached = await connect(one.record())
    gone = asyncio.Event()
    reached.listen(lambda _: None, gone.set)
    await reached.request("status")
    os.kill(one.pid, signal.SIGSTOP)
    asked = [asyncio.ensure_future(reached.request("knows", {"paths": ["/x" * 20_000]})) for _ in range(100)]
    await asyncio.wait_for(gone.wait(), 10)
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(error) for error in found} == {ProcessGone}
    os.kill(one.pid, signal.SIGCONT)
    again = await connect(one.record())
    again.listen(lambda _: None, lambda: None)
    assert (await again.request("status"))["state"] == "idle"
    again.close()
