"""What happens in a process that the bootstrap came into: the agent, a way for its children, or nothing."""

from __future__ import annotations

import os
import sys

from . import children, restart
from .identity import program_name
from .start import start_quietly

# Programs that install or check others: nothing in them is ever edited while it runs.
_INSTALLERS = {
    "pip",
    "pip3",
    "pipx",
    "virtualenv",
    "venv",
    "ensurepip",
    "build",
    "twine",
    "wheel",
    "setup.py",
}
_CHECKERS = {"ruff", "black", "isort", "flake8", "pylint", "mypy", "pyright", "pre-commit", "compileall"}
TOOLS = _INSTALLERS | _CHECKERS | {"reload-lsp", "reload_lsp"}
# Programs that start the user's in another process: that one gets the agent.
LAUNCHERS = {"poetry", "pipenv", "hatch", "pdm", "tox", "nox", "honcho"}
SCOPE = "folders"  # beside an editor's copy of the bootstrap: which programs are meant
RESOURCE_TRACKER = "multiprocessing.resource_tracker"


def begin(bootstrap: str) -> None:
    """Start the agent where the user's own program runs."""
    restart.remember()
    name = program_name(sys.orig_argv)
    if name in LAUNCHERS or _is_part_of_debugpy(sys.orig_argv, "launcher"):
        os.environ["PYTHONPATH"] = children.with_entry(bootstrap, os.environ.get("PYTHONPATH", ""))
    elif name not in TOOLS and not _is_helper(sys.orig_argv) and _is_meant(bootstrap):
        children.follow(bootstrap)
        start_quietly()


def _is_meant(bootstrap: str) -> bool:
    """An editor's terminal may be for some programs only; `run` is for the one it is given."""
    if not os.path.exists(os.path.join(bootstrap, SCOPE)):
        return True
    from . import scope

    return scope.includes(os.path.join(bootstrap, SCOPE), sys.orig_argv)


def _is_helper(argv: list[str]) -> bool:
    tracker = len(argv) > 2 and argv[-2] == "-c" and RESOURCE_TRACKER in argv[-1]
    return tracker or _is_part_of_debugpy(argv, "adapter")


def _is_part_of_debugpy(argv: list[str], part: str) -> bool:
    """Its launcher starts the user's program, its adapter runs beside it; both are folders that Python runs."""
    tail = os.path.join("debugpy", part)
    return any(word.rstrip(os.sep).endswith(tail) for word in argv[1:3])
