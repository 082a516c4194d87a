"""What an agent says about itself and its process: the content of its record."""

from __future__ import annotations

import os
import sys
import time

from ..wire.version import PROTOCOL, VERSION

_OPTIONS_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")


class Identity:
    """One agent's id and key and the process it lives in; `parent` is the agent it was forked from."""

    def __init__(self, parent: str | None = None) -> None:
        self.id = os.urandom(4).hex()
        self.key = os.urandom(32)
        self.pid = os.getpid()
        self.name = program_name(sys.orig_argv)
        self.python = "{}.{}.{}".format(*sys.version_info[:3])
        self.started = time.time()
        self.parent = parent

    def record(self, endpoint: dict[str, object]) -> dict[str, object]:
        """The record that announces this agent at `endpoint`."""
        return {
            "id": self.id,
            "pid": self.pid,
            "name": self.name,
            "argv": sys.orig_argv,
            "cwd": _working_folder(),
            "python": self.python,
            "executable": sys.executable,
            "version": VERSION,
            "protocol": PROTOCOL,
            "endpoint": endpoint,
            "key": self.key.hex(),
            "started": self.started,
            "parent": self.parent,
        }


def program_name(argv: list[str]) -> str:
    """What a user calls the program: the script's or module's name, `-c`, or `python` for a prompt."""
    rest = iter(argv[1:])
    for word in rest:
        if word in _OPTIONS_WITH_VALUE:
            next(rest, None)
        elif word == "-m":
            return next(rest, "-m")
        elif word == "-c":
            return "-c"
        elif not word.startswith("-"):
            return os.path.basename(word.rstrip(os.sep)) or word
    return "python"


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""
