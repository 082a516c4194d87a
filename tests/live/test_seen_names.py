"""Statements that list the names of their module, run again where more names stand below them."""

from __future__ import annotations

import pytest
from live_project import Project, only, said

LISTS = ["[n for n in sorted(globals()) if n.islower()] * K", "sorted(vars())[:99] * K", "names() * K"]
NAMES = "def names(): return [n for n in globals() if n.islower()]\n"


@pytest.mark.parametrize("listing", LISTS[:2])
def test_names_of_later_lines_and_its_own_are_not_seen(project: Project, listing: str) -> None:
    text = "K = {}\n" + NAMES + f"FOUND = {listing}\nlater = 1\n"
    app = project.load(text.format(1))
    assert said(project.save(text.format(2))) == []
    assert "names" in app.FOUND
    assert not {"later", "FOUND"} & {*app.FOUND}


def test_what_a_function_sees_of_names_of_later_lines_is_said(project: Project) -> None:
    text = "K = {}\n" + NAMES + "FOUND = names() * K\nlater = 1\n"
    app = project.load(text.format(1))
    assert "later" not in app.FOUND
    finding = only(project.save(text.format(2)))
    assert (finding.code, finding.range.start.line) == ("RLD311", 2)
    assert "later" in finding.message


@pytest.mark.parametrize("listing", LISTS)
def test_at_the_end_of_its_module_all_is_well(project: Project, listing: str) -> None:
    text = "K = {}\n" + NAMES + f"before = 1\nFOUND = {listing}\n"
    app = project.load(text.format(1))
    assert said(project.save(text.format(2))) == []
    assert app.FOUND.count("before") == 2
