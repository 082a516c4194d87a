"""What a plan says: actions, reasons, order, and one line for all of it."""

from __future__ import annotations

import pytest
from verdicts import actions, codes, program, saving

from reload_lsp.verdict.facts import Facts, Frame, Instances
from reload_lsp.verdict.plan import summary

MODELS = "LIMIT = 10\n\n\ndef double(n):\n    return n * 2\n"
SERVICES = "from models import LIMIT, double\n\nHIGHEST = double(LIMIT)\n"
SHOP = program(models=MODELS, services=SERVICES)


def test_a_body_is_patched_and_what_called_it_runs_again() -> None:
    plan = saving(SHOP, models=MODELS.replace("n * 2", "n * 3"))
    assert actions(plan) == {"double": "patch", "HIGHEST": "rerun"}
    assert summary(plan) == "patch 1 function · re-run 1 statement"
    assert plan.safe


def test_a_value_flows_through_the_modules_in_order_and_each_step_says_why() -> None:
    plan = saving(SHOP, models=MODELS.replace("10", "20"))
    assert plan.modules == ("models", "services")
    assert summary(plan) == "re-run 3 statements in 2 modules"
    *_, last = plan.steps
    assert (last.name, last.why) == ("HIGHEST", "LIMIT changed (services.LIMIT changes)")


@pytest.mark.parametrize("edit", ["# a comment\n", "\n\n", "'a string'\n"])
def test_what_means_the_same_is_nothing_to_reload(edit: str) -> None:
    plan = saving(SHOP, services=SERVICES + edit)
    assert (plan.steps, summary(plan)) == ((), "nothing to reload")


def test_an_effect_that_would_happen_again_is_held_and_said_where_it_stands() -> None:
    before = program(
        config="DEBUG = 0\n", app="import threading\nimport config\nwork = threading.Thread(config.DEBUG)\n"
    )
    plan = saving(before, config="DEBUG = 1\n")
    (finding,) = plan.findings
    assert (finding.code, finding.verdict, finding.severity) == ("RLD301", "held", "information")
    assert (finding.path, finding.range.start.line) == ("/app.py", 2)
    assert summary(plan) == "re-run 1 statement · 1 held"
    assert not plan.safe


def test_a_name_that_others_import_is_missed() -> None:
    plan = saving(SHOP, models=MODELS.replace("def double", "def triple"))
    assert codes(plan) == ["RLD209"]
    assert plan.findings[0].path == "/services.py"


def test_a_reexport_and_an_alias_are_seen_through() -> None:
    before = program(
        base="def f():\n    return 1\n",
        between="from base import f as g\n",
        app="import between as b\nA = b.g()\n",
    )
    plan = saving(before, base="def f():\n    return 2\n")
    assert actions(plan) == {"f": "patch", "A": "rerun"}


def test_modules_that_read_each_other_come_to_an_end() -> None:
    before = program(a="import b\nX = 1\nY = b.Z\n", b="import a\nZ = a.X\n")
    plan = saving(before, a="import b\nX = 2\nY = b.Z\n")
    assert actions(plan) == {"X": "run", "Y": "rerun", "Z": "rerun"}


def test_how_many_objects_lack_a_field_only_the_process_knows() -> None:
    text = "class A:\n    def __init__(self):\n        self.x = 1\n{}    def m(self):\n        return self.y\n"
    before = program(app=text.format(""))
    edited = text.format("        self.y = 2\n")
    plan = saving(before, app=edited)
    assert plan.asked.classes == {("app", "A")}
    assert "A objects made before this edit will lack y" in plan.findings[0].message
    two = Facts(True, {("app", "A"): Instances(2)})
    assert "2 live A objects made before" in saving(before, two, app=edited).findings[0].message
    assert codes(saving(before, Facts(True, {("app", "A"): Instances(0)}), app=edited)) == []


def test_a_thread_in_an_edited_loop_never_sees_the_edit() -> None:
    text = "def work():\n    while True:\n        step({})\n"
    before = program(app=text.format(1))
    plan = saving(before, Facts(True, frames={("app", "work"): (Frame("worker-1", 2),)}), app=text.format(2))
    assert codes(plan) == ["RLD402"] and "worker-1" in plan.findings[0].message
    plan = saving(before, Facts(True, frames={("app", "work"): (Frame("worker-1", 0),)}), app=text.format(2))
    assert codes(plan) == ["RLD401"]


def test_a_comment_keeps_a_value_and_another_silences_a_code() -> None:
    held = "A = 1\nprint(A){}\n"
    assert codes(saving(program(app=held.format("")), app=held.format("").replace("1", "2"))) == ["RLD316"]
    quiet = held.format("  # reload: ignore[RLD316]")
    assert codes(saving(program(app=quiet), app=quiet.replace("A = 1", "A = 2"))) == []
    kept = "A = 1  # reload: keep\nB = A\n"
    plan = saving(program(app=kept), app=kept.replace("1", "2"))
    assert (actions(plan), summary(plan)) == ({"A": "keep"}, "keep 1 value")


def test_a_text_that_cannot_be_parsed_has_no_plan() -> None:
    with pytest.raises(SyntaxError):
        saving(SHOP, models="def double(:\n")
