"""What can keep a program from being reloaded, one function a cause: what was found, what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..wire.errors import WireError
from ..wire.folder import existing_folder, folder_path, ready_folder, socket_path
from ..wire.records import dead, living
from ..wire.version import PROTOCOL, VERSION
from .interpreter import users_python
from .run import bootstrap_folder
from .status import ask

State = Literal["ok", "note", "wrong"]
INOTIFY_LIMIT = "/proc/sys/fs/inotify/max_user_watches"
FEW_WATCHES = 16_384
OLDEST = (3, 10)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `remedy` is what the user can do about it."""

    state: State
    what: str
    remedy: str = ""


def switched_off() -> Iterator[Check]:
    """RELOAD_LSP=0 in this environment reaches every program started from it."""
    if os.environ.get("RELOAD_LSP") == "0":
        yield Check("wrong", "RELOAD_LSP=0 switches reloading off here", "unset RELOAD_LSP, start the program again")


def runtime_folder() -> Iterator[Check]:
    """Agents announce themselves in it; it must be the user's alone, and its sockets' paths short."""
    try:
        folder = ready_folder()
        socket_path(folder, "0" * 8)
    except WireError as error:
        yield Check("wrong", str(error), "programs started before cannot be found: start them again afterwards")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Check("wrong", f"the runtime folder {folder} cannot be written", f"run: chmod 700 {folder}")
    else:
        yield Check("ok", f"runtime folder {folder}")


def stale_records() -> Iterator[Check]:
    """Records of processes that were killed; harmless, and removed by the next look."""
    folder = _folder_or_none()
    left = dead(folder) if folder else []
    if left:
        yield Check("note", f"{len(left)} killed programs left records behind ({', '.join(left)}): removed now")


def programs() -> Iterator[Check]:
    """What runs, whether it answers and speaks our protocol."""
    folder = _folder_or_none()
    found = living(folder) if folder else []
    if not found:
        yield Check(
            "wrong",
            "no program with the agent runs",
            "start it with `reload-lsp run -- python app.py`, or call reload_lsp.start() in it; "
            f"editor and program must see the same runtime folder ({folder_path()})",
        )
    for record in found:
        line = ask(record, os.getcwd())
        name = f"{record.name} (pid {record.pid}, Python {record.python})"
        if record.protocol != PROTOCOL or line.problem:
            yield Check("wrong", f"{name}: {line.problem}", "start the program again")
        elif record.version != VERSION:
            yield Check("note", f"{name} runs the agent of {record.version}, this is {VERSION}")
        elif line.modules == 0:
            yield Check(
                "note",
                f"{name} answers, but runs no file under {os.getcwd()}",
                "look from the project's folder",
            )
        else:
            yield Check("ok", f"{name} answers, {line.modules} modules under this folder")


def bootstrap() -> Iterator[Check]:
    """The folder that lets the agent in; a program's user must be able to read it."""
    path = os.path.join(bootstrap_folder(), "sitecustomize.py")
    if not os.access(path, os.R_OK):
        yield Check("wrong", f"{path} cannot be read", "install reload-lsp again")


def interpreter() -> Iterator[Check]:
    """The Python that `run` would take must be one that the agent works in."""
    import subprocess

    python = users_python()
    ask_version = "import sys; print(*sys.version_info[:2], sys.implementation.name)"
    try:
        done = subprocess.run([python, "-I", "-c", ask_version], capture_output=True, text=True, timeout=10)
        major, minor, name = done.stdout.split()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        yield Check("wrong", f"{python} cannot be run: {error}", "put a Python 3.10 or newer first on PATH")
        return
    if name != "cpython" or (int(major), int(minor)) < OLDEST:
        yield Check(
            "wrong",
            f"{python} is {name} {major}.{minor}; the agent needs CPython 3.10 or newer",
            "run the program with a newer Python, or name it: reload-lsp run -- python3.12 app.py",
        )
    else:
        yield Check("ok", f"programs run with {python} (Python {major}.{minor})")


def watches() -> Iterator[Check]:
    """Linux limits how many folders one user may watch for changes from outside the editor."""
    try:
        with open(INOTIFY_LIMIT) as file:
            limit = int(file.read())
    except (OSError, ValueError):
        return
    if limit < FEW_WATCHES:
        yield Check(
            "note",
            f"this system lets you watch only {limit} folders; changes from outside the editor may be missed",
            "run: sudo sysctl fs.inotify.max_user_watches=524288",
        )


def server_libraries() -> Iterator[Check]:
    """The language server needs pygls and lsprotocol; looked for, not imported."""
    from importlib.util import find_spec

    missing = [name for name in ("pygls", "lsprotocol") if find_spec(name) is None]
    if missing:
        yield Check(
            "wrong",
            f"the language server cannot start: {sys.executable} cannot import {' and '.join(missing)}",
            "install reload-lsp again",
        )


ALL: tuple[Callable[[], Iterator[Check]], ...] = (
    switched_off,
    runtime_folder,
    stale_records,
    bootstrap,
    interpreter,
    server_libraries,
    watches,
    programs,
)


def _folder_or_none() -> str | None:
    try:
        return existing_folder()
    except WireError:
        return None
