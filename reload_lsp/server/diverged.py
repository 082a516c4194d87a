"""Processes that run the same file and ended differently: some follow an edit, others were left behind (RLD806)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..findings.values import Finding, Range
from ..sessions.dispatch import Result
from ..sessions.roster import Member
from .store import Store

CODE = "RLD806"
WORDS: dict[str, str] = {
    "rolled-back": "its reload was rolled back",
    "refused": "it refused the reload",
    "timed-out": "it has not answered yet",
}
NAMED = 4


def followers(members: Iterable[Member], results: Iterable[Result]) -> list[str]:
    """The ids of the processes that followed the last batch, by its results; of all where none did."""
    ids = [member.process.facts.id for member in members]
    followed = {result.process.id for result in results if result.report.outcome in ("applied", "partial")}
    return [name for name in ids if name in followed] or ids


def compare(store: Store, members: Sequence[Member], paths: Iterable[str], results: Iterable[Result]) -> set[str]:
    """Say, or say no longer, which processes were left behind with files that others follow; the paths to publish."""
    outcomes: dict[str, str] = {result.process.id: result.report.outcome for result in results}
    touched: set[str] = set()
    for path in paths:
        touched |= store.superseded(path, CODE)
        behind, others = left_behind(members, path)
        if behind and others:
            said = finding(path, behind, len(others), outcomes.get(behind[0].process.facts.id))
            for member in behind:
                touched |= store.add(member.process.facts.id, path, [said])
    return touched


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
