"""A batch: the files that changed together, why, and under which number."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..findings.values import Cause

Kind = Literal["modified", "created", "deleted"]

# What the user asked for by hand outranks what a save asked for, and that a change nobody asked for.
_RANK: dict[Cause, int] = {"command": 0, "save": 1, "external": 2, "api": 3}


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed file: canonical `path`, what happened to it, the hash of its bytes on disk when read."""

    path: str
    kind: Kind
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Times:
    """When the server heard of a change, and when it began to route it; `time.perf_counter_ns`, 0 where nobody heard."""

    noticed: int = 0
    routed: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reload is asked to do; `times` are for a profile."""

    number: int
    cause: Cause
    files: tuple[FileChange, ...]
    times: Times = Times()

    def only(self, paths: Container[str]) -> Batch:
        """This batch without the files that are not among `paths`."""
        return replace(self, files=tuple(file for file in self.files if file.path in paths))

    def as_params(self, spelled: Callable[[str], str]) -> dict[str, Any]:
        """The wire's `apply`, each path as the process itself spells it."""
        files = [{"path": spelled(file.path), "kind": file.kind, "sha256": file.sha256} for file in self.files]
        return {"batch": self.number, "cause": self.cause, "files": files}


@dataclass(frozen=True, slots=True)
class Command:
    """What a process is asked to do that is no save: a `method` of the wire that ends in a report.

    `statements` are canonical paths and lines (0-based, of the saved text), `paths` canonical paths of loaded files.
    """

    method: str
    statements: tuple[tuple[str, int], ...] = ()
    paths: tuple[str, ...] = ()

    def as_params(self, spelled: Callable[[str], str]) -> dict[str, Any]:
        """The wire's parameters, each path as the process itself spells it."""
        found: dict[str, Any] = {}
        if self.statements:
            found["statements"] = [{"path": spelled(path), "line": line} for path, line in self.statements]
        if self.paths:
            found["paths"] = [spelled(path) for path in self.paths]
        return found

    @property
    def whole(self) -> bool:
        """Does it leave nothing of what was said about its files?"""
        return self.method in ("reloadModule", "unload")

    @property
    def files(self) -> frozenset[str]:
        """The files that it is about."""
        return frozenset([*self.paths, *(path for path, _ in self.statements)])


UNDO = Command("undo")
Work = Batch | Command


def joined(batches: Sequence[Batch]) -> Batch:
    """One batch that does what all of `batches` ask, the later word on each file winning."""
    if len(batches) == 1:
        return batches[0]
    files = {file.path: file for batch in batches for file in batch.files}
    loudest = min(batches, key=lambda batch: _RANK[batch.cause])
    return Batch(batches[-1].number, loudest.cause, tuple(files.values()), batches[0].times)
