"""The plan of a save: what would become of each dirty statement, in order and with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..findings.values import Finding
from .facts import Questions

Action = Literal["patch", "run", "rerun", "keep", "hold", "remove", "skip"]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What saving would do with one statement.

    `run` is for edited and new statements, `rerun` for unchanged ones that read something that changes; `why` ends with
    the changed name that reached it and the way it came.
    """

    module: str
    path: str
    name: str
    line: int
    kind: str
    action: Action
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What saving would do: `steps` in the order done, `findings` as the save would leave them, `asked` for better.

    `edited` is False where the texts are those that run, to the letter.
    """

    steps: tuple[PlannedStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    asked: Questions = field(default_factory=Questions)
    edited: bool = True

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules in which something would happen, in order."""
        return tuple(dict.fromkeys(s.module for s in self.steps if s.action in ("patch", "run", "rerun", "remove")))

    @property
    def safe(self) -> bool:
        """Would everything edited be live, with nothing held and nothing to warn of?"""
        return not any(f.verdict not in ("no-effect", "kept") for f in self.findings)


def summary(plan: Plan) -> str:
    """The plan in one line: "patch 2 functions · re-run 3 statements in 2 modules · keep 4 values · 1 held"."""
    parts = [
        *_patched(plan),
        *_ran(plan),
        *_count(plan, "remove", "remove {n} name", "remove {n} names"),
        *_count(plan, "keep", "keep {n} value", "keep {n} values"),
        *_count(plan, "hold", "{n} held", "{n} held"),
    ]
    skipped = [s for s in plan.steps if s.action == "skip"]
    if skipped and not parts:
        parts.append(f"{len(skipped)} edit{'s' if len(skipped) > 1 else ''} without effect in this process")
    risks = sum(1 for f in plan.findings if f.verdict in ("applied-risk", "stale"))
    if risks:
        parts.append(f"{risks} warning{'s' if risks > 1 else ''}")
    return " · ".join(parts) or "nothing to reload"


def _patched(plan: Plan) -> list[str]:
    steps = [s for s in plan.steps if s.action == "patch"]
    functions, classes = (sum(1 for s in steps if s.kind == kind) for kind in ("function", "class"))
    other = len(steps) - functions - classes
    named = [(functions, "function", "functions"), (classes, "class", "classes"), (other, "statement", "statements")]
    said = [f"{n} {one if n == 1 else many}" for n, one, many in named if n]
    return [f"patch {' and '.join(said)}"] if said else []


def _ran(plan: Plan) -> list[str]:
    steps = [s for s in plan.steps if s.action in ("run", "rerun")]
    if not steps:
        return []
    modules = len({s.module for s in steps})
    where = f" in {modules} modules" if modules > 1 else ""
    return [f"re-run {len(steps)} statement{'s' if len(steps) > 1 else ''}{where}"]


def _count(plan: Plan, action: Action, one: str, many: str) -> list[str]:
    n = sum(1 for s in plan.steps if s.action == action)
    return [(one if n == 1 else many).format(n=n)] if n else []
