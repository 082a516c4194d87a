"""What an agent says about itself and its process: the content of its record."""

from __future__ import annotations

import os
import sys
import time

from ..wire.version import PROTOCOL, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTIONS_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")
_DEBUGGER = "debugpy"
ARGV_LIMIT = 1 << 16  # characters; the system allows megabytes
_DEBUGGERS_FLAGS = ("--wait-for-client", "--log-to-stderr")  # its other options have a value


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
            "argv": _beginning(sys.orig_argv),
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
    """What a user calls the program: the script's or module's name, `-c`, or `python` for a prompt.

    A program that the debugger runs is that program, not the debugger.
    """
    rest = iter(argv[1:])
    name = _name(rest, _OPTIONS_WITH_VALUE)
    return _name((word for word in rest if word not in _DEBUGGERS_FLAGS), None) if name == _DEBUGGER else name


def _name(words: Iterator[str], options: tuple[str, ...] | None) -> str:
    """The name in a command line of which these options have a value; None: all that begin with two hyphens."""
    for word in words:
        if word == "-m":
            return next(words, "-m")
        if word == "-c":
            return "-c"
        if word in options if options is not None else word.startswith("--"):
            next(words, None)
        elif not word.startswith("-"):
            return os.path.basename(word.rstrip(os.sep)) or word
    return "python"


def _beginning(argv: list[str]) -> list[str]:
    """As much of a command line as a record has room for."""
    room, words = ARGV_LIMIT, list[str]()
    for word in argv:
        room -= len(word) + 1
        if room < 0:
            return [*words, "…"]
        words.append(word)
    return words


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""
