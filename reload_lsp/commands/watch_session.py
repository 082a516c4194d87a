"""The server's engine without an editor: processes found, files watched, batches made, findings kept."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from ..findings.values import Finding, Report
from ..server import notices
from ..server.changed import changed_files
from ..server.external import External
from ..server.reloader import Outcome, Reloader
from ..server.roots import Roots
from ..server.runtime import Runtime
from ..server.settings import from_pyproject, merged
from ..server.store import Store
from ..server.texts import decoded, read_bytes
from ..server.unreachable import sentences
from ..sessions.paths import canonical
from ..sessions.process import Process
from ..sessions.roster import Hooks, Member, Roster
from ..watch.contents import KnownContents
from ..watch.environments import in_environment
from .watch_screen import Screen


class NoDocuments:
    """No file is open anywhere."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def of(self, path: str) -> None:
        return None

    def marks(self) -> dict[str, int]:
        return {}


class Session:
    """Reloads the programs of one folder, and shows what comes of it. It is the view of its own reloader."""

    def __init__(self, folder: str, screen: Screen) -> None:
        self.screen = screen
        self.folder = canonical(folder)
        self.settings, problems = merged(from_pyproject(Path(folder))[0])
        for problem in problems:
            screen.line(problem, "warning")
        self.fault: str | None = None
        self.view = self
        self.explicit: set[str] = set()
        self.roots = Roots()
        self.roots.add([folder])
        self.documents: Any = NoDocuments()
        self.store = Store()
        self.known = KnownContents()
        self.roster = Roster(
            Hooks(
                self._wants,
                _added,
                self.status,
                self._reloaded_elsewhere,
                self._gone,
                ended=self._ended,
                loaded=self._loaded,
                look=self._look,
            )
        )
        self.reloader = Reloader(self.roster, self.documents, self.store, self.known, self)
        self.runtime = Runtime(cast("Any", self))
        self.external = External(cast("Any", self))
        self.keys = ""
        self._touched: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def begin(self) -> None:
        self.runtime.begin()
        await self.external.watch(self.roots.folders)

    def close(self) -> None:
        self.roster.close()
        self.runtime.close()
        self.external.close()

    # what keys do ----------------------------------------------------------------------------------------------
    async def reload(self) -> None:
        """Reload every changed file now."""
        paths = await asyncio.to_thread(changed_files, self.roster.attached, self.concerns)
        if not paths or await self.reloader.reload(paths, "command") is None:
            self.screen.line("nothing to reload: every attached process runs what is on disk", "dim")

    async def undo(self) -> None:
        """Take the last batch back."""
        if await self.reloader.undo() is None:
            self.screen.line("no process is attached; there is nothing to undo", "dim")

    # what the server's parts ask of their owner ----------------------------------------------------------------
    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def may_reload(self, path: str) -> bool:
        real = canonical(path)
        return path.endswith(".py") or any(real in m.process.loaded for m in self.roster.attached)

    def is_project_file(self, path: str) -> bool:
        return self.roots.root_of(path) is not None and not in_environment(path)

    def concerns(self, path: str) -> bool:
        return self.is_project_file(path)

    def _wants(self, process: Process) -> bool:
        if not process.loaded:
            return self.roots.root_of(os.path.realpath(process.facts.cwd or os.sep)) is not None
        return any(map(self.is_project_file, process.loaded))

    def _reloaded_elsewhere(self, process: Process, report: Report) -> None:
        member = self.roster.members.get(process.facts.id)
        if member is not None and self.roster.is_attached(member):
            self.reloader.foreign(process, report)

    def _loaded(self, member: Member, paths: Sequence[str]) -> None:
        self.reloader.latecomers.learned(member, paths)

    def _look(self) -> None:
        self.runtime.look()

    def _gone(self, process: Process) -> None:
        self.runtime.look_soon()
        self.store.drop_producer(process.facts.id)

    def _ended(self, process: Process, findings: Sequence[str]) -> None:
        self.store.over(process.facts.id, findings)
        self.status()

    # showing ---------------------------------------------------------------------------------------------------
    def publish(self, paths: Iterable[str]) -> None:
        self._touched |= set(paths)

    def submitted(self, member: Member) -> None:
        """What waits for a safe point shows in the status."""

    def batch_began(self, number: int, files: Sequence[str]) -> None:
        self._touched.clear()

    def batch_ended(self, outcome: Outcome) -> None:
        touched, self._touched = self._touched, set()
        if outcome.results:
            what = notices.lens_title(outcome)
            good = all(r.report.outcome in ("applied", "no-effect") for r in outcome.results)
            names = ", ".join(sorted(os.path.basename(path) for path in outcome.files))
            stamp = time.strftime("%H:%M:%S")
            self.screen.line(f"{stamp} {outcome.cause} {names}: {what}", "good" if good else "")
        for finding in self.findings(touched):
            self.screen.finding(finding, self._name(finding.path), _text(finding.path))
        self.status()

    def findings(self, paths: Iterable[str] | None = None) -> list[Finding]:
        """What there is to say about some files, about all for None."""
        found = [
            m.finding for path in sorted(self.store.paths() if paths is None else paths) for m in self.store.at(path)
        ]
        return self.settings.rules.applied(found, lambda path: _text(path).split("\n"))

    def status(self) -> None:
        lost = sentences(self.roster.unreachable, self.roots)
        said = notices.status(self.roster.attached, self.roster.paused, self._levels(), self.fault, lost)
        counts = f" · {len(self.store.all())} to look at" if self.store.all() else ""
        self.screen.status(f"[reload-lsp] {said['message']}{counts}{self.keys}")

    def _levels(self) -> set[str]:
        return self.settings.rules.levels(self.store.all())

    def say(self, text: str) -> None:
        self.screen.line(text, "warning")

    warn = say

    def _name(self, path: str) -> str:
        return os.path.relpath(path, self.folder) if path.startswith(self.folder + os.sep) else path


def _added(member: Member) -> None:
    """What a process ran before it was found is told by `status`."""


def _text(path: str) -> str:
    data = read_bytes(path)
    try:
        return decoded(data) if data is not None else ""
    except (UnicodeDecodeError, SyntaxError, LookupError):
        return ""
