"""Python files at a revision of a git repository, in its index, or as they lie on disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_FILES = 5_000
SECONDS = 60.0
DISK, INDEX = "", ":"  # what stands for the files on disk, and for those staged


class NoRevision(Exception):
    """git is not there, this is no repository, or it knows no such revision; the text is meant for the user."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The bytes of the Python files of a repository at one point, by path from its root."""

    files: Mapping[str, bytes]


def root_of(folder: str) -> str:
    """The repository that holds a folder."""
    return os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n")


def tree(root: str, revision: str) -> Tree:
    """The Python files of `revision`; of the disk or the index for DISK and INDEX."""
    if revision == DISK:
        names = _names(_git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.py"))
        return Tree({name: data for name in names if (data := _read(os.path.join(root, name))) is not None})
    if revision == INDEX:
        names = _names(_git(root, "ls-files", "-z", "--cached", "--", "*.py"))
        return Tree(_objects(root, {name: f":{name}" for name in names}))
    commit = os.fsdecode(_git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")).strip()
    listed = _names(_git(root, "ls-tree", "-r", "-z", "--name-only", commit))
    return Tree(_objects(root, {name: f"{commit}:{name}" for name in listed if name.endswith(".py")}))


def _names(data: bytes) -> list[str]:
    names = sorted({os.fsdecode(name) for name in data.split(b"\0") if name})
    if len(names) > MOST_FILES:
        raise NoRevision(f"{len(names)} Python files are too many to be looked at together; name a folder by --under")
    return names


def _objects(root: str, names: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of git objects, asked for all at once."""
    asked = b"".join(os.fsencode(name) + b"\n" for name in names.values() if "\n" not in name)
    data = _git(root, "cat-file", "--batch", text=asked)
    found: dict[str, bytes] = {}
    at = 0
    for path in (path for path, name in names.items() if "\n" not in name):
        end = data.index(b"\n", at)
        head = data[at:end].rsplit(b" ", 2)
        if not head[-1].isdigit():
            at = end + 1  # a submodule, or what a shallow clone does not have
            continue
        size = int(head[-1])
        found[path] = data[end + 1 : end + 1 + size]
        at = end + size + 2
    return found


def _git(folder: str, *arguments: str, text: bytes | None = None) -> bytes:
    command = ["git", "-C", folder, *arguments]
    try:
        done = subprocess.run(command, input=text, capture_output=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        raise NoRevision("git is not installed, or not on PATH") from None
    except subprocess.TimeoutExpired:
        raise NoRevision(f"git {arguments[0]} did not end within {SECONDS:.0f} s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise NoRevision(said or f"git knows no {arguments[-1].removesuffix('^{commit}')}")
    return done.stdout


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def split_range(text: str) -> tuple[str, str]:
    """`A..B` as its two ends; `A` alone, or `A..`, is compared with the files on disk."""
    before, dots, after = text.partition("..")
    return (before or "HEAD", after) if dots else (text, DISK)


def names_of(paths: Sequence[str]) -> dict[str, str]:
    """The name under which each file is most likely imported: from the outermost package down."""
    known = set(paths)
    return {path: _name(path, known) for path in paths}


def _name(path: str, known: set[str]) -> str:
    folder, _, file = path.rpartition("/")
    parts = [] if file == "__init__.py" else [file.removesuffix(".py")]
    while folder and f"{folder}/__init__.py" in known:
        folder, _, name = folder.rpartition("/")
        parts.insert(0, name)
    while folder and folder.rpartition("/")[2] not in ("src", "lib"):
        folder, _, name = folder.rpartition("/")  # a namespace package, or a folder of scripts
        parts.insert(0, name)
    return ".".join(parts) or folder.rpartition("/")[2]
