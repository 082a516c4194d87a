"""Why a program cannot be attached to, and what the user can do about it."""

from __future__ import annotations

import os

YAMA = "/proc/sys/kernel/yama/ptrace_scope"
START_WITH_IT = "or start the program with `reload-lsp run`, which needs no such right"


class Refused(Exception):
    """Attaching was refused: `what` happened, and the `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy


def not_permitted(pid: int, scope: str | None) -> Refused:
    """The system forbids it; `scope` is what Yama's ptrace_scope says (None: there is no Yama)."""
    if scope == "3":
        return Refused(
            f"this system lets nobody attach to process {pid} (kernel.yama.ptrace_scope is 3 until it is started again)",
            "start the program with `reload-lsp run`",
        )
    if scope in ("1", "2"):
        who = "a process's own parents" if scope == "1" else "root"
        return Refused(
            f"this system lets only {who} attach to process {pid} (kernel.yama.ptrace_scope is {scope})",
            f"allow it until the next start: sudo sysctl kernel.yama.ptrace_scope=0; {START_WITH_IT}",
        )
    return Refused(
        f"this system does not allow to attach to process {pid}",
        f"in a container, start that with --cap-add=SYS_PTRACE; {START_WITH_IT}",
    )


def yama() -> str | None:
    """What Yama's ptrace_scope is, None where there is no Yama."""
    try:
        with open(YAMA, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return None


def remote_disabled(pid: int, built_without: bool) -> Refused:
    """PEP 768 is there, but not for this process."""
    if built_without:
        return Refused(
            f"the Python of process {pid} was built without remote debugging (--without-remote-debug)",
            "start the program with `reload-lsp run`",
        )
    return Refused(
        f"process {pid} runs with remote debugging switched off (-X disable-remote-debug or PYTHON_DISABLE_REMOTE_DEBUG)",
        f"start it without that, {START_WITH_IT}",
    )


def no_helper(pid: int, python: str, mine: str, newest: bool) -> Refused:
    """Before 3.14 Python has no door of its own; `mine` is the interpreter that lacks hypno, `newest`: there is none for it."""
    remedy = f"install it: {mine} -m pip install 'reload-lsp[attach]'"
    if newest:
        remedy = "install 'reload-lsp[attach]' under Python 3.10 to 3.13 (there is none for newer ones), and attach with that"
    return Refused(
        f"process {pid} runs Python {python}, which needs hypno to be attached to", f"{remedy}; {START_WITH_IT}"
    )


def is_static(pid: int, executable: str) -> Refused:
    """A static executable has no loader that hypno could use."""
    return Refused(
        f"{executable}, the Python of process {pid}, is linked statically: nothing can be loaded into it",
        "start the program with `reload-lsp run`",
    )


def explained(pid: int, error: str) -> Refused:
    """What the interpreter's `sys.remote_exec` or hypno said, the last line of it."""
    low = error.lower()
    if any(word in low for word in ("permission", "not permitted", "eperm", "access")):
        return not_permitted(pid, yama())
    if "not enabled in the remote process" in low:
        return remote_disabled(pid, built_without=False)
    if not os.path.isdir(f"/proc/{pid}"):
        return Refused(f"process {pid} ended meanwhile", "start the program again")
    return Refused(f"process {pid} cannot be attached to: {error}", "start the program with `reload-lsp run`")
