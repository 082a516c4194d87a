"""The life of the server as LSP prescribes it, spoken to byte by byte."""

import asyncio
import json
import subprocess
import sys

import pytest
from editor import ROOT, SECONDS, SERVER

INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}


class Raw:
    """The server's process and its bytes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    def send(self, **message) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_bytes(self, body: bytes) -> None:
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def read(self) -> dict:
        async def message() -> dict:
            head = await self.process.stdout.readuntil(b"\r\n\r\n")
            (length,) = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
            return json.loads(await self.process.stdout.readexactly(int(length.split(b":")[1])))

        return await asyncio.wait_for(message(), SECONDS)

    async def answer(self, number) -> dict:
        while (message := await self.read()).get("id") != number or "method" in message:
            pass
        return message

    async def initialize(self, **more) -> dict:
        self.send(id=0, method="initialize", params={**INITIALIZE, **more})
        return await self.answer(0)

    async def end(self) -> int:
        return await asyncio.wait_for(self.process.wait(), SECONDS)


@pytest.fixture
async def launch(folder):
    started = []

    async def begin(*arguments: str) -> Raw:
        process = await asyncio.create_subprocess_exec(*SERVER, *arguments, stdin=-1, stdout=-1, stderr=-1, cwd=ROOT)
        started.append(process)
        return Raw(process)

    yield begin
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_requests_before_initialize_are_refused(launch):
    raw = await launch()
    raw.send(id=1, method="textDocument/codeLens", params={"textDocument": {"uri": "file:///a"}})
    assert (await raw.answer(1))["error"]["code"] == -32002
    assert "capabilities" in (await raw.initialize())["result"]
    raw.send(id=2, method="initialize", params=INITIALIZE)
    assert (await raw.answer(2))["error"]["code"] == -32600


async def test_invalid_params_are_answered_with_what_is_wrong(launch):
    raw = await launch()
    await raw.initialize()
    raw.send(id=1, method="textDocument/codeLens", params={"wrong": 1})
    error = (await raw.answer(1))["error"]
    assert error["code"] == -32602 and "text_document" in error["message"]


async def test_what_is_no_json_is_answered_and_survived(launch):
    raw = await launch()
    await raw.initialize()
    raw.send_bytes(b"{not json")
    assert (await raw.answer(None))["error"]["code"] == -32700
    raw.send_bytes(b"[1, 2]")
    raw.send(id=1, method="no/such/method", params={})
    assert (await raw.answer(1))["error"]["code"] == -32601


async def test_exit_after_shutdown_is_0_and_without_it_1(launch):
    raw = await launch()
    await raw.initialize()
    raw.send(id=1, method="shutdown")
    assert (await raw.answer(1))["result"] is None
    raw.send(id=2, method="textDocument/codeLens", params={"textDocument": {"uri": "file:///a"}})
    assert (await raw.answer(2))["error"]["code"] == -32600
    raw.send(method="exit")
    assert await raw.end() == 0
    other = await launch()
    await other.initialize()
    other.send(method="exit")
    assert await other.end() == 1


async def test_the_server_ends_when_its_input_ends(launch):
    raw = await launch()
    await raw.initialize()
    raw.process.stdin.close()
    assert await raw.end() == 1


@pytest.mark.parametrize("by_argument", [True, False])
async def test_the_server_ends_with_the_editor_even_if_its_input_stays_open(launch, by_argument):
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    raw = await launch(*(["--clientProcessId", str(parent.pid)] if by_argument else []))
    await raw.initialize(processId=None if by_argument else parent.pid)
    parent.kill()
    parent.wait()
    assert await raw.end() == 1


async def test_a_process_id_from_elsewhere_is_not_watched(launch):
    raw = await launch()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert "result" in await raw.initialize(processId=gone.pid)


async def test_a_fault_in_a_notification_is_logged_and_no_pop_up(launch, tmp_path):
    log = tmp_path / "server.log"
    raw = await launch("--log-file", str(log), "--log-level", "info")
    await raw.initialize()
    edit = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}
    raw.send(
        method="textDocument/didChange",
        params={"textDocument": {"uri": "file:///never/opened.py", "version": 1}, "contentChanges": [edit]},
    )
    raw.send(method="textDocument/didChange", params={"nonsense": True})
    raw.send(id=1, method="shutdown")
    assert (await raw.read())["id"] == 1
    assert log.exists()


def test_what_prints_does_not_reach_the_client():
    code = (
        "import os, sys; sys.argv = ['x']\n"
        "from reload_lsp.server.main import protected_stdout\n"
        "out = protected_stdout(); print('noise'); os.system('echo more noise')\n"
        "out.write(b'protocol'); out.flush()\n"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert found.stdout == b"protocol"
    assert b"noise" in found.stderr


def test_other_commands_do_not_import_the_protocol():
    code = (
        "import sys\nfrom reload_lsp.cli import main\nmain(['--version'])\n"
        "assert not {'pygls', 'lsprotocol'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
