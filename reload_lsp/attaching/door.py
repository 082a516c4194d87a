"""The one thing that is ever made to happen in a program that runs: a thread that reads `agent/entered.py`.

The main thread of the program, wherever it may be, starts that thread and does nothing else for us. CPython 3.14 does it between
two bytecodes (`sys.remote_exec`, PEP 768), by a script that this process names; for older ones hypno does it where the thread is.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys

from . import refusal
from .refusal import Refused
from .target import Target, is_static

LEFT = re.compile(r"attach-(\d+)\.")
INJECTING_SECONDS = 20.0
REMOTE = "import sys; sys.remote_exec(int(sys.argv[1]), sys.argv[2])"
HYPNO = "import sys, hypno; hypno.inject_py(int(sys.argv[1]), open(sys.argv[2], 'rb').read())"


class Door:
    """What is handed to the program in the runtime `folder`: a script, and a file for its answer; both go with `close`."""

    def __init__(self, folder: str, pid: int) -> None:
        self._script = os.path.join(folder, f"attach-{pid}.py")
        self._answer = os.path.join(folder, f"attach-{pid}.answer")
        self._folder = folder

    def sweep(self) -> None:
        """Remove what was left for programs that have ended since."""
        for name in os.listdir(self._folder):
            found = LEFT.match(name)
            if found and not os.path.isdir(f"/proc/{found[1]}"):
                _remove(os.path.join(self._folder, name))

    def open(self, target: Target) -> None:
        """Have the program start the thread as soon as it can; Refused where that is not possible."""
        self._forget_answer()
        _write(self._script, starting(self._folder, self._answer))
        if target.remote:
            _run(
                target.pid, [target.executable, "-s", "-S", "-c", REMOTE], self._script, target.interpreters_environment
            )
        else:
            _must_have_helper(target)
            _run(target.pid, [sys.executable, "-c", HYPNO], self._script, dict(os.environ))

    def answer(self) -> str | None:
        """What the program said: "started", or what went wrong; None as long as it says nothing."""
        try:
            with open(self._answer, encoding="utf-8") as file:
                return file.read()
        except OSError:
            return None

    def close(self) -> None:
        """Take it all back: a program that comes to it later finds a script that does nothing."""
        if os.path.exists(self._script):
            _write(self._script, "")
        self._forget_answer()

    def done(self) -> None:
        """It was used: nothing stays."""
        self._forget_answer()
        _remove(self._script)

    def _forget_answer(self) -> None:
        _remove(self._answer)


def starting(folder: str, answer: str) -> str:
    """The script: one expression, which leaves no name behind wherever it is run."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    entered = os.path.join(package, "agent", "entered.py")
    names = {
        "__name__": "_reload_lsp_entered",
        "ROOT": package,
        "FOLDER": folder,
        "ANSWER": answer,
        "__file__": entered,
    }
    body = "exec(compile(open(__file__, 'rb').read(), __file__, 'exec'))"
    return f"__import__('_thread').start_new_thread(exec, ({body!r}, {names!r}))\n"


def _must_have_helper(target: Target) -> None:
    if target.version >= (3, 14):
        raise refusal.remote_disabled(target.pid, built_without=True)
    if is_static(target.executable):
        raise refusal.is_static(target.pid, target.executable)
    if importlib.util.find_spec("hypno") is None:
        raise refusal.no_helper(target.pid, target.python, sys.executable, sys.version_info >= (3, 14))


def _run(pid: int, command: list[str], script: str, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(
            [*command, str(pid), script], env=environment, cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=INJECTING_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"process {pid} cannot be attached to: {error}", "start it with `reload-lsp run`") from None
    if done.returncode:
        raise refusal.explained(pid, _last_line(done.stderr))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if "Error" in line] or text.splitlines() or ["no reason was given"]
    return lines[-1].strip()


def _write(path: str, text: str) -> None:
    draft = f"{path}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.rename(draft, path)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
