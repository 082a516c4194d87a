"""A program that debugpy has stopped at a breakpoint, and a save meanwhile; attached as an editor's launch does."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from editor import ROOT, SECONDS

APP = """import rates

def ask(line):
    print(rates.RATE, flush=True)


if __name__ == "__main__":
    import sys
    print("ready", flush=True)
    for line in sys.stdin:
        ask(line)
"""
BREAKPOINT = 4  # from 1


class Debugger:
    """As much of a debug adapter's client as a breakpoint needs (Debug Adapter Protocol)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.count = reader, writer, 0
        self.seen: list[dict[str, Any]] = []

    def ask(self, command: str, **arguments: Any) -> int:
        self.count += 1
        body = json.dumps({"seq": self.count, "type": "request", "command": command, "arguments": arguments}).encode()
        self.writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return self.count

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """The next message with these fields."""
        while True:
            header = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), SECONDS)
            message = json.loads(await self.reader.readexactly(int(header.split(b":")[1])))
            assert message.get("success", True), message.get("message")
            if all(message.get(name) == value for name, value in wanted.items()):
                return message

    async def done(self, command: str, **arguments: Any) -> dict[str, Any]:
        return await self.until(request_seq=self.ask(command, **arguments))


@pytest.fixture
async def program(folder: Path):
    (folder / "app.py").write_text(APP)
    (folder / "rates.py").write_text("RATE = 1\n")
    bootstrap = str(ROOT / "reload_lsp" / "agent" / "bootstrap")
    env = {name: value for name, value in os.environ.items() if not name.startswith("RELOAD_LSP")}
    env.update(PYTHONPATH=bootstrap, RELOAD_LSP_BOOTSTRAP=bootstrap, PYDEVD_DISABLE_FILE_VALIDATION="1")
    listening = folder.parent / "port"
    command = [sys.executable, "-X", "frozen_modules=off", "-m", "debugpy", "--listen", "0", "--wait-for-client"]
    env["DEBUGPY_ADAPTER_ENDPOINTS"] = str(listening)
    started = await asyncio.create_subprocess_exec(*command, "app.py", cwd=folder, env=env, stdin=-1, stdout=-1)
    yield started, listening
    started.kill()
    await started.wait()


async def line(process: asyncio.subprocess.Process) -> bytes:
    return await asyncio.wait_for(process.stdout.readline(), SECONDS)


async def connected(listening: Path) -> Debugger:
    """The adapter writes down where it listens."""

    async def written() -> None:
        while not listening.exists() or not listening.read_text().strip():
            await asyncio.sleep(0.02)

    await asyncio.wait_for(written(), SECONDS)
    place = json.loads(listening.read_text())["client"]
    return Debugger(*await asyncio.open_connection(place["host"], place["port"]))


async def test_a_save_while_it_is_stopped_is_live_when_it_goes_on(program, start, folder: Path) -> None:
    process, listening = program
    debugger = await connected(listening)
    try:
        await stopped_meanwhile(debugger, process, start, folder)
    finally:
        debugger.writer.close()  # the adapter ends with its client


async def stopped_meanwhile(debugger: Debugger, process, start, folder: Path) -> None:
    await debugger.done("initialize", adapterID="test")
    attach = debugger.ask("attach", connect={"host": "127.0.0.1"})
    await debugger.until(event="initialized")
    source = {"path": str(folder / "app.py")}
    await debugger.done("setBreakpoints", source=source, breakpoints=[{"line": BREAKPOINT}])
    await debugger.done("configurationDone")
    await debugger.until(request_seq=attach)
    assert await line(process) == b"ready\n"

    editor = await start()
    (told,) = (await editor.attached()).processes
    assert told.name == "app.py"
    process.stdin.write(b"\n")
    stopped = await debugger.until(event="stopped")
    rates = folder / "rates.py"
    editor.open(rates)
    editor.save(rates, "RATE = 2\n")
    told = await editor.reloaded()
    assert [one.outcome for one in told.processes] == ["applied"]
    await debugger.done("continue", threadId=stopped["body"]["threadId"])
    assert await line(process) == b"2\n"
    process.stdin.write(b"\n")
    await debugger.until(event="stopped")  # the debugger works as before
