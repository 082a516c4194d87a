"""Several edits one after the other: after each the program is as a fresh one, whatever was saved, failed or undone before."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

SUBCLASSES = "class B: pass\nclass X(B): pass\n{}ALL = [c.__name__ for c in B.__subclasses__()]\n"
ITEMS = "R = {{}}\nR['a'] = 1\n{}R['c'] = 3\n"

SEQUENCES = {
    "a class that comes, goes and comes": (SUBCLASSES, "class Y(B): pass\n"),
    "an item that comes, goes and comes": (ITEMS, "R['b'] = 2\n"),
}


@pytest.mark.parametrize(("text", "line"), SEQUENCES.values(), ids=[name.replace(" ", "-") for name in SEQUENCES])
def test_added_removed_and_added_again(project: Project, text: str, line: str) -> None:
    project.load(text.format(""))
    for more in (line, "", line, ""):
        assert said(project.save(text.format(more))) == []
        assert differences(project) == []


@pytest.mark.parametrize(("text", "line"), SEQUENCES.values(), ids=[name.replace(" ", "-") for name in SEQUENCES])
def test_after_a_save_that_failed_half_way(project: Project, text: str, line: str) -> None:
    project.load(text.format(""))
    assert said(project.save(text.format(line) + "raise ValueError\n")) == ["RLD901"]
    assert said(project.save(text.format(line))) == []
    assert differences(project) == []
