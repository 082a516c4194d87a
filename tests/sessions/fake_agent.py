"""A small agent that speaks the real wire, for tests of the other side: what it answers is scripted."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from reload_lsp.wire.announce import Announcement
from reload_lsp.wire.channel import Channel, agent_channel
from reload_lsp.wire.errors import WireError
from reload_lsp.wire.folder import ready_folder, socket_path
from reload_lsp.wire.messages import Answer, Event, Failure, Request

Json = dict[str, Any]
Apply = Callable[[Json], Awaitable[Json]]


def report(outcome: str = "applied", cause: str = "save", generation: int = 1, **more: Any) -> Json:
    base: Json = {"modules": [], "statements": [], "findings": [], "durationMs": 1.5}
    return {"outcome": outcome, "cause": cause, "generation": generation, **base, **more}


def finding(path: str, line: int, start: int, end: int, **more: Any) -> Json:
    place = {"start": {"line": line, "column": start}, "end": {"line": line, "column": end}}
    base: Json = {
        "id": f"f{line}",
        "code": "RLD401",
        "verdict": "held",
        "severity": "warning",
        "message": "held",
    }
    return {**base, "path": path, "range": place, "related": [], "count": None, "data": {}, **more}


class FakeAgent:
    """Listens, announces itself, answers; `applied` holds what it was asked, `apply` decides the answer."""

    def __init__(self, files: list[Path], name: str = "app.py", modules: int = 0) -> None:
        self.id = secrets.token_hex(4)
        self.name = name
        self.paths = [str(file) for file in files]
        self.extra = [{"path": f"/nowhere/m{n}.py", "sha256": "0", "modules": [f"m{n}"]} for n in range(modules)]
        self.generation = 0
        self.applied: asyncio.Queue[Json] = asyncio.Queue()
        self.apply: Apply = self.accept
        self.runs_older: set[str] = set()
        self.key = secrets.token_bytes(32)
        self._tasks: set[asyncio.Task[None]] = set()
        self._channels: list[tuple[Channel, asyncio.StreamWriter]] = []

    async def start(self) -> FakeAgent:
        folder = ready_folder()
        path = socket_path(folder, self.id)
        self._server = await asyncio.start_unix_server(self._serve, path)
        self._announcement = Announcement(folder, self.id, self._record(path))
        return self

    async def stop(self) -> None:
        """End as a dying process does: connections break, the record goes."""
        self._announcement.withdraw()
        self._server.close()
        for _, writer in self._channels:
            writer.transport.abort()

    async def accept(self, params: Json) -> Json:
        self.generation += 1
        modules = [Path(file["path"]).stem for file in params["files"]]
        return report(cause=params["cause"], generation=self.generation, modules=modules)

    def tell(self, method: str, params: Json) -> None:
        """Send an event to every client."""
        for channel, writer in self._channels:
            channel.send(Event(method, params))
            writer.write(channel.take())

    def files(self) -> list[Json]:
        return [
            {"path": p, "sha256": "0" if p in self.runs_older else _sha(p), "modules": [Path(p).stem]}
            for p in self.paths
            if os.path.exists(p)
        ] + self.extra

    def _record(self, path: str) -> Json:
        return {
            "id": self.id, "pid": os.getpid(), "name": self.name, "argv": ["python", self.name], "cwd": "/",
            "python": ".".join(map(str, sys.version_info[:3])), "executable": sys.executable,
            "version": "0.1.0", "protocol": 1, "endpoint": {"unix": path}, "key": self.key.hex(),
            "started": 0.0, "parent": None,
        }  # fmt: skip

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        channel = agent_channel(self.key)
        self._channels.append((channel, writer))
        try:
            while data := await reader.read(65536):
                for message in channel.feed(data):
                    if isinstance(message, Request):
                        self._spawn(self._answer(message, channel, writer))
                writer.write(channel.take())
        except (OSError, WireError):
            pass
        writer.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Request, channel: Channel, writer: asyncio.StreamWriter) -> None:
        try:
            channel.send(Answer(request.id, await self._result(request.method, request.params)))
        except LookupError as error:
            channel.send(Failure(request.id, "unknown-method", str(error)))
        writer.write(channel.take())

    async def _result(self, method: str, params: Json) -> Json:
        if method == "hello":
            return {"id": self.id, "pid": os.getpid(), "name": self.name, "generation": self.generation}
        if method == "status":
            return {"state": "idle", "generation": self.generation}
        if method == "loaded":
            return {"files": self.files()}
        if method == "knows":
            return {"files": [file for file in self.files() if file["path"] in params["paths"]]}
        if method == "apply":
            self.applied.put_nowait(params)
            return await self.apply(params)
        if method == "undo":
            self.generation += 1
            return report("applied", "command", self.generation)
        raise LookupError(f"no method {method}")


def _sha(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
