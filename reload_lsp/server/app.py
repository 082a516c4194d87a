"""The server: its parts, and how they hold together."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from ..findings.values import Report
from ..sessions.paths import canonical
from ..sessions.process import Process
from ..sessions.roster import Hooks, Member, Roster
from ..watch.contents import KnownContents
from ..watch.environments import in_environment
from ..wire.version import VERSION
from . import drift
from .documents import Documents
from .external import External
from .lifecycle import MendedServer
from .pages import Pages
from .reloader import Reloader
from .restarts import Restarts
from .rivals import Rivals
from .roots import Roots
from .runtime import Runtime
from .saving import Gather
from .settings import Settings
from .store import Store
from .unrun import NotRun
from .verdicts import Verdicts
from .view import ServerView
from .waiting import Waiting

log = logging.getLogger(__name__)


class ReloadServer(MendedServer):
    """One client's server; features are in modules of their own, which `make_server` registers."""

    def __init__(self) -> None:
        super().__init__("reload-lsp", VERSION)
        self.settings = Settings()
        self.options: dict[str, Any] = {}
        self.configuration: dict[str, Any] = {}
        self.fault: str | None = None
        self.told: set[str] = set()
        self.client_process: int | None = None
        self.explicit: set[str] = set()
        self.roots = Roots()
        self.documents = Documents()
        self.store = Store()
        self.known = KnownContents()
        self.view = ServerView(self)
        self.roster = Roster(
            Hooks(
                self._wants,
                self._added,
                self._roster_changed,
                self._reloaded_elsewhere,
                self._gone,
                self._unrun,
                self._ended,
                self._loaded,
                self._look,
            )
        )
        self.reloader = Reloader(self.roster, self.documents, self.store, self.known, self.view)
        self.runtime = Runtime(self)
        self.external = External(self)
        self.restarts = Restarts(self)
        self.rivals = Rivals(self)
        self.waiting = Waiting(self)
        self.verdicts = Verdicts(self)
        self.unrun = NotRun(self)
        self.pages = Pages()
        self.gather = Gather(self._saves_gathered, self._more_to_save)
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def encoding(self) -> str:
        """The position encoding agreed on (LSP `PositionEncodingKind`)."""
        agreed = self.workspace.position_encoding or "utf-16"
        return str(getattr(agreed, "value", agreed))

    def on(self, method: str, handler: Callable[[ReloadServer, Any], Any], options: object = None) -> None:
        """Let `handler` answer an LSP method: what it returns, or what awaiting it gives, is the answer."""
        self.feature(method, options)(functools.partial(handler, self))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let `work` run beside everything else; a fault in it is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a task failed", exc_info=task.exception())

    def close(self) -> None:
        """Let processes and folders go."""
        self.roster.close()
        self.runtime.close()
        self.external.close()
        self.pages.close()

    def parent_ended(self) -> None:
        """The editor is gone, perhaps without a word; a thread that reads cannot be stopped otherwise."""
        log.info("the editor's process has ended")
        self.close()
        os._exit(1)

    def may_reload(self, path: str) -> bool:
        """Is a file a module, or else (a script without the suffix, data) loaded by an attached process?"""
        real = canonical(path)
        return path.endswith(".py") or any(real in m.process.loaded for m in self.roster.attached)

    def is_project_file(self, path: str) -> bool:
        """Is a canonical path in the workspace and in no environment?"""
        return self.roots.root_of(path) is not None and not in_environment(path)

    def concerns(self, path: str) -> bool:
        """Is a canonical path the project's, or one that the user saved or named?"""
        return path in self.explicit or self.is_project_file(path)

    def _wants(self, process: Process) -> bool:
        """Attach to a process that runs the workspace's files, or a file saved in the editor."""
        loaded = process.loaded
        if not loaded:
            return self.roots.root_of(os.path.realpath(process.facts.cwd or os.sep)) is not None
        return any(path in self.explicit or self.is_project_file(path) for path in loaded)

    def _added(self, member: Member) -> None:
        self.spawn(drift.check(self, member))
        opened = [document.path for document in self.documents if not self.is_project_file(document.path)]
        self.spawn(self.reloader.opened(opened, [member]))
        self.verdicts.again()
        self.spawn(self.unrun.follow(member))

    def _roster_changed(self) -> None:
        if not self.roster.attached:
            self.view.forget_lenses()
        self.verdicts.again()
        self.rivals.look()
        self.view.status()

    def _reloaded_elsewhere(self, process: Process, report: Report) -> None:
        member = self.roster.members.get(process.facts.id)
        if member is not None and self.roster.is_attached(member):
            self.reloader.foreign(process, report)

    def _loaded(self, member: Member, paths: Sequence[str]) -> None:
        self.reloader.latecomers.learned(member, paths)

    def _look(self) -> None:
        self.runtime.look()

    def _gone(self, process: Process) -> None:
        self.runtime.look_soon()  # only its connection may have broken
        self.view.publish(self.store.drop_producer(process.facts.id))
        self.verdicts.process_ended(process.facts.id)
        self.unrun.gone(process.facts.id)
        self.rivals.gone(process.facts.id)

    def _unrun(self, process: Process, lines: Mapping[str, Sequence[int]]) -> None:
        self.unrun.take(process, lines)

    def _ended(self, process: Process, findings: Sequence[str]) -> None:
        self.view.publish(self.store.over(process.facts.id, findings))
        self.verdicts.again()

    def _saves_gathered(self, paths: list[str]) -> None:
        self.spawn(self.reloader.reload(paths, "save", self.gather.noticed))

    def _more_to_save(self) -> bool:
        return self.documents.dirty()


def make_server(client_process: int | None = None) -> ReloadServer:
    """A server with all its features; `client_process` is the editor's pid, when it is known already."""
    from . import actions, commands, hover, lens, progress, pulling, synchronization, unrun, workspace

    server = ReloadServer()
    server.client_process = client_process
    for room in (workspace, synchronization, commands, actions, lens, hover, pulling, progress, unrun):
        room.register(server)
    return server
