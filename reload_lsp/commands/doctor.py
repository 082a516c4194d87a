"""`reload-lsp doctor`: what is wrong when nothing attaches, and what to do about it."""

from __future__ import annotations

import argparse
import sys

from ..wire.version import VERSION
from . import report
from .checks import ALL, Check

WORDS = {"ok": "ok    ", "note": "note  ", "wrong": "WRONG "}


def main(argv: list[str]) -> int:
    """Print every check; 1 where something is wrong."""
    options = _options(argv)
    print(f"reload-lsp {VERSION}, Python {sys.version.split()[0]}, {sys.platform}")
    found = [check for look in ALL for check in look()]
    for check in found:
        print(text(check))
    if options.report:
        path = report.write(options.report, found)
        print(f"\nwrote {path}; it holds no source text. Look through it before you attach it to a bug report.")
    return 1 if any(check.state == "wrong" for check in found) else 0


def text(check: Check) -> str:
    """One check as a person reads it: what was found, and under it what to do."""
    line = f"{WORDS[check.state]}{check.what}"
    return f"{line}\n      -> {check.remedy}" if check.remedy else line


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reload-lsp doctor", description=__doc__)
    parser.add_argument(
        "--report",
        nargs="?",
        const=report.NAME,
        metavar="FILE",
        help=f"write a bundle for a bug report ({report.NAME})",
    )
    return parser.parse_args(argv)
