"""Processes that run the same file and ended differently: some follow an edit, others were left behind (RLD806)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..findings.values import Finding, Range
from ..sessions.roster import Member

CODE = "RLD806"
WORDS: dict[str, str] = {
    "rolled-back": "its reload was rolled back",
    "refused": "it refused the reload",
    "timed-out": "it has not answered yet",
}
NAMED = 4


def left_behind(members: Iterable[Member], path: str) -> tuple[list[Member], list[Member]]:
    """Of the processes that run a file: those that do not run its saved text, and those that do; paused ones are neither."""
    running = [member for member in members if path in member.process.loaded and not member.paused]
    behind = [member for member in running if path in member.behind]
    return behind, [member for member in running if path not in member.behind]


def finding(path: str, behind: Sequence[Member], others: int, outcome: str | None) -> Finding:
    """What is said of the processes behind; `outcome` is that of the first one's reload."""
    named = [f"{m.process.facts.name} (pid {m.process.facts.pid})" for m in behind[:NAMED]]
    if len(behind) > NAMED:
        named.append(f"{len(behind) - NAMED} more")
    one = len(behind) == 1
    why = f": {WORDS[outcome]}" if one and outcome in WORDS else ""
    return Finding(
        f"diverged:{path}",
        CODE,
        "stale",
        "warning",
        f"stale: {', '.join(named)} {'runs' if one else 'run'} older code of this file than "
        f"{others} other process{'' if others == 1 else 'es'}{why}. Retry the reload, or restart {'it' if one else 'them'}.",
        path,
        Range.of(0, 0, 1, 0),
        data={"fixes": [{"kind": "retry"}, {"kind": "restart"}]},
    )
