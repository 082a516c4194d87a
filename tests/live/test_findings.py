"""Every code of the catalogue that a reload of plain modules can give: when it is said, and when it is not.

Threads, generators and tasks are in test_frames, effects in test_effects_held, files that go in test_modules,
failures in test_failures, hooks in test_hooks.
"""

from __future__ import annotations

import gc
import os
import sys
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from live_project import Project, endings, only, said

from reload_lsp.findings.catalogue import CATALOGUE
from reload_lsp.findings.values import Count, Report


class Case(NamedTuple):
    """`before` becomes `loud`, which is said, or `quiet`, which is not; `live` is made in it and held."""

    code: str
    before: str
    loud: str
    quiet: str
    live: str = "None"


ENUM = "import enum\nclass E(enum.IntEnum):\n    A = {}\n    B = 2\n"
TUPLE = "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n{}"
META = "class Meta(type):\n    pass\nclass A{}:\n    x = {}\n"
INIT = "class A:\n    def __init__(self):\n        self.x = 1\n{}    def m(self):\n        return self.x, self.y\n"
FIELDS = "from dataclasses import dataclass, field\n@dataclass\nclass D:\n    x: int\n{}"
CLOSURE = "def make():\n    a = b = 1\n    def inner():\n        return a{}\n    return inner\n"
ABSTRACT = "from abc import ABC, abstractmethod\nclass A(ABC):\n    def f(self): return 1\n{}class B(A):\n    x = 1\n{}"
CACHE = "import functools\n@functools.cache\ndef f(x):\n    return x{}\n"
SUBCLASS = "class Base:\n    pass\n{}X = 1\n"

CASES = [
    Case(
        "RLD101",
        "class A:\n    __slots__ = ('x',)\n",
        "class A:\n    __slots__ = ('x', 'y')\n",
        "class A:\n    __slots__ = ('x',)\n    z = 1\n",
        "A()",
    ),
    Case(
        "RLD101",
        "class A:\n    x = 1\n",
        "class A:\n    __slots__ = ()\n    x = 1\n",
        "class A:\n    x = 2\n",
        "A()",
    ),
    Case(
        "RLD102",
        "class A(Exception):\n    pass\n",
        "class A(dict):\n    pass\n",
        "class A(ValueError):\n    pass\n",
        "A()",
    ),
    Case("RLD104", META.format("", 1), META.format("(metaclass=Meta)", 1), META.format("", 2), "A()"),
    Case(
        "RLD106",
        INIT.format(""),
        INIT.format("        self.y = 2\n"),
        INIT.format("").replace("self.x, self.y", "self.x"),
        "A()",
    ),
    Case("RLD109", INIT.format(""), INIT.format("").replace("= 1", "= 2"), INIT.format("        print(1)\n"), "A()"),
    Case(
        "RLD106",
        FIELDS.format(""),
        FIELDS.format("    y: list = field(default_factory=list)\n"),
        FIELDS.format("    y: int = 0\n"),
        "D(1)",
    ),
    Case(
        "RLD108",
        FIELDS.format("    y: int = 0\n"),
        FIELDS.format("    y: int = 1\n"),
        FIELDS.format("    y: float = 0\n"),
        "D(1)",
    ),
    Case("RLD110", ENUM.format(1), ENUM.format(10), ENUM.format(1) + "    C = 3\n", "E.A"),
    Case(
        "RLD112",
        TUPLE.format(""),
        TUPLE.format("    y: int\n"),
        TUPLE.format("    def m(self): return 1\n"),
        "P(1)",
    ),
    Case(
        "RLD114",
        ABSTRACT.format("", ""),
        ABSTRACT.format("    @abstractmethod\n    def more(self): ...\n", ""),
        ABSTRACT.format("    @abstractmethod\n    def more(self): ...\n", "    def more(self): return 2\n"),
        "B()",
    ),
    Case("RLD203", CLOSURE.format(""), CLOSURE.format(" + b"), CLOSURE.format(" + a"), "make()"),
    Case(
        "RLD206",
        SUBCLASS.format("class A(Base):\n    pass\n"),
        SUBCLASS.format(""),
        SUBCLASS.format("class A(Base):\n    y = 1\n"),
        "A()",
    ),
    Case("RLD601", CACHE.format(""), CACHE.format(" + 1"), "\n" + CACHE.format(""), "f(1)"),
]
IDS = [f"{c.code}-{i}" for i, c in enumerate(CASES)]


