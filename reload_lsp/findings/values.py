"""The values a batch ends in: findings with places and counts, steps, and the report that holds them.

Positions are a line and a code point, both 0-based. Times are milliseconds.
`as_json` and `from_json` give the one JSON shape that the wire, the editor notifications and the logs share.
"""

from __future__ import annotations

from ..values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Outcome = Literal["applied", "partial", "no-effect", "rolled-back", "refused", "timed-out", "gone"]
    Verdict = Literal["refused", "held", "applied-risk", "no-effect", "stale", "rolled-back"]
    Severity = Literal["error", "warning", "information", "hint"]
    Cause = Literal["save", "external", "command", "api"]
    Ending = Literal["ran", "patched", "cut-off", "kept", "held", "removed"]
else:  # importing typing in the agent's thread could break an import of the program's own
    Outcome = Verdict = Severity = Cause = Ending = str

Json = dict[str, "Any"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text: `line` and `column` (code points), both 0-based."""

    line: int
    column: int

    def as_json(self) -> Json:
        return {"line": self.line, "column": self.column}

    @staticmethod
    def from_json(data: Json) -> Position:
        return Position(data["line"], data["column"])


@dataclass(frozen=True, slots=True)
class Range:
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position

    def as_json(self) -> Json:
        return {"start": self.start.as_json(), "end": self.end.as_json()}

    @staticmethod
    def from_json(data: Json) -> Range:
        return Range(Position.from_json(data["start"]), Position.from_json(data["end"]))

    @staticmethod
    def of(line: int, column: int, end_line: int, end_column: int) -> Range:
        return Range(Position(line, column), Position(end_line, end_column))


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding: a holder of the old object, a frame of a traceback."""

    path: str
    range: Range
    message: str

    def as_json(self) -> Json:
        return {"path": self.path, "range": self.range.as_json(), "message": self.message}

    @staticmethod
    def from_json(data: Json) -> Related:
        return Related(data["path"], Range.from_json(data["range"]), data["message"])


@dataclass(frozen=True, slots=True)
class Count:
    """How many live objects a finding is about; `exact` is False where the count is a lower bound."""

    n: int
    exact: bool = True

    def as_json(self) -> Json:
        return {"n": self.n, "exact": self.exact}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the user must know: its catalogue `code`, what it means now, where, and for how many live objects."""

    id: str
    code: str
    verdict: Verdict
    severity: Severity
    message: str
    path: str
    range: Range
    related: tuple[Related, ...] = ()
    count: Count | None = None
    data: Json = field(default_factory=dict[str, "Any"])

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "code": self.code,
            "verdict": self.verdict,
            "severity": self.severity,
            "message": self.message,
            "path": self.path,
            "range": self.range.as_json(),
            "related": [r.as_json() for r in self.related],
            "count": self.count.as_json() if self.count else None,
            "data": self.data,
        }

    @staticmethod
    def from_json(data: Json) -> Finding:
        count = data.get("count")
        return Finding(
            data["id"],
            data["code"],
            data["verdict"],
            data["severity"],
            data["message"],
            data["path"],
            Range.from_json(data["range"]),
            tuple(Related.from_json(r) for r in data.get("related", ())),
            Count(count["n"], count["exact"]) if count else None,
            data.get("data") or {},
        )


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one dirty statement: its `ending` and `why` it was touched."""

    module: str
    name: str
    line: int
    ending: Ending
    why: str

    def as_json(self) -> Json:
        return {
            "module": self.module,
            "name": self.name,
            "line": self.line,
            "ending": self.ending,
            "why": self.why,
        }

    @staticmethod
    def from_json(data: Json) -> Step:
        return Step(data["module"], data["name"], data["line"], data["ending"], data["why"])


@dataclass(frozen=True, slots=True)
class Report:
    """What one batch did to one process: `modules` and `statements` in the order done."""

    outcome: Outcome
    cause: Cause
    generation: int
    modules: tuple[str, ...] = ()
    statements: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    duration_ms: float = 0.0

    def as_json(self) -> Json:
        return {
            "outcome": self.outcome,
            "cause": self.cause,
            "generation": self.generation,
            "modules": list(self.modules),
            "statements": [s.as_json() for s in self.statements],
            "findings": [f.as_json() for f in self.findings],
            "durationMs": self.duration_ms,
        }

    @staticmethod
    def from_json(data: Json) -> Report:
        return Report(
            data["outcome"],
            data["cause"],
            data["generation"],
            tuple(data["modules"]),
            tuple(Step.from_json(s) for s in data.get("statements", ())),
            tuple(Finding.from_json(f) for f in data["findings"]),
            data["durationMs"],
        )
