"""`reload-lsp status`: the programs that can be reloaded now, and how each is."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from dataclasses import dataclass
from typing import Any

from ..wire.client import Client
from ..wire.errors import WireError
from ..wire.folder import existing_folder
from ..wire.records import Record, living

ANSWER_SECONDS = 3.0
NOTHING = "no program with the agent runs; start one with: reload-lsp run -- python app.py"


@dataclass(frozen=True, slots=True)
class Line:
    """One program, as asked; `texts` are the bytes of text that it runs and those held for them.

    `problem` says why it did not answer.
    """

    record: Record
    modules: int = 0
    generation: int = 0
    state: str = ""
    last_reload: float | None = None
    texts: tuple[int, int] = (0, 0)
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.record.id,
            "pid": self.record.pid,
            "name": self.record.name,
            "command": list(self.record.argv),
            "cwd": self.record.cwd,
            "python": self.record.python,
            "modules": self.modules,
            "generation": self.generation,
            "state": self.state,
            "lastReload": self.last_reload,
            "texts": {"bytes": self.texts[0], "held": self.texts[1]},
            "parent": self.record.parent,
            "problem": self.problem,
        }


def main(argv: list[str]) -> int:
    """Print what runs; 0 also where nothing does, 1 where the runtime folder cannot be used."""
    options = _options(argv)
    try:
        lines = collect(os.path.abspath(options.under))
    except WireError as error:
        print(f"reload-lsp status: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([line.as_json() for line in lines], indent=2))
    else:
        print("\n\n".join(map(text, lines)) if lines else NOTHING)
    return 0


def collect(workspace: str) -> list[Line]:
    """Every living agent, asked; modules are counted under `workspace`."""
    folder = existing_folder()
    return [ask(record, workspace) for record in living(folder)] if folder else []


def ask(record: Record, workspace: str) -> Line:
    """One agent's answer."""
    try:
        with Client(record, ANSWER_SECONDS) as client:
            status = client.request("status")
            files = client.request("loaded")["files"]
    except WireError as error:
        return Line(record, problem=str(error))
    return Line(
        record,
        modules=sum(len(file["modules"]) for file in files if _is_under(file["path"], workspace)),
        generation=status["generation"],
        state=status["state"],
        last_reload=status["lastReload"],
        texts=(status["texts"]["bytes"], status["texts"]["held"]),
    )


def text(line: Line) -> str:
    """What a person reads about one program."""
    record = line.record
    head = f"{record.id}  {record.name}  (pid {record.pid}, Python {record.python})"
    rows = [head, f"  command      {_shown(shlex.join(record.argv))}", f"  folder       {_shown(record.cwd)}"]
    if line.problem:
        return "\n".join([*rows, f"  no answer    {line.problem}"])
    rows.append(f"  modules      {line.modules} under this folder")
    rows.append(f"  generation   {line.generation}, {line.state}")
    rows.append(f"  texts        {size(line.texts[0])}, held in {size(line.texts[1])}")
    rows.append(f"  last reload  {age(line.last_reload, time.time())}")
    return "\n".join(rows)


def size(count: int) -> str:
    """Bytes, for people."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count / 2**10:.1f} kB"


def age(then: float | None, now: float) -> str:
    """How long ago, in the largest unit that fits."""
    if then is None:
        return "never"
    seconds = max(int(now - then), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reload-lsp status", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--under", default=".", metavar="FOLDER", help="count modules under FOLDER (default: here)")
    return parser.parse_args(argv)


def _is_under(path: str, folder: str) -> bool:
    root = os.path.realpath(folder)
    real = os.path.realpath(path)
    return real == root or real.startswith(os.path.join(root, ""))


def _shown(value: str) -> str:
    # File names may hold bytes that no terminal can show, and line feeds that would look like rows of ours.
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in value)
