"""The process that a number means, as `/proc` and its own interpreter describe it. Nothing here touches the process."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field

from .refusal import Refused

ASKING_SECONDS = 20.0
INTERPRETER = re.compile(r"(?:python|pypy)[\d.]*[a-z]*\Z")
ASK = """\
import sys
enabled = getattr(sys, "is_remote_debug_enabled", None)
print(sys.implementation.name, *sys.version_info[:3], int(enabled is not None and enabled()))
"""
REMOTE_EXEC = (3, 14)  # PEP 768
OLDEST = (3, 10)
STATIC = "static"


@dataclass(frozen=True, slots=True)
class Target:
    """A running Python: `remote` where its interpreter knows PEP 768 and has not been built without it."""

    pid: int
    executable: str
    version: tuple[int, int, int]
    remote: bool
    argv: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def python(self) -> str:
        """Its version: "3.12.1"."""
        return ".".join(map(str, self.version))

    @property
    def interpreters_environment(self) -> dict[str, str]:
        """What its interpreter needs to start, and nothing that changes what it does."""
        kept = ("LD_LIBRARY_PATH", "PYTHONHOME")
        return {name: value for name, value in self.environment.items() if name in kept}


def find(pid: int) -> Target:
    """The Python of this number; Refused where it is none, or none that can be attached to."""
    if not os.path.isdir("/proc/self"):
        raise Refused("attaching to running programs works on Linux only", "start it with `reload-lsp run`")
    _must_be_there(pid)
    _must_be_mine(pid)
    executable = _executable(pid)
    argv, environment = _words(pid, "cmdline"), dict(_pairs(_words(pid, "environ")))
    _must_be_switched_on(environment)
    _must_see_the_same_files(pid)
    target = Target(pid, executable, (0, 0, 0), False, tuple(argv), environment)
    name, version, remote = _asked(target)
    if name != "cpython" or version < OLDEST:
        raise Refused(
            f"process {pid} runs {name} {'.'.join(map(str, version))}; CPython from 3.10 on can be reloaded",
            "run the program with a newer CPython",
        )
    return Target(pid, executable, version, remote, tuple(argv), environment)


def state(pid: int) -> str:
    """The letter of proc(5): R running, S sleeping, D in the kernel, T stopped, t traced, Z ended; empty where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0].decode()
    except (OSError, IndexError):
        return ""


def is_static(executable: str) -> bool:
    """Whether a program has no dynamic loader (no PT_INTERP), so that nothing can be loaded into it from outside."""
    try:
        with open(executable, "rb") as file:
            head = file.read(1 << 16)
    except OSError:
        return False
    return head[:4] == b"\x7fELF" and b"/ld-" not in head


def _must_be_there(pid: int) -> None:
    found = state(pid)
    if not found:
        raise Refused(f"there is no process {pid}", "look for its number with: pgrep -af python")
    if found == "Z":
        raise Refused(f"process {pid} has ended; its parent has not noticed yet", "start the program again")
    if found == "T":
        raise Refused(f"process {pid} is stopped", f"let it go on, and attach then: kill -CONT {pid}")
    if found == "t":
        raise Refused(f"process {pid} is being traced: a debugger or strace has it", "detach that one first")


def _must_be_mine(pid: int) -> None:
    owner = _owner(pid)
    if owner != os.geteuid():
        name = _user(owner)
        raise Refused(
            f"process {pid} belongs to {name}, not to {_user(os.geteuid())}; only a user's own programs are reloaded",
            f"run reload-lsp and the editor as that user: sudo -u {_sudo_name(owner)} reload-lsp attach {pid}",
        )


def _owner(pid: int) -> int:
    """The effective user; the owner of the folder would be root where a process does not let itself be looked at."""
    with open(f"/proc/{pid}/status", "rb") as file:
        line = next(line for line in file if line.startswith(b"Uid:"))
    return int(line.split()[2])


def _must_be_switched_on(environment: dict[str, str]) -> None:
    if environment.get("RELOAD_LSP") == "0":
        raise Refused(
            "the program was started with RELOAD_LSP=0, which switches reloading off", "start it again without that"
        )


def _must_see_the_same_files(pid: int) -> None:
    try:
        same = os.readlink(f"/proc/{pid}/ns/mnt") == os.readlink("/proc/self/ns/mnt")
    except OSError:
        return
    if not same:
        raise Refused(
            f"process {pid} runs in a container: it sees other files than this command",
            "start it there with `reload-lsp run --listen`, and connect (see docs/remote.md)",
        )


def _executable(pid: int) -> str:
    try:
        found = os.readlink(f"/proc/{pid}/exe")
    except PermissionError:
        raise Refused(
            f"process {pid} does not let itself be looked at: it has more rights than this command, or gave some up",
            "start it with `reload-lsp run`",
        ) from None
    except OSError:
        raise Refused(f"there is no process {pid}", "look for its number with: pgrep -af python") from None
    if found.endswith(" (deleted)"):
        raise Refused(
            f"the interpreter of process {pid} was replaced on disk since it started ({found.removesuffix(' (deleted)')})",
            "start the program again",
        )
    if not INTERPRETER.match(os.path.basename(found)):
        raise Refused(
            f"process {pid} is {found}, which is no Python interpreter",
            "name the Python process itself (pgrep -af python); a program that embeds Python calls reload_lsp.start()",
        )
    return found


def _asked(target: Target) -> tuple[str, tuple[int, int, int], bool]:
    """Name, version and whether PEP 768 is built in, from the interpreter itself."""
    command = [target.executable, "-s", "-S", "-c", ASK]
    try:
        done = subprocess.run(
            command, env=target.interpreters_environment, cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=ASKING_SECONDS, check=True,
        )  # fmt: skip
        name, major, minor, micro, remote = done.stdout.split()
        return name, (int(major), int(minor), int(micro)), remote == "1"
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise Refused(
            f"{target.executable}, which process {target.pid} runs, does not say which Python it is ({error})",
            "start the program with `reload-lsp run`",
        ) from None


def _words(pid: int, name: str) -> list[str]:
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return [os.fsdecode(word) for word in file.read().split(b"\0") if word]
    except OSError:
        return []


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (word.partition("=") for word in words)]


def _user(uid: int) -> str:
    return _login(uid) or f"user {uid}"


def _sudo_name(uid: int) -> str:
    return _login(uid) or f"'#{uid}'"


def _login(uid: int) -> str | None:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None
