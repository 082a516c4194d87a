"""Findings of one batch: made here so that every one has a catalogue code, a place and an id."""

from __future__ import annotations

from collections.abc import Sequence

from ..findings.catalogue import entry
from ..findings.values import Count, Finding, Range, Related, Severity, Verdict
from ..source.statement import Statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Findings:
    """What the batch will say, in the order found; the same cause on the same statement is said once."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.items: list[Finding] = []
        self._said: set[tuple[str, str, int]] = set()

    def say(
        self,
        code: str,
        message: str,
        path: str,
        place: Range,
        *,
        verdict: Verdict | None = None,
        severity: Severity | None = None,
        related: Sequence[Related] = (),
        count: Count | None = None,
        data: dict[str, Any] | None = None,
    ) -> Finding | None:
        """Add a finding, None where it is said already; verdict and severity are the catalogue's where nothing else is said."""
        key = (code, path, place.start.line)
        if key in self._said:
            return None
        self._said.add(key)
        known = entry(code)
        finding = Finding(
            f"{self.generation}.{len(self.items) + 1}",
            code,
            verdict or known.verdict,
            severity or known.severity,
            message,
            path,
            place,
            tuple(related),
            count,
            data or {},
        )
        self.items.append(finding)
        return finding

    def withdraw(self, finding: Finding) -> None:
        """What was said does not hold any more."""
        if finding in self.items:
            self.items.remove(finding)
            self._said.discard((finding.code, finding.path, finding.range.start.line))


def place_of(statement: Statement) -> Range:
    """The first line of a statement."""
    first = statement.text.split("\n", 1)[0]
    start = len(first) - len(first.lstrip())
    if statement.line == statement.end_line:
        return Range.of(statement.line, statement.column, statement.line, statement.end_column)
    return Range.of(statement.line, statement.column, statement.line, statement.column + len(first) - start)