def saved(project: Project, case: Case, text: str) -> tuple[Report, Any]:
    """The report of an edit made while the program holds something of the old text."""
    app = project.load(case.before)
    held = eval(case.live, app.__dict__)
    return project.save(text), held


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_it_is_said_with_the_place_the_verdict_and_the_way_out(project: Project, case: Case) -> None:
    report, _ = saved(project, case, case.loud)
    finding = only(report)
    assert finding.code == case.code
    assert (finding.verdict, finding.path) == (CATALOGUE[case.code].verdict, str(project.path()))
    assert finding.range.start.line <= finding.range.end.line < case.loud.count("\n")
    assert finding.message.endswith(".")
    assert report.outcome == ("partial" if finding.verdict == "held" else "applied")


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_it_is_not_said_for_an_edit_that_can_follow(project: Project, case: Case) -> None:
    report, _ = saved(project, case, case.quiet)
    assert said(report) == []
    assert report.outcome == "applied"


WITH_OBJECTS = ("RLD101", "RLD102", "RLD104", "RLD106", "RLD108", "RLD109", "RLD112", "RLD114", "RLD206", "RLD203")


@pytest.mark.parametrize("case", [c for c in CASES if c.code in WITH_OBJECTS])
def test_it_is_not_said_where_nothing_live_is_concerned(project: Project, case: Case) -> None:
    project.load(case.before)
    assert said(project.save(case.loud)) == []


@pytest.mark.parametrize("case", [c for c in CASES if CATALOGUE[c.code].verdict == "held"])
def test_a_class_that_cannot_follow_stays_whole(project: Project, case: Case) -> None:
    app = project.load(case.before)
    [cls] = [v for v in vars(app).values() if isinstance(v, type) and v.__module__ == "app" and v.__name__ != "Meta"]
    before = dict(vars(cls))
    held = eval(case.live, vars(app))
    report = project.save(case.loud)
    assert getattr(app, cls.__name__) is cls and isinstance(held, cls)
    assert dict(vars(cls)) == before
    assert endings(report)[cls.__name__] == "held"


def test_a_class_without_objects_is_replaced_wherever_it_is_held(project: Project) -> None:
    text = "class A:\n    __slots__ = ({})\nclass B(A): pass\nknown = {{A: 'a'}}\nlater = []\n"
    app, user = project.load(
        app=text.format("'x',"), user="from app import A\nclass C(A): pass\ndef f(a=A): return a\n"
    )
    app.later.append(app.A)
    report = project.save(app=text.format("'x', 'y'"))
    assert said(report) == []
    assert app.A.__slots__ == ("x", "y")
    assert app.B.__bases__ == user.C.__bases__ == (app.A,)
    assert (user.A, user.f(), app.later, app.known) == (app.A, app.A, [app.A], {app.A: "a"})


def test_objects_that_modules_make_again_follow_a_replaced_class(project: Project) -> None:
    text = "class A:\n    __slots__ = ({})\n    def __init__(self): self.x = 1\nEMPTY = A()\n"
    app, user = project.load(app=text.format("'x',"), user="from app import EMPTY\n")
    assert said(project.save(app=text.format("'x', 'y'"))) == []
    assert type(app.EMPTY) is app.A and user.EMPTY is app.EMPTY


def test_objects_that_the_program_holds_too_keep_their_class(project: Project) -> None:
    text = "class A:\n    __slots__ = ({})\n    def __init__(self): self.x = 1\nEMPTY = A()\n"
    app = project.load(text.format("'x',"))
    held = [app.EMPTY]
    assert only(project.save(text.format("'x', 'y'"))).count == Count(1)
    assert type(held[0]) is app.A


def test_what_was_held_is_said_again_until_it_can_follow(project: Project) -> None:
    text = "class A:\n    __slots__ = ({})\n    def m(self):\n        return {}\n"
    app = project.load(text.format("'x',", 1))
    obj = app.A()
    assert said(project.save(text.format("'x', 'y'", 1))) == ["RLD101"]
    assert said(project.save(text.format("'x',", 2))) == []
    assert obj.m() == 2


def test_live_objects_are_counted(project: Project) -> None:
    app = project.load(INIT.format(""))
    held = [app.A() for _ in range(3)]
    report = project.save(INIT.format("        self.y = 2\n"))
    finding = only(report)
    assert finding.count is not None and finding.count.n == len(held)
    assert finding.message.startswith("3 live A objects ")
    assert finding.range.start.line == 3
    assert finding.data["fields"] == ["y"]


def test_objects_that_a_server_has_frozen_are_counted_too(project: Project) -> None:
    app = project.load(INIT.format(""))
    held = [app.A()]
    gc.freeze()
    held.append(app.A())
    finding = only(project.save(INIT.format("        self.y = 2\n")))
    assert finding.count == Count(2, exact=True)


