"""Classes made by more than their bodies: dataclasses, enums, named tuples; and what cannot follow."""

from __future__ import annotations

from live_project import Project, endings, only, said


def test_a_dataclass_follows_with_its_generated_methods(project: Project) -> None:
    text = "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n    y: int = {}\n"
    app = project.load(text.format(0))
    cls, old = app.Point, app.Point(1)
    project.save(text.format(5) + "    z: int = 7\n")
    assert app.Point is cls
    assert cls(1) == cls(1, 5, 7)
    assert repr(old) == "Point(x=1, y=0, z=7)"


def test_enum_members_keep_their_identity(project: Project) -> None:
    text = "import enum\nclass Color(enum.Enum):\n    RED = {}\n    GREEN = 2\n"
    app = project.load(text.format(1))
    cls, red, green = app.Color, app.Color.RED, app.Color.GREEN
    project.save(text.format(10) + "    BLUE = 3\n")
    assert app.Color is cls
    assert (cls.RED, cls(2), cls["GREEN"]) == (red, green, green)
    assert red.value == 10 and cls(10) is red
    assert [m.name for m in cls] == ["RED", "GREEN", "BLUE"]
    assert isinstance(cls.BLUE, cls)


def test_a_removed_enum_member_is_gone(project: Project) -> None:
    app = project.load("import enum\nclass Color(enum.Enum):\n    RED = 1\n    GREEN = 2\n")
    project.save("import enum\nclass Color(enum.Enum):\n    GREEN = 2\n")
    assert [m.name for m in app.Color] == ["GREEN"]
    assert not hasattr(app.Color, "RED")


def test_a_named_tuple_gains_a_method(project: Project) -> None:
    text = (
        "from typing import NamedTuple\n"
        "class P(NamedTuple):\n"
        "    x: int\n"
        "    y: int\n"
        "    def total(self):\n"
        "        return {}\n"
    )
    app = project.load(text.format(0))
    old = app.P(1, 2)
    project.save(text.format("self.x + self.y"))
    assert old.total() == 3
    assert isinstance(old, app.P)


def test_single_dispatch_goes_on_with_the_class_it_knows(project: Project) -> None:
    text = (
        "import functools\n"
        "class A:\n"
        "    x = {0}\n"
        "@functools.singledispatch\n"
        "def f(a):\n"
        "    return 'any'\n"
        "@f.register\n"
        "def _(a: A):\n"
        "    return a.x + {0}\n"
    )
    app = project.load(text.format(1))
    obj = app.A()
    project.save(text.format(2))
    assert app.f(obj) == 4
    assert app.f(1) == "any"


# what cannot follow ---------------------------------------------------------------------------------------


def test_changed_slots_are_held_and_said(project: Project) -> None:
    app = project.load("class A:\n    __slots__ = ('x',)\n    def m(self):\n        return 1\n")
    cls, obj = app.A, app.A()
    report = project.save("class A:\n    __slots__ = ('x', 'y')\n    def m(self):\n        return 1\n")
    assert report.outcome == "partial"
    assert said(report) == ["RLD101"]
    assert endings(report) == {"A": "held"}
    assert app.A is cls and obj.m() == 1
    assert only(report).range.start.line == 0


def test_a_body_edit_beside_unchanged_slots_is_patched(project: Project) -> None:
    text = "class A:\n    __slots__ = ('x',)\n    def m(self):\n        return {}\n"
    app = project.load(text.format(1))
    obj = app.A()
    assert said(project.save(text.format(2))) == []
    assert obj.m() == 2
