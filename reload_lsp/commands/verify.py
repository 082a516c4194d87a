"""`reload-lsp verify ID`: compare a running program with a fresh one, and say what differs."""

from __future__ import annotations

import argparse
import os
import sys

from ..findings.values import Finding
from ..server import verifying
from ..server.programs import Programs
from ..server.seen import SeenTexts
from ..server.texts import decoded, read_bytes
from ..sessions.paths import canonical
from ..sessions.process import LoadedFile
from ..watch.environments import in_environment
from ..wire.client import Client
from ..wire.errors import WireError
from ..wire.folder import existing_folder
from ..wire.records import Record, living
from .check_formats import excerpt


def main(argv: list[str]) -> int:
    """0 where both are alike, 1 where something differs, 2 where that cannot be told."""
    options = _options(argv)
    try:
        record = chosen(options.id)
        found = verify(record, os.path.realpath(options.under or record.cwd), options.effects)
    except (WireError, LookupError, verifying.CannotVerify) as error:
        print(f"reload-lsp verify: {error}", file=sys.stderr)
        return 2
    for finding in found.findings:
        print("\n".join(text(finding)))
    for name, why in sorted(found.left_out.items()):
        print(f"left out: {name}: {why}")
    differing = f"{len(found.findings)} difference{'s' if len(found.findings) != 1 else ''}"
    print(f"{record.name} (pid {record.pid}): {len(found.compared)} modules compared with a fresh process, {differing}")
    return 1 if found.findings else 0


def chosen(name: str | None) -> Record:
    """The program with that id (or the beginning of one, or that process id), the only one for None."""
    folder = existing_folder()
    records = living(folder) if folder else []
    fitting = [r for r in records if name is None or r.id.startswith(name) or str(r.pid) == name]
    if len(fitting) != 1:
        known = ", ".join(f"{r.id} ({r.name})" for r in records) or "none runs"
        raise LookupError(f"name one program by its id: {known}")
    return fitting[0]


def verify(record: Record, folder: str, effects: bool) -> verifying.Verified:
    """The comparison of the modules below a folder."""
    with Client(record, verifying.SECONDS) as client:
        files = client.request("loaded")["files"]
        loaded = [(canonical(f["path"]), LoadedFile(f["path"], f["sha256"], tuple(f["modules"]))) for f in files]
        texts = Programs(SeenTexts()).of_process(record.id, loaded)
        hashes = {path: file.sha256 for path, file in loaded}

        def concerns(path: str) -> bool:
            return path.startswith(os.path.join(folder, "")) and not in_environment(path)

        selection = verifying.selected(texts, hashes, concerns, effects)
        hot = client.request("describe", {"modules": list(selection.names)})
    cold = verifying.fresh(record.executable, record.cwd, hot, selection.names)
    return verifying.compared(texts.program, selection, hot, cold)


def text(finding: Finding) -> list[str]:
    data = read_bytes(finding.path)
    lines = excerpt(finding, decoded(data) if data is not None else "")
    return [f"{finding.path}:{finding.range.start.line + 1}: {finding.code}: {finding.message}", *lines]


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reload-lsp verify", description=__doc__)
    parser.add_argument("id", nargs="?", help="as `reload-lsp status` shows it; may be left out where one program runs")
    parser.add_argument(
        "--under", metavar="FOLDER", help="compare the modules below FOLDER (default: the program's folder)"
    )
    parser.add_argument("--effects", action="store_true", help="import modules too whose import has effects")
    return parser.parse_args(argv)
