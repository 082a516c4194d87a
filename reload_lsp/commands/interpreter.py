"""Which Python a command means: the user's own, never the one that reload-lsp is installed in."""

from __future__ import annotations

import os
import sys

_WITH_VALUE = "cmWX"  # options that take the rest of their word, or the next one, as a value
_KEEPS_OUT = "EIS"


def with_interpreter(command: list[str]) -> list[str]:
    """`app.py`, `-m package` and `-c text` get the user's Python in front; others stay as they are."""
    first = command[0]
    if first in ("-m", "-c") or _is_script(first):
        return [users_python(), *command]
    return command


def users_python() -> str:
    """The active virtual environment's Python, else the first on PATH, else the one that runs this."""
    folder = os.environ.get("VIRTUAL_ENV")
    if folder:
        python = os.path.join(folder, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
        if os.access(python, os.X_OK):
            return python
    return _on_path("python3") or _on_path("python") or sys.executable


def ignores_environment(command: list[str]) -> str | None:
    """The option with which a Python command ignores PYTHONPATH or sitecustomize, if it has one."""
    if not os.path.basename(command[0]).startswith("python"):
        return None
    words = iter(command[1:])
    for word in words:
        if not word.startswith("-") or word.startswith("--"):
            return None
        for place, letter in enumerate(word[1:], 2):
            if letter in _KEEPS_OUT:
                return f"-{letter}"
            if letter in "cm":
                return None
            if letter in _WITH_VALUE:
                if place == len(word):
                    next(words, None)
                break
    return None


def _is_script(word: str) -> bool:
    return word.endswith((".py", ".pyw")) and (os.path.isfile(word) or _on_path(word) is None)


def _on_path(name: str) -> str | None:
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, name)
        if folder and os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None
