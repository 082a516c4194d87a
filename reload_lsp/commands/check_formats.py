"""What `reload-lsp check` found, for people, programs, GitHub's log and SARIF readers. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..findings.catalogue import entry
from ..findings.values import Finding
from ..verdict.plan import Plan, summary
from ..wire.version import VERSION

DOCS = "https://reload-lsp.readthedocs.io/en/latest/diagnostics/"
LEVELS = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}
SARIF = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
Format = Callable[[bool, Plan, Sequence[Finding], Sequence[str], Mapping[str, str]], str]


def excerpt(finding: Finding, text: str) -> list[str]:
    """The source line of a finding with a caret under it."""
    lines, start, end = text.split("\n"), finding.range.start, finding.range.end
    if start.line >= len(lines):
        return []
    line = lines[start.line].expandtabs(1)
    until = min(end.column, len(line)) if end.line == start.line else len(line)
    number = f"{start.line + 1}"
    under = " " * start.column + "^" * max(until - start.column, 1)
    return [f"  {number} | {line}", f"  {' ' * len(number)} | {under}"]


def for_people(
    reloads: bool, plan: Plan, findings: Sequence[Finding], changed: Sequence[str], texts: Mapping[str, str]
) -> str:
    parts: list[str] = []
    for f in findings:
        head = f"{f.path}:{f.range.start.line + 1}:{f.range.start.column + 1}: {f.severity} {f.code} ({f.verdict})"
        parts += [f"{head}: {f.message}", *excerpt(f, texts[f.path]), ""]
    files = f"{len(changed)} file{'s' if len(changed) != 1 else ''}"
    said = "would reload" if reloads else "would not reload by itself"
    parts.append(f"{files} changed: {summary(plan)}. The change {said}." if changed else "No Python file changed.")
    return "\n".join(parts)


def for_programs(
    reloads: bool, plan: Plan, findings: Sequence[Finding], changed: Sequence[str], texts: Mapping[str, str]
) -> str:
    steps = [
        {"module": s.module, "path": s.path, "name": s.name, "line": s.line, "action": s.action, "why": s.why}
        for s in plan.steps
    ]
    found: dict[str, Any] = {
        "reloads": reloads,
        "summary": summary(plan),
        "changed": list(changed),
        "modules": list(plan.modules),
        "steps": steps,
        "findings": [f.as_json() for f in findings],
    }
    return json.dumps(found, indent=2)


def for_github(
    reloads: bool, plan: Plan, findings: Sequence[Finding], changed: Sequence[str], texts: Mapping[str, str]
) -> str:
    """Workflow commands, which GitHub shows on the lines of a pull request."""
    lines = [
        f"::{LEVELS[f.severity]} file={_property(f.path)},line={f.range.start.line + 1},"
        f"col={f.range.start.column + 1},title={f.code} {entry(f.code).name}::{_escaped(f.message)}"
        for f in findings
    ]
    return "\n".join([*lines, for_people(reloads, plan, (), changed, texts)])


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def for_sarif(
    reloads: bool, plan: Plan, findings: Sequence[Finding], changed: Sequence[str], texts: Mapping[str, str]
) -> str:
    """SARIF 2.1.0 (OASIS)."""
    codes = sorted({f.code for f in findings})
    rules = [{"id": c, "name": entry(c).name, "helpUri": f"{DOCS}#{c.lower()}"} for c in codes]
    driver = {"name": "reload-lsp", "version": VERSION, "informationUri": DOCS, "rules": rules}
    results = [_result(f, codes) for f in findings]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, indent=2)


def _result(finding: Finding, codes: Sequence[str]) -> dict[str, Any]:
    start, end = finding.range.start, finding.range.end
    region = {
        "startLine": start.line + 1,
        "startColumn": start.column + 1,
        "endLine": end.line + 1,
        "endColumn": end.column + 1,
    }
    place = {"artifactLocation": {"uri": finding.path.replace(" ", "%20")}, "region": region}
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": SARIF[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    }


FORMATS: dict[str, Format] = {"text": for_people, "json": for_programs, "github": for_github, "sarif": for_sarif}
