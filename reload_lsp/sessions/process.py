"""What the rest of the server knows of an attached process, whatever carries the messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ..findings.values import Report
from .batch import Batch, Command

State = Literal["idle", "reloading", "waiting", "paused", "not-responding", "gone"]


class ProcessGone(Exception):
    """The process ended, or its connection broke."""


class ProcessRefused(Exception):
    """The process answered a request with an error: `code` for programs (docs/protocol.md), the text for the user."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Facts:
    """What does not change while a process lives; `parent` is the id of the process that it was forked from."""

    id: str
    pid: int
    name: str
    python: str
    cwd: str = ""
    executable: str = ""
    abilities: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parent: str | None = None

    @property
    def restart(self) -> str | None:
        """When to start it again unasked (`never`, `ask`, `on-unsafe`); None where it cannot be."""
        return self.abilities.get("restart")

    @property
    def grammar(self) -> tuple[int, int]:
        """The version of Python whose grammar the process parses: (3, 12)."""
        major, _, rest = self.python.partition(".")
        minor = rest.partition(".")[0]
        return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (0, 0)


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file that a process runs: as it spells the path, and the hash of the bytes it runs."""

    path: str
    sha256: str
    modules: tuple[str, ...] = ()


class Process(Protocol):
    """One attached process; `where` is the thread in which its batches run: `agent`, `main` or `loop`."""

    where: str

    @property
    def facts(self) -> Facts: ...

    @property
    def generation(self) -> int:
        """How many batches have changed the process."""
        ...

    @property
    def loaded(self) -> Mapping[str, LoadedFile]:
        """The files it is known to run, by canonical path."""
        ...

    async def ping(self) -> None:
        """Return when it has answered a request that does nothing."""
        ...

    async def knows(self, paths: Sequence[str]) -> None:
        """Ask which of `paths` it runs; `loaded` knows the answer afterwards."""
        ...

    async def ask(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """Small facts about named things (docs/protocol.md, `facts`)."""
        ...

    async def migration(self, path: str, cls: str, fields: Sequence[str]) -> Mapping[str, Any]:
        """What the written migration of a class's live objects comes to on copies of them: `total`, `good`, `failures`."""
        ...

    async def holders(self, path: str, line: int) -> Mapping[str, Any]:
        """Who holds what the statement at a 0-based line of a loaded text made: `total`, `holders` (docs/protocol.md)."""
        ...

    async def waiting(self) -> Mapping[str, Any] | None:
        """What a batch waits for (`for`), for how many `seconds`, and where the main thread is (`at`); None: nothing waits."""
        ...

    async def rivals(self) -> Sequence[tuple[str, str]]:
        """Other reloaders at work on it: name, and what turns it off."""
        ...

    async def cancel(self) -> None:
        """Take back what this server asked for and what still waits for a safe point."""

    async def restart(self) -> None:
        """End it and start it again: the connection breaks, and another process takes its place."""

    async def follow_unrun(self) -> None:
        """Have it tell, from now on, which edited lines have not run (docs/protocol.md, `unrun`)."""
        ...

    async def describe(self, modules: Sequence[str]) -> dict[str, Any]:
        """What some of its modules consist of (docs/protocol.md, `describe`)."""
        ...

    async def apply(self, batch: Batch) -> Report:
        """Make it run the batch; raises ProcessGone or ProcessRefused."""
        ...

    async def shown(self, batch: int) -> None:
        """Tell one that makes a profile that what it answered to a batch is on the screen now."""
        ...

    async def perform(self, command: Command) -> Report:
        """Have it do what is no save: take its last batch back, run a statement again, ..."""
        ...

    def close(self) -> None:
        """Let it go: it runs on as it is."""
        ...
