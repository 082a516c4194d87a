"""A process reached over the wire: `process.Process` on top of one connection."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..findings.values import Report
from ..wire.messages import Event
from ..wire.records import Record
from ..wire.version import VERSION
from .batch import Batch, Command
from .connection import Connection, connect
from .mapping import PathMap
from .paths import canonical
from .process import Facts, LoadedFile

CLIENT = "reload-lsp server"
GREETING_SECONDS = 30.0  # it imports its engine first, which a busy machine draws out
TAKEN = frozenset({"applied", "partial", "no-effect"})


class WireProcess:
    """Made by `open_process`."""

    def __init__(self, connection: Connection, facts: Facts, generation: int, mapping: PathMap | None = None) -> None:
        self._mapping = mapping or PathMap()
        self._connection = connection
        self._facts = facts
        self._generation = generation
        self._loaded: dict[str, LoadedFile] = {}
        self._answered = (0, 0)  # the number of the last batch, and when its answer came
        self.where = "agent"
        self.on_loaded: Callable[[Sequence[str]], None] = _unheard
        self.on_reloaded: Callable[[Report], None] = _ignore
        self.on_gone: Callable[[], None] = _nothing
        self.on_unrun: Callable[[Mapping[str, Sequence[int]]], None] = _unheard
        self.on_ended: Callable[[Sequence[str]], None] = _unheard

    @property
    def facts(self) -> Facts:
        return self._facts

    @property
    def generation(self) -> int:
        return self._generation

    @property
    def loaded(self) -> Mapping[str, LoadedFile]:
        return self._loaded

    @property
    def ended(self) -> bool:
        """Has the connection broken, perhaps before anybody listened?"""
        return self._connection.closed

    async def ping(self) -> None:
        await self._connection.request("status")

    async def knows(self, paths: Sequence[str]) -> None:
        self._learn(await self._connection.request("knows", {"paths": list(map(self._mapping.there, paths))}))

    async def ask(self, names: Mapping[str, Any]) -> dict[str, Any]:
        return await self._connection.request("facts", dict(names))

    async def follow_unrun(self) -> None:
        self.on_unrun(_lines(await self._connection.request("unrun")))

    async def describe(self, modules: Sequence[str]) -> dict[str, Any]:
        return await self._connection.request("describe", {"modules": list(modules)})

    async def refresh(self) -> None:
        """Ask for all files it runs: at the start, and after someone else's batch."""
        answer = await self._connection.request("loaded")
        self._loaded.clear()
        self._learn(answer)

    async def greet(self, record: Record) -> None:
        """Say who asks; learn who it is and what it runs."""
        hello = await self._connection.request("hello", {"client": CLIENT, "version": VERSION})
        self._facts = _facts(record, hello)
        self._generation = int(hello.get("generation", 0))
        await self.refresh()

    async def migration(self, path: str, cls: str, fields: Sequence[str]) -> Mapping[str, Any]:
        asked = {"path": self._spelled(path), "class": cls, "fields": list(fields)}
        return await self._connection.request("migration", asked)

    async def holders(self, path: str, line: int) -> Mapping[str, Any]:
        return await self._connection.request("holders", {"path": self._spelled(path), "line": line})

    async def waiting(self) -> Mapping[str, Any] | None:
        return (await self._connection.request("status")).get("waiting")

    async def rivals(self) -> Sequence[tuple[str, str]]:
        found = (await self._connection.request("others")).get("reloaders", ())
        return [(str(name), str(remedy)) for name, remedy in found]

    async def cancel(self) -> None:
        await self._connection.request("cancel")

    async def restart(self) -> None:
        await self._connection.request("restart")

    async def apply(self, batch: Batch) -> Report:
        params = {**batch.as_params(self._spelled), "where": self.where, **self._profile(batch)}
        report = Report.from_json(await self._connection.request("apply", params))
        self._answered = batch.number, time.perf_counter_ns()
        self._note(report, batch)
        return report

    def _profile(self, batch: Batch) -> dict[str, Any]:
        if not self._facts.abilities.get("profile"):
            return {}
        times = {"noticed": batch.times.noticed, "routed": batch.times.routed, "sent": time.perf_counter_ns()}
        return {"profile": {"pid": os.getpid(), **times}}

    async def shown(self, batch: int) -> None:
        number, answered = self._answered
        if number == batch and self._facts.abilities.get("profile"):
            times = {"answered": answered, "shown": time.perf_counter_ns()}
            await self._connection.request("shown", {"pid": os.getpid(), **times})

    async def perform(self, command: Command) -> Report:
        params = {**command.as_params(self._spelled), "where": self.where}
        answer = await self._connection.request(command.method, params)
        report = Report.from_json(answer)
        self._generation = report.generation
        await self.refresh()
        return report

    def close(self) -> None:
        self._connection.close()

    def event(self, event: Event) -> None:
        """Take an event of the agent."""
        if event.method == "loaded":
            self.on_loaded(self._learn(event.params))
        elif event.method == "unrun":
            self.on_unrun(_lines(event.params))
        elif event.method == "ended":
            self.on_ended([str(finding) for finding in event.params.get("findings", ())])
        elif event.method == "reloaded":
            report = Report.from_json(event.params["report"])
            self._generation = report.generation
            self.on_reloaded(report)

    def gone(self) -> None:
        """The connection broke."""
        self.on_gone()

    def _spelled(self, path: str) -> str:
        known = self._loaded.get(path)
        return known.path if known else self._mapping.there(path)

    def _learn(self, answer: Mapping[str, Any]) -> list[str]:
        """Take files that it says it runs; their canonical paths."""
        learned: list[str] = []
        for file in answer["files"]:
            known = LoadedFile(self._mapping.there(file["path"]), file["sha256"], tuple(file["modules"]))
            learned.append(canonical(file["path"]))
            self._loaded[learned[-1]] = known
        return learned

    def _note(self, report: Report, batch: Batch) -> None:
        self._generation = report.generation
        if report.outcome not in TAKEN:
            return
        for file in batch.files:
            known = self._loaded.get(file.path)
            if file.kind == "deleted":
                self._loaded.pop(file.path, None)
            elif known and file.sha256:
                self._loaded[file.path] = LoadedFile(known.path, file.sha256, known.modules)


async def open_process(record: Record, mapping: PathMap | None = None) -> WireProcess:
    """Connect, shake hands and learn what the process runs; `mapping` where it knows files by other names."""
    connection = await connect(record, mapping)
    process = WireProcess(connection, _facts_of_record(record), 0, mapping)
    connection.listen(process.event, process.gone)
    try:
        await asyncio.wait_for(process.greet(record), GREETING_SECONDS)
    except BaseException:
        connection.close()
        raise
    return process


def _facts_of_record(record: Record) -> Facts:
    return Facts(record.id, record.pid, record.name, record.python, record.cwd, record.executable)


def _facts(record: Record, hello: Mapping[str, Any]) -> Facts:
    return Facts(
        str(hello.get("id", record.id)),
        int(hello.get("pid", record.pid)),
        str(hello.get("name", record.name)),
        str(hello.get("python", record.python)),
        record.cwd,
        record.executable,
        dict(hello.get("abilities") or {}),
        record.parent,
    )


def _lines(answer: Mapping[str, Any]) -> dict[str, Sequence[int]]:
    return {canonical(file["path"]): [int(line) for line in file["lines"]] for file in answer.get("files", ())}


def _unheard(_: object) -> None: ...


def _nothing() -> None: ...


def _ignore(_: Report) -> None: ...
