"""What the user says about codes: a severity for each, or silence; in the settings and in comments. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ..findings.catalogue import CATALOGUE
from ..findings.values import Finding, Severity
from ..plan.markers import markers_at, module_markers

LEVELS = ("error", "warning", "information", "hint", "off")
ORDER = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Rules:
    """`severities` names the level of a code, or of a family (`RLD3`); "off" is silence. The longest name counts."""

    severities: Mapping[str, str] = field(default_factory=dict[str, str])

    def level(self, code: str) -> str | None:
        """What was said about a code."""
        named = [name for name in self.severities if code.startswith(name)]
        return self.severities[max(named, key=len)] if named else None

    def applied(self, findings: Iterable[Finding], lines_of: Callable[[str], Sequence[str]]) -> list[Finding]:
        """The findings that are to be shown, at the level that they are to have.

        What is told before a save stays as quiet as it is, unless something lower is asked for.
        """
        return [shown for f in findings if (shown := self._shown(f, lines_of)) is not None]

    def levels(self, findings: Iterable[Finding]) -> set[str]:
        """The severities that some findings have, comments apart."""
        return {self.level(f.code) or f.severity for f in findings} - {"off"}

    def _shown(self, finding: Finding, lines_of: Callable[[str], Sequence[str]]) -> Finding | None:
        level = self.level(finding.code)
        if level == "off" or is_ignored(finding, lines_of(finding.path)):
            return None
        if level is None or (finding.data.get("verdict") and ORDER[level] < ORDER[finding.severity]):
            return finding
        return replace(finding, severity=cast("Severity", level))


def is_ignored(finding: Finding, lines: Sequence[str]) -> bool:
    """Does a comment at the finding's line, or at the top of its file, say `# reload: ignore[CODE]`?"""
    found = markers_at(list(lines), finding.range.start.line)
    return finding.code in found.joined(module_markers(list(lines))).ignored


def problems_in(severities: Mapping[str, object]) -> list[str]:
    """What is wrong with a table of severities."""
    wrong: list[str] = []
    for name, level in severities.items():
        if not any(code.startswith(name) for code in CATALOGUE) or len(name) < 4:
            wrong.append(f"severity: {name} is no code of reload-lsp, nor the beginning of one (RLD3, RLD301)")
        elif level not in LEVELS:
            wrong.append(f"severity: {name} is {level!r}; it must be one of {', '.join(LEVELS)}")
    return wrong
