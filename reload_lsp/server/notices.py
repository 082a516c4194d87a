"""What is told beside diagnostics: `reloadLsp/didReload`, `reloadLsp/status`, and the code lens's title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..findings.values import Finding, Report
from ..sessions.batch import UNDO
from ..sessions.dispatch import Result
from ..sessions.roster import Member
from .reloader import Outcome

Json = dict[str, Any]
DID_RELOAD = "reloadLsp/didReload"
STATUS = "reloadLsp/status"


def did_reload(outcome: Outcome, uri_of: Callable[[str], str]) -> Json:
    """The params of `reloadLsp/didReload`."""
    return {
        "batch": outcome.number,
        "cause": outcome.cause,
        "ended": outcome.ended,
        "files": [uri_of(path) for path in outcome.files],
        "undone": _is_undo(outcome),
        "processes": [_process_result(result) for result in outcome.results],
    }


def _is_undo(outcome: Outcome) -> bool:
    """Was a reload taken back? The programs then run older code than what is saved."""
    return outcome.cause == "command" and all(result.work == UNDO for result in outcome.results)


def _process_result(result: Result) -> Json:
    report = result.report
    return {
        "id": result.process.id,
        "pid": result.process.pid,
        "name": result.process.name,
        "generation": report.generation,
        "outcome": report.outcome,
        "durationMs": report.duration_ms,
        "modules": list(report.modules),
        "findings": [finding.as_json() for finding in report.findings],
    }


def status(
    members: Iterable[Member], paused: bool, severities: Iterable[str], fault: str | None, unreachable: Sequence[str]
) -> Json:
    """The params of `reloadLsp/status`.

    `fault` is what keeps the server itself from working, `unreachable` what is said of processes that cannot be attached.
    """
    attached = list(members)
    health, message = _health(attached, paused, set(severities), fault, unreachable)
    return {
        "health": health,
        "message": message,
        "paused": paused,
        "processes": [process_state(member) for member in attached],
    }


def process_state(member: Member) -> Json:
    facts = member.process.facts
    return {
        "id": facts.id,
        "pid": facts.pid,
        "name": facts.name,
        "python": facts.python,
        "state": member.state,
        "generation": member.process.generation,
    }


def _health(
    attached: Sequence[Member], paused: bool, severities: set[str], fault: str | None, unreachable: Sequence[str]
) -> tuple[str, str]:
    if fault is not None:
        return "error", fault
    if unreachable:
        return "warning", unreachable[0] + (f"; {len(unreachable) - 1} more" if unreachable[1:] else "")
    if not attached:
        return "ok", "no process attached; start one with: reload-lsp run -- python app.py"
    silent = [member.process.facts for member in attached if member.state == "not-responding"]
    if silent:
        more = f" (and {len(silent) - 1} more)" if silent[1:] else ""
        return "warning", f"{silent[0].name} (pid {silent[0].pid}){more} does not answer; saves reach it when it does"
    said = f"{len(attached)} process{'es' if len(attached) > 1 else ''} attached"
    if paused:
        return "ok", f"{said}, paused"
    if "error" in severities:
        return "error", f"{said}; the last save is not live, see the diagnostics"
    if "warning" in severities:
        return "warning", f"{said}; some of the last save is not live, see the diagnostics"
    return "ok", said


def lens_title(outcome: Outcome) -> str:
    """What a batch did, in one line: "live in 2 processes: models → services → api, 3.8 ms"."""
    reports = [result.report for result in outcome.results]
    live = [report for report in reports if report.outcome in ("applied", "partial")]
    if live and _is_undo(outcome):
        return f"undone in {len(live)} process{'es' if len(live) > 1 else ''}: older than what is saved"
    others = Counter((result.process.name, _WORDS.get(result.report.outcome)) for result in outcome.results)
    said = [f"{_times(name, count)}: {word}" for (name, word), count in others.items() if word is not None]
    return "; ".join([_live(live), *said] if live else said)


def _times(name: str, count: int) -> str:
    return name if count == 1 else f"{count} × {name}"


_WORDS = {
    "no-effect": "nothing to reload",
    "rolled-back": "not live, rolled back",
    "refused": "not live, refused",
    "timed-out": "has not answered yet",
    "gone": "ended during the reload",
}


def _live(reports: Sequence[Report]) -> str:
    order = max((report.modules for report in reports), key=len)
    held = len({_key(f) for report in reports for f in report.findings if f.verdict == "held"})
    time = max(report.duration_ms for report in reports)
    where = f"live in {len(reports)} process{'es' if len(reports) > 1 else ''}"
    what = f"{where}: {' → '.join(order)}" if order else where
    return f"{what}, {time:.1f} ms" + (f", {held} held" if held else "")


def _key(finding: Finding) -> tuple[str, str, int]:
    return (finding.code, finding.path, finding.range.start.line)
