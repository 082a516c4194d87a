"""A verdict in words: the lens on the first line, and the page with every step. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..verdict.plan import Plan, PlannedStep, summary
from .verdicts import Verdict

VERBS = {
    "patch": "patch",
    "run": "run",
    "rerun": "run again",
    "keep": "keep",
    "hold": "**hold**",
    "remove": "remove",
    "skip": "leave alone",
}


def lens(verdict: Verdict) -> str:
    """The verdict in one line; "" where there is nothing to tell."""
    if verdict.problem:
        return f"on save: refused, {verdict.problem} (line {verdict.line + 1})"
    plan = verdict.chief
    if plan is None or verdict.is_about_nothing:
        return ""
    where = f" in {len(verdict.plans)} processes" if len(verdict.plans) > 1 else ""
    nobody = " (no process attached)" if "" in verdict.plans else ""
    return f"on save{where}: {summary(plan)}{nobody}"


def page(name: str, verdict: Verdict | None, processes: Mapping[str, str], link: Callable[[str, int], str]) -> str:
    """The plan of saving one document, as Markdown; `link` makes a link of a path and a 0-based line."""
    head = f"# What saving {name} would do\n"
    if verdict is None or (verdict.plans and verdict.is_about_nothing):
        return f"{head}\nNothing: the text on the screen is the one that runs.\n"
    if verdict.problem:
        return f"{head}\nNothing would be reloaded: line {verdict.line + 1}: {verdict.problem}.\n"
    if not verdict.plans:
        return f"{head}\nNothing: no attached process runs this file.\n"
    parts = [head]
    for process, plan in verdict.plans.items():
        parts.append(f"## In {processes.get(process, process)}\n" if process else "## No process is attached\n")
        if not process:
            parts.append("Told against the saved text; what only a running program knows is left open.\n")
        parts.append(_plan(plan, link))
    return "\n".join(parts)


def _plan(plan: Plan, link: Callable[[str, int], str]) -> str:
    lines = [f"**{summary(plan)}**", ""]
    if plan.modules:
        lines += [f"Modules, in order: {' → '.join(f'`{name}`' for name in plan.modules)}", ""]
    if plan.steps:
        lines += [f"{number}. {_step(step, link)}" for number, step in enumerate(plan.steps, 1)]
        lines.append("")
    if plan.findings:
        lines += ["What you would be told:", ""]
        lines += [f"- {f.code} {link(f.path, f.range.start.line)}: {f.message}" for f in plan.findings]
        lines.append("")
    return "\n".join(lines)


def _step(step: PlannedStep, link: Callable[[str, int], str]) -> str:
    name = step.name.replace("`", "'")
    return f"{VERBS[step.action]} `{name}` {link(step.path, step.line)}: {step.why}"
