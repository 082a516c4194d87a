"""Verdicts for tests: programs of texts alone, and the verdict on a project that is loaded in this process."""

from __future__ import annotations

from live_project import Project

from reload_lsp.live import facts as live
from reload_lsp.live import held
from reload_lsp.verdict.facts import NOTHING, Facts
from reload_lsp.verdict.module import ModuleText
from reload_lsp.verdict.plan import Plan
from reload_lsp.verdict.program import Program
from reload_lsp.verdict.verdict import plan_of


def program(**texts: str) -> Program:
    """Modules `/name.py` with these texts, loaded in this order; `a__b` is the module `b` of the package `a`."""
    names = {name: name.replace("__", ".") for name in texts}
    modules = [
        ModuleText(names[name], f"/{names[name].replace('.', '/')}.py", text, order, False)
        for order, (name, text) in enumerate(texts.items())
    ]
    return Program(modules)


def saving(before: Program, facts: Facts = NOTHING, **texts: str) -> Plan:
    """The plan of saving these texts."""
    return plan_of(before, {f"/{name.replace('__', '/')}.py": text for name, text in texts.items()}, facts)


def actions(plan: Plan) -> dict[str, str]:
    """What would become of each statement, by its name."""
    return {step.name: step.action for step in plan.steps}


def codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


def verdict_on(project: Project) -> Plan:
    """What reloading everything on disk would do to the project, by its texts and the facts that the texts ask for."""
    project.engine.modules.refresh()
    modules = [ModuleText(m.name, m.path, m.text, m.order, m.name == "__main__") for m in project.engine.modules.all()]
    texts = {m.path: open(m.path, encoding="utf-8").read() for m in modules}  # noqa: SIM115
    first = plan_of(Program(modules), texts)
    return plan_of(Program(modules), texts, facts_for(project, first))


def facts_for(project: Project, plan: Plan) -> Facts:
    asked, loaded = plan.asked, project.engine.modules
    return Facts.from_json(
        {
            "classes": live.instances(loaded, sorted(asked.classes), 1000.0),
            "values": live.plainness(loaded, sorted(asked.values)),
            "functions": live.frames(loaded, sorted(asked.functions)),
            "held": held.holders(loaded, sorted(asked.held), 1000.0),
            "caches": held.cached(loaded, sorted(asked.caches), 1000.0),
            "digests": live.digests(loaded, sorted(asked.digests)),
        }
    )
