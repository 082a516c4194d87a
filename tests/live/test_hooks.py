"""What modules and classes may do themselves at a reload, with no import of ours."""

from __future__ import annotations

from live_project import Project, only, said

HANDED = """
import threading
lock = threading.Lock()
def __before_reload__():
    return {{"from": {0}}}
def __after_reload__(state):
    global handed
    handed = (state, {0})
"""
MIGRATE = """
class A:
    def __init__(self):
        self.x = 1
{}
    def m(self):
        return self.x, self.y
"""
WITH_HOOK = MIGRATE.format(
    "        self.y = 2\n"
    "    def __reload_instance__(self, old):\n"
    "        self.y = old['x'] * 10\n"
    "        calls.append(self)"
)


def test_the_old_text_hands_over_to_the_new_one(project: Project) -> None:
    app = project.load(HANDED.format(1))
    report = project.save(HANDED.format(2))
    assert app.handed == ({"from": 1}, 2)
    assert said(report) == []


def test_a_new_text_without_an_old_hook_is_handed_nothing(project: Project) -> None:
    app = project.load("X = 1\n")
    project.save("X = 1\ndef __after_reload__(state):\n    global handed\n    handed = state\n")
    assert app.handed is None


def test_hooks_of_modules_that_were_not_edited_are_not_called(project: Project) -> None:
    _, app = project.load(base="A = 1\n", app=HANDED.format(1))
    project.save(base="A = 2\n")
    assert not hasattr(app, "handed")


def test_a_hook_that_fails_takes_the_batch_back(project: Project) -> None:
    app = project.load("A = 1\n")
    report = project.save("A = 2\ndef __after_reload__(state):\n    raise ValueError('not now')\n")
    finding = only(report)
    assert (finding.code, report.outcome, app.A) == ("RLD903", "rolled-back", 1)
    assert "__after_reload__ failed: ValueError: not now" in finding.message
    assert finding.range.start.line == 2


def test_an_old_hook_that_fails_leaves_the_old_text_running(project: Project) -> None:
    text = "A = {}\ndef __before_reload__():\n    raise ValueError\n"
    app = project.load(text.format(1))
    report = project.save(text.format(2))
    assert (said(report), app.A) == (["RLD903"], 1)


def test_live_objects_are_migrated_once_each(project: Project) -> None:
    app = project.load("calls = []\n" + MIGRATE.format(""))
    one, two = app.A(), app.A()
    report = project.save("calls = []\n" + WITH_HOOK)
    assert said(report) == []
    assert (one.m(), two.m()) == ((1, 10), (1, 10))
    assert sorted(map(id, app.calls)) == sorted(map(id, (one, two)))


def test_objects_are_not_migrated_by_edits_of_something_else(project: Project) -> None:
    text = "calls = []\nX = {}\n" + WITH_HOOK
    app = project.load(text.format(1))
    obj = app.A()
    project.save(text.format(2))
    assert (app.calls, obj.y) == ([], 2)


def test_a_migration_that_fails_gives_every_object_its_data_back(project: Project) -> None:
    app = project.load("count = 0\n" + MIGRATE.format(""))
    objects = [app.A() for _ in range(3)]
    bad = (
        "    def __reload_instance__(self, old):\n"
        "        global count\n"
        "        count += 1\n"
        "        self.y = 1\n"
        "        if count == 2: raise ValueError('second')"
    )
    report = project.save("count = 0\n" + MIGRATE.format(bad))
    assert said(report) == ["RLD903"]
    assert [vars(o) for o in objects] == [{"x": 1}] * 3
    assert not hasattr(app.A, "__reload_instance__")
