"""Replay-bench adapter: real commits through the real server and the socket. The bench's folder comes first on sys.path."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import engines  # the bench's own

sys.path.append(str(Path(__file__).parent))

from lsp_session import CHANGED, CREATED, DELETED, Session

KINDS = {"A": CREATED, "M": CHANGED, "D": DELETED}


class Server(engines.ExternalEngine):
    """Out-of-process engine for `replay.py run --engines <this file>:Server`."""

    name = "reload_lsp_server"

    def __init__(self) -> None:
        self.editor = Session()

    def wrap(self, argv: list[str], env: dict[str, str]) -> tuple[list[str], dict[str, str]]:
        return self.editor.wrap(argv, env)

    def started(self, pid: int, info: Mapping[str, Any]) -> None:
        self.editor.start(info["workdir"], pid)

    def apply(self, files: Sequence[Mapping[str, str]]) -> Any:
        """Edited files are saved, all at once; a commit that adds or deletes files comes from outside, as with git."""
        kinds = {file["path"]: KINDS[file["status"]] for file in files}
        by_hand = set(kinds.values()) == {CHANGED}
        batches, shown = self.editor.apply(list(kinds) if by_hand else [], {} if by_hand else kinds)
        said = engines.Report()
        said["errors"], said["warnings"], said["info"] = shown["error"], shown["warning"], shown["other"]
        for batch in batches:
            for process in batch["processes"]:
                said["info"].append(f"{batch['cause']} {process['outcome']} {process['durationMs']} ms")
        return said

    def stopped(self) -> None:
        self.editor.end()
