"""`reload-lsp attach PID`: let a program be reloaded that runs already."""

from __future__ import annotations

import argparse
import json
import sys

from ..attaching.attach import PATIENCE, attach, attached
from ..attaching.refusal import Refused
from ..wire.errors import WireError
from ..wire.folder import ready_folder
from ..wire.records import Record


def main(argv: list[str]) -> int:
    """Attach; 0 where the program can be reloaded now, 1 with the reason and what to do where it cannot."""
    options = _options(argv)
    try:
        before = attached(ready_folder(), options.pid)
        record = attach(options.pid, options.timeout, _waiting(options.pid))
    except (Refused, WireError) as error:
        _tell_refusal(error, options.json)
        return 1
    if options.json:
        print(json.dumps({"id": record.id, "pid": record.pid, "name": record.name, "already": before is not None}))
    else:
        print(_said(record, already=before is not None))
    return 0


def _said(record: Record, already: bool) -> str:
    who = f"{record.name} (pid {record.pid}, Python {record.python})"
    if already:
        return f"{who} has the agent already, under the id {record.id}; editors find it by themselves"
    return f"attached to {who}, id {record.id}; editors find it by themselves"


def _waiting(pid: int):
    def tell(seconds: float, where: str) -> None:
        print(
            f"waiting for the main thread of process {pid}, {seconds:.0f} s so far: {where}",
            file=sys.stderr,
            flush=True,
        )

    return tell


def _tell_refusal(error: Exception, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"problem": str(error)}))
    elif isinstance(error, Refused):
        print(f"reload-lsp attach: {error.what}\n  -> {error.remedy}", file=sys.stderr)
    else:
        print(f"reload-lsp attach: {error}", file=sys.stderr)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reload-lsp attach", description=__doc__)
    parser.add_argument("pid", type=int, metavar="PID", help="the number of the Python process")
    parser.add_argument(
        "--timeout", type=float, default=PATIENCE, metavar="SECONDS",
        help=f"how long to wait for the program's main thread ({PATIENCE:.0f})",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args(argv)
