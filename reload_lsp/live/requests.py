"""What the engine is asked with, and what it says about the files it has loaded."""

from __future__ import annotations

from ..values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["modified", "created", "deleted"]
else:
    Kind = str


@dataclass(frozen=True, slots=True)
class Save:
    """One changed file: absolute `path`, what happened to it, and the hash the editor saved (None: take what is on disk)."""

    path: str
    kind: Kind = "modified"
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A statement: absolute `path` of a loaded file, and the `line` (0-based, of the loaded text) on which it begins."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file this process runs: the `modules` that were executed from it and the SHA-256 of the bytes they run."""

    path: str
    sha256: str
    modules: tuple[str, ...]


class ReloadError(RuntimeError):
    """A reload was asked for where none can be made (from inside a batch, or with reloading switched off)."""