def test_objects_that_have_the_new_attribute_already_are_not_counted(project: Project) -> None:
    app = project.load(INIT.format(""))
    obj = app.A()
    obj.y = 5
    assert said(project.save(INIT.format("        self.y = 2\n"))) == []


def test_an_attribute_that_the_class_has_too_is_missed_by_nobody(project: Project) -> None:
    app = project.load(INIT.format(""))
    obj = app.A()
    report = project.save(INIT.format("        self.y = 2\n") + "    y = 0\n")
    assert (said(report), obj.m()) == ([], (1, 0))


def test_a_failure_says_which_class_could_not_follow(project: Project) -> None:
    app = project.load("class A:\n    __slots__ = ('x',)\na = A()\n")
    held = [app.a]
    report = project.save("class A:\n    __slots__ = ('x', 'y')\na = A()\na.y = 1\n")
    assert (said(report), held) == (["RLD101", "RLD901"], [app.a])


def test_what_cannot_be_put_back_is_named(project: Project) -> None:
    meta = (
        "class Meta(type):\n"
        "    def __setattr__(cls, name, value):\n"
        "        if value == 'stuck':\n"
        "            raise ValueError('no way back')\n"
        "        type.__setattr__(cls, name, value)\n"
    )
    text = meta + "class A(metaclass=Meta):\n    x = {!r}\n"
    app = project.load(text.format("stuck"))
    report = project.save(text.format("free") + "1 / 0\n")
    assert said(report) == ["RLD901", "RLD902"]
    assert "no way back" in report.findings[1].message
    assert app.A.x == "free"


# the script -----------------------------------------------------------------------------------------------


@pytest.fixture
def script(project: Project, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A program that runs as `__main__`."""
    project.write(SCRIPT.format(1, 1), helper="")
    os.utime(project.path(), (0, 0))  # written before this process began, as scripts are
    main = ModuleType("__main__")
    main.__file__ = str(project.path())
    monkeypatch.setitem(sys.modules, "__main__", main)
    exec(compile(project.path().read_text(), main.__file__, "exec", dont_inherit=True), main.__dict__)
    return main


SCRIPT = "import helper\nran = []\ndef f():\n    return {}\nif __name__ == '__main__':\n    ran.append({})\n"


def test_the_main_guard_of_the_script_does_not_run_again_and_says_so(project: Project, script: Any) -> None:
    report = project.save(SCRIPT.format(1, 2))
    finding = only(report)
    assert (finding.code, finding.severity, finding.range.start.line) == ("RLD315", "information", 4)
    assert script.ran == [1]


def test_the_rest_of_the_script_is_reloaded_without_a_word(project: Project, script: Any) -> None:
    held = script.f
    report = project.save(SCRIPT.format(2, 1))
    assert (said(report), held(), script.ran) == ([], 2, [1])


def test_objects_that_lack_something_are_said_again_with_the_next_edit_of_the_file(project: Project) -> None:
    before = "class K:\n    def __init__(self):\n        self.x = 1\n"
    after = before + "        self.y = 2\n    def m(self):\n        return self.y\n"
    app = project.load(before)
    held = [app.K(), app.K()]
    assert said(project.save(after)) == ["RLD106"]
    report = project.save("N = 1\n\n" + after)
    assert (only(report).code, only(report).range.start.line) == ("RLD106", 5)
    held.pop().y = 0
    assert "1 live K object lacks y" in only(project.save("N = 2\n\n" + after)).message
    held.clear()
    assert said(project.save("N = 3\n\n" + after)) == []
    assert project.engine.modules.lacking == {}


def test_an_attribute_that_objects_lack_is_said_when_something_comes_to_read_it(project: Project) -> None:
    new = "new" + "comer"  # the text of this file is looked at too
    before = "class K:\n    def __init__(self):\n        self.x = 1\n"
    held = project.load(before).K()
    given = before + f"        self.{new} = 2\n"
    assert said(project.save(given)) == []
    assert said(project.save(given + f"    def m(self):\n        return self.{new}\n")) == ["RLD106"]
    assert not hasattr(held, new)


def test_an_attribute_that_objects_lack_is_said_when_another_file_comes_to_read_it(project: Project) -> None:
    new = "new" + "comer"
    before = "class K:\n    def __init__(self):\n        self.x = 1\n"
    app, _ = project.load(app=before, other="def show(k):\n    return k.x\n")
    held = app.K()
    assert said(project.save(app=before + f"        self.{new} = 2\n")) == []
    report = project.save(other=f"def show(k):\n    return k.{new}\n")
    assert (only(report).code, only(report).path) == ("RLD106", app.__file__)
    assert not hasattr(held, new)
