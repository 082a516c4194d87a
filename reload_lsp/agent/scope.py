"""Which programs an editor's terminal lets the agent into: those of the folders that the editor has open.

A file beside the bootstrap names them, one a line; where there is none (`reload-lsp run`, or an editor that is
to attach to everything), every program is meant.
"""

from __future__ import annotations

import os

from .identity import program_name


def includes(file: str, argv: list[str]) -> bool:
    """Is the program that `argv` (as in `sys.orig_argv`) starts one of the folders in `file`?"""
    with open(file, encoding="utf-8") as lines:
        return belongs(argv, lines.read().splitlines(), os.getcwd())


def belongs(argv: list[str], folders: list[str], cwd: str) -> bool:
    """Does a program belong to one of `folders`?

    A `.py` file does by where it lies; everything else (`-m`, a command such as uvicorn, a prompt) by where it
    is started; `-c`, which tools start by the dozen and nobody edits, never does.
    """
    name = program_name(argv)
    if name == "-c":
        return False
    script = next((word for word in argv[1:] if os.path.basename(word) == name and name.endswith(".py")), None)
    return _is_within(os.path.join(cwd, os.path.dirname(script)) if script else cwd, folders)


def _is_within(path: str, folders: list[str]) -> bool:
    real = os.path.realpath(path)
    return any(_contains(os.path.realpath(folder), real) for folder in folders)


def _contains(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
