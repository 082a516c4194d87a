"""Members of a class that stand in another order: fields, members of an Enum, and what is made of their order."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, only, said

Texts = tuple[str, str]

DATA = "from dataclasses import dataclass\n@dataclass\nclass P:\n    {}\n    {}\n"
ENUM = (
    "from enum import Enum, Flag, auto\nclass E({}):\n    {} = {}\n    {} = {}\nALL = [(e.name, e.value) for e in E]\n"
)
CASES: dict[str, Texts] = {
    "fields of a dataclass": (DATA.format("x: int = 1", "y: int = 2"), DATA.format("y: int = 2", "x: int = 1")),
    "members that number themselves": (
        ENUM.format("Enum", "A", "auto()", "B", "auto()"),
        ENUM.format("Enum", "B", "auto()", "A", "auto()"),
    ),
    "members of a flag": (
        ENUM.format("Flag", "A", "auto()", "B", "auto()"),
        ENUM.format("Flag", "B", "auto()", "A", "auto()"),
    ),
    "members that spell their values": (ENUM.format("Enum", "A", 1, "B", 2), ENUM.format("Enum", "B", 2, "A", 1)),
    "a member and another name of it": (ENUM.format("Enum", "A", 1, "B", 1), ENUM.format("Enum", "B", 1, "A", 1)),
    "fields of a NamedTuple": (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int\np = P(1, 2)\nX = p.x\n",
        "from typing import NamedTuple\nclass P(NamedTuple):\n    y: int\n    x: int\np = P(1, 2)\nX = p.x\n",
    ),
    "attributes that somebody lists": (
        "class P:\n    x = 1\n    y = 2\nALL = [n for n in vars(P) if n[0] != '_']\n",
        "class P:\n    y = 2\n    x = 1\nALL = [n for n in vars(P) if n[0] != '_']\n",
    ),
    "attributes of which one reads the other": (
        "class P:\n    x = 1\n    y = x\n    x = 2\n",
        "class P:\n    x = 1\n    x = 2\n    y = x\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_they_stand_as_in_a_fresh_start(project: Project, before: str, after: str) -> None:
    project.load(before)
    for text in (after, before, after):
        assert said(project.save(text)) == []
        assert differences(project) == []


def test_keys_of_a_typed_dict(project: Project) -> None:
    text = (
        "from typing import TypedDict\nclass P(TypedDict):\n    {}: int\n    {}: int\nKEYS = list(P.__annotations__)\n"
    )
    app = project.load(text.format("x", "y"))
    assert said(project.save(text.format("y", "x"))) == []
    assert app.KEYS == ["y", "x"]


def test_members_of_an_enum_stay_the_same_objects(project: Project) -> None:
    app = project.load(ENUM.format("Enum", "A", "auto()", "B", "auto()"))
    a, b = app.E.A, app.E.B
    project.save(ENUM.format("Enum", "B", "auto()", "A", "auto()"))
    assert (app.E.A is a, app.E.B is b, a.value, b.value) == (True, True, 2, 1)
    assert app.E(1) is b


def test_state_in_class_attributes_stays_when_they_are_moved(project: Project) -> None:
    app = project.load("class P:\n    count = 0\n    table = {}\n")
    app.P.count, app.P.table["a"] = 5, 1
    assert said(project.save("class P:\n    table = {}\n    count = 0\n")) == []
    assert (app.P.count, app.P.table) == (5, {"a": 1})


def test_objects_that_were_given_their_fields_by_place_are_said(project: Project) -> None:
    before, after = CASES["fields of a dataclass"]
    app = project.load(before)
    made = [app.P(5), app.P(6)]
    finding = only(project.save(after))
    assert (finding.code, finding.count and finding.count.n) == ("RLD109", len(made))
    assert app.P(7) == app.P(y=7, x=1)


def test_a_statement_that_gives_fields_by_place_is_held(project: Project) -> None:
    before, after = CASES["fields of a dataclass"]
    app = project.load(before + "p = P(5)\nq = P(x=5)\n")
    finding = only(project.save(after + "p = P(5)\nq = P(x=5)\n"))
    assert (finding.code, finding.range.start.line, app.p.x) == ("RLD316", 5, 5)


def test_a_field_more_at_the_end_takes_no_place_of_another(project: Project) -> None:
    before, _ = CASES["fields of a dataclass"]
    app = project.load(before + "p = P(5)\n")
    assert said(project.save(before + "    z: int = 3\np = P(5)\n")) == []
    assert app.p.z == 3


def test_flags_are_turned_over_among_the_members_of_now(project: Project) -> None:
    text = "from enum import Flag, auto\nclass F(Flag):\n    A = auto()\n    B = auto()\n{}"
    app = project.load(text.format("    C = auto()\n"))
    assert ~app.F.A == app.F.B | app.F.C
    project.save(text.format(""))
    assert ~app.F.A is app.F.B


def test_a_class_with_several_names_in_a_registry_keeps_their_order(project: Project) -> None:
    text = (
        "MAP = {}\n"
        "class Base:\n"
        "    names = ()\n"
        "    def __init_subclass__(cls):\n"
        "        for name in cls.names:\n"
        "            MAP[name] = cls\n"
        'class A(Base): names = ["a", "a-a"]\n'
        "%s"
        'class C(Base): names = ["c", "c-c"]\n'
    )
    app = project.load(text % "")
    project.save(text % 'class B(Base): names = ["b", "b-b"]\n')
    assert [*app.MAP] == ["a", "a-a", "b", "b-b", "c", "c-c"]
