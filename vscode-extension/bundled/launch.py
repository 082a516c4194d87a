"""Starts reload-lsp: the one that this extension brings, or one that the interpreter's environment has.

python launch.py [--from-environment] [ARGUMENT ...]    the arguments are those of reload-lsp
"""

from __future__ import annotations

import os
import sys

LIBS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs")
FROM_ENVIRONMENT = "--from-environment"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 10):  # noqa: UP036 - whoever starts it may have an older one
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"reload-lsp needs Python 3.10 or newer, and {sys.executable} is {found}", file=sys.stderr)
        return 1
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != os.path.dirname(LIBS)]
    if arguments[:1] == [FROM_ENVIRONMENT]:
        arguments = arguments[1:]
        sys.path.append(LIBS)
    else:
        sys.path.insert(0, LIBS)
    from reload_lsp.cli import main as reload_lsp

    return reload_lsp(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
