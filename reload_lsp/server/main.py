"""`reload-lsp`: the language server on standard input and output."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

LEVELS = ("debug", "info", "warning", "error")


def parser() -> argparse.ArgumentParser:
    """What editors and users may say on the command line."""
    made = argparse.ArgumentParser(prog="reload-lsp", description="Hot reload for Python, as a language server.")
    made.add_argument("--stdio", action="store_true", help="speak on standard input and output (always so)")
    made.add_argument("--clientProcessId", type=int, default=None, metavar="PID", help="end when this process ends")
    made.add_argument("--log-file", default=None, metavar="FILE", help="write the log here, not to standard error")
    made.add_argument("--log-level", choices=LEVELS, default="warning", help="how much to log")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until the client says `exit` or goes away; the exit code LSP prescribes."""
    options = parser().parse_args(argv)
    output = protected_stdout()
    log_to(options.log_file, options.log_level)
    from .app import make_server  # the import of pygls takes most of the start: after the arguments are known

    server = make_server(options.clientProcessId)
    server.start_io(sys.stdin.buffer, output)
    return server.exit_code


def protected_stdout() -> BinaryIO:
    """Standard output for the protocol alone: whatever else prints goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return os.fdopen(kept, "wb")


def log_to(file: str | None, level: str) -> None:
    """Set up the log; pygls, which logs every message whole, is heard at `debug` only."""
    logging.basicConfig(
        filename=file,
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        encoding="utf-8" if file else None,
    )
    if level != "debug":
        logging.getLogger("pygls").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    sys.exit(main())
