"""Objects that keep what their class gave them before the edit: said, with their number, at the line that was edited."""

from __future__ import annotations

import pytest
from live_project import Project


def said(project: Project, **after: str) -> list[tuple[str, str, int, int]]:
    """Each finding as (code, severity, 1-based line, objects)."""
    report = project.save(**after)
    assert report.outcome == "applied"
    return [(f.code, f.severity, f.range.start.line + 1, f.count.n if f.count else 0) for f in report.findings]


INIT = "class A:\n    def __init__(self, n):\n        self.n = n\n        self.twice = n * 2\n"
SETUP = (
    "class A:\n    def __init__(self, n):\n        self.set_up(n)\n    def set_up(self, n):\n        self.n = n + 1\n"
)
HELPER = "def tidy(n):\n    return n + 1\n\nclass A:\n    def __init__(self, n):\n        self.n = tidy(n)\n"
INHERITED = "class B:\n    def __init__(self, n):\n        self.n = n + 1\n\nclass A(B):\n    pass\n"
NEW = "class A:\n    def __new__(cls, n):\n        made = object.__new__(cls)\n        made.n = n + 1\n        return made\n"


@pytest.mark.parametrize(
    ("before", "old", "new", "line"),
    [
        (INIT, "n * 2", "n * 3", 2),
        (INIT.replace("n):", "n, by=2):"), "by=2", "by=3", 2),
        (SETUP, "n + 1", "n + 2", 4),
        (HELPER, "n + 1", "n + 2", 1),
        (INHERITED, "n + 1", "n + 2", 2),
        (NEW, "n + 1", "n + 2", 2),
    ],
    ids=["its __init__", "a default of its", "a method that it calls", "a function it uses", "a base's", "its __new__"],
)
def test_an_edited_maker_is_said(project: Project, before: str, old: str, new: str, line: int) -> None:
    app = project.load(app=before)
    objects = [app.A(n) for n in range(3)]
    assert said(project, app=before.replace(old, new)) == [("RLD109", "information", line, len(objects))]
    objects.append(app.A(4))
    assert said(project, app=before) == [("RLD109", "information", line, 1)]  # only the one made meanwhile


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (INIT, INIT.replace("self.n = n\n", "self.n = n\n        print(n)\n")),
        (INIT, INIT.replace("self, n):\n", 'self, n):\n        """Make one."""\n')),
        (INIT, INIT.replace("self.n = n\n", "self.n = n\n        self.unread = 1\n")),
        (
            HELPER.replace("self.n = tidy(n)", "tidy(n)"),
            HELPER.replace("self.n = tidy(n)", "tidy(n)").replace("+ 1", "+ 2"),
        ),
        (INIT + "def f(): return 1\n", INIT + "def f(): return 2\n"),
    ],
    ids=["it only prints", "a docstring", "an attribute nobody reads", "a result nobody uses", "others"],
)
def test_else_it_is_quiet(project: Project, before: str, after: str) -> None:
    app = project.load(app=before)
    objects = [app.A(n) for n in range(3)]
    assert said(project, app=after) == []
    assert len(objects) == 3


def test_a_class_that_migrates_its_objects_is_left_to_it(project: Project) -> None:
    before = INIT + "    def __reload_instance__(self, old):\n        self.twice = self.n * 3\n"
    app = project.load(app=before)
    one = app.A(3)
    assert said(project, app=before.replace("n * 2", "n * 3")) == []
    assert one.twice == 9


def test_objects_that_the_batch_makes_again_are_new(project: Project) -> None:
    before = INIT + "\ndef make():\n    global kept\n    kept = {'all': [A(1), A(2)]}\n\nmake()\n"
    app = project.load(app=before)
    assert said(project, app=before.replace("n * 2", "n * 3")) == []
    assert app.kept["all"][1].twice == 6


DATA = "from dataclasses import dataclass\n\n@dataclass\nclass A:\n    n: int\n    unit: str = 'kg'\n"


def test_objects_that_hold_the_default_of_before(project: Project) -> None:
    app = project.load(app=DATA)
    objects = [app.A(1), app.A(2), app.A(3, "lb")]
    assert said(project, app=DATA.replace("'kg'", "'g'")) == [("RLD108", "information", 6, 2)]
    assert [o.unit for o in objects] == ["kg", "kg", "lb"]


def test_an_equal_default_spelled_otherwise_is_no_other(project: Project) -> None:
    app = project.load(app=DATA)
    objects = [app.A(1)]
    assert said(project, app=DATA.replace("'kg'", '"kg"')) == []
    assert len(objects) == 1


def test_a_class_that_computes_what_it_says_of_its_fields_is_left_alone(project: Project) -> None:
    text = """
    class Fields:
        def __get__(self, value, cls): return {}
    def make(): return 1
    class Thing:
        __dataclass_fields__ = Fields()
        made = staticmethod(make)
    thing = Thing()
    """
    project.load(text)
    assert project.save(text.replace("return 1", "return 2")).findings == ()
