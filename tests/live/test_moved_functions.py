"""Functions that move to another module, members that are made of nested classes, and functions that make fields."""

from __future__ import annotations

from live_fresh import differences
from live_project import Project, only, said


def test_who_holds_a_function_that_moved_calls_it_where_it_is_now(project: Project) -> None:
    both = "def f(): return h()\ndef h(): return {}\n"
    m, _, app = project.load(m=both.format(1), n="", app="from m import f\n")
    held = app.f
    assert said(project.save(m="from n import f\n", n=both.format(2))) == []
    assert (held(), app.f(), m.f()) == (2, 2, 2)
    assert differences(project) == []
    assert said(project.save(m=both.format(3))) == []
    assert (held(), app.f()) == (3, 3)


def test_a_function_that_is_still_defined_under_its_name_stays_its_own(project: Project) -> None:
    m, _ = project.load(m="def f(): return 1\ng = f\n", n="def f(): return 2\n")
    held = m.g
    assert said(project.save(m="def f(): return 1\nfrom n import f as g\n")) == []
    assert (held(), m.f(), m.g()) == (1, 1, 2)


def test_members_are_made_of_what_a_nested_class_has_now(project: Project) -> None:
    text = "class O:\n    class I:\n        x = {}\n    y = I.x + 1\n"
    app = project.load(text.format(1))
    held = app.O.I()
    for value in (10, 1, 20):
        assert said(project.save(text.format(value))) == []
        assert (app.O.y, held.x) == (value + 1, value)


def test_objects_whose_field_an_edited_factory_made_are_said(project: Project) -> None:
    text = (
        "from dataclasses import dataclass, field\ndef items(): return [{}]\n@dataclass\nclass D:\n"
        "    x: list = field(default_factory=items)\nd = D()\n"
    )
    app = project.load(text.format(1))
    finding = only(project.save(text.format(2)))
    assert (finding.code, finding.count and finding.count.n, app.D().x) == ("RLD109", 1, [2])
