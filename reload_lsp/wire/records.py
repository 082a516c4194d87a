"""The records of living agents, as a client reads them; those of dead processes are swept on the way."""

from __future__ import annotations

import json
import os
import time

from ..values import dataclass
from . import locks
from .announce import remove

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DRAFT_AGE = 60.0  # seconds after which an unfinished record cannot still be under way
SIZE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an agent listens: a Unix socket's path, or a loopback host and port."""

    unix: str | None = None
    tcp: tuple[str, int] | None = None

    @property
    def sealed(self) -> bool:
        """Whether every frame is authenticated: others may have a hand in what goes over TCP."""
        return self.tcp is not None


@dataclass(frozen=True, slots=True)
class Record:
    """What an agent says about its process, and what it takes to connect; `path` is the file that says it, "" where none does."""

    id: str
    pid: int
    name: str
    argv: tuple[str, ...]
    cwd: str
    python: str
    executable: str
    version: str
    protocol: int
    endpoint: Endpoint
    key: bytes
    started: float
    parent: str | None
    path: str = ""

    @staticmethod
    def from_json(data: dict[str, Any], path: str = "") -> Record:
        return Record(
            id=str(data["id"]),
            pid=int(data["pid"]),
            name=str(data["name"]),
            argv=tuple(str(a) for a in data["argv"]),
            cwd=str(data["cwd"]),
            python=str(data["python"]),
            executable=str(data["executable"]),
            version=str(data["version"]),
            protocol=int(data["protocol"]),
            endpoint=_endpoint(data["endpoint"]),
            key=bytes.fromhex(data["key"]),
            started=float(data["started"]),
            parent=data["parent"],
            path=path,
        )


def living(folder: str) -> list[Record]:
    """The records of `folder` whose agent lives, oldest first; what dead ones left behind is removed."""
    names = _listed(folder)
    found = [_living_record(folder, name) for name in names if name.endswith(".json")]
    for name in names:
        if name.endswith(".json.new"):
            _sweep_draft(os.path.join(folder, name))
    return sorted((r for r in found if r is not None), key=lambda r: r.started)


def lives(record: Record) -> bool:
    """Whether the agent of a record lives still; one without a file is taken to."""
    return not record.path or _is_held(record.path) is True


def announced(folder: str) -> list[str]:
    """The ids of all records of `folder`, living or dead, by their names alone."""
    return [name[: -len(".json")] for name in _listed(folder) if name.endswith(".json")]


def dead(folder: str) -> list[str]:
    """The ids of records that nobody holds, without removing them (what `doctor` shows)."""
    return [name for name in announced(folder) if _is_dead(os.path.join(folder, f"{name}.json"))]


def _endpoint(data: dict[str, Any]) -> Endpoint:
    if "unix" in data:
        return Endpoint(unix=str(data["unix"]))
    host, port = data["tcp"]
    if host != "127.0.0.1":
        raise ValueError(f"an agent listens on loopback only, not on {host}")
    return Endpoint(tcp=(host, int(port)))


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _living_record(folder: str, name: str) -> Record | None:
    path = os.path.join(folder, name)
    descriptor = _opened(path)
    if descriptor is None:
        return None
    try:
        if locks.is_held(descriptor):
            return _parsed(descriptor, path)
        _sweep(folder, name)
        return None
    finally:
        os.close(descriptor)


def _is_dead(path: str) -> bool:
    return _is_held(path) is False


def _is_held(path: str) -> bool | None:
    """Whether a record's agent lives; None where the file is gone, or not ours to read."""
    descriptor = _opened(path)
    if descriptor is None:
        return None
    try:
        return locks.is_held(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None


def _parsed(descriptor: int, path: str) -> Record | None:
    # A record that makes no sense belongs to a newer or broken agent: not ours to use, nor to remove.
    try:
        return Record.from_json(json.loads(os.read(descriptor, SIZE_LIMIT)), path)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _sweep(folder: str, name: str) -> None:
    remove(os.path.join(folder, name))
    remove(os.path.join(folder, f"{name[: -len('.json')]}.sock"))


def _sweep_draft(path: str) -> None:
    try:
        old = time.time() - os.lstat(path).st_mtime > DRAFT_AGE
    except OSError:
        return
    if old and not _is_held(path):  # the clock may have been set meanwhile
        remove(path)
