"""Members that an edit takes out of an Enum while the program holds them."""

from __future__ import annotations

import pytest
from live_project import Project, only, said

LEVEL = "from enum import Enum, Flag, IntEnum\nclass Level({}):\n    LOW = 1\n    HIGH = 2\n"
KINDS = ["Enum", "IntEnum", "Flag"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_them_is_counted_and_said(project: Project, kind: str) -> None:
    text = LEVEL.format(kind)
    app = project.load(text)
    held = [app.Level.HIGH, app.Level.HIGH]
    finding = only(project.save(text.replace("    HIGH = 2\n", "")))
    assert (finding.code, finding.severity, finding.range.start.line) == ("RLD110", "warning", 1)
    assert finding.count is not None and finding.count.n == len(held)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_said_where_nobody_does(project: Project, kind: str) -> None:
    text = LEVEL.format(kind)
    project.load(text + "TABLE = {Level.HIGH: 1}\ndef f(level=Level.HIGH): return level\n")
    left = text.replace("    HIGH = 2\n", "")
    assert said(project.save(left + "TABLE = {Level.LOW: 1}\ndef f(level=Level.LOW): return level\n")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_comes_back_is_the_one_that_was(project: Project, kind: str) -> None:
    text = LEVEL.format(kind)
    app = project.load(text)
    held = app.Level.HIGH
    project.save(text.replace("    HIGH = 2\n", ""))
    assert said(project.save(text)) == []
    assert held is app.Level.HIGH is app.Level(2)


def test_members_of_a_flag_that_were_composed_stay(project: Project) -> None:
    text = LEVEL.format("Flag")
    app = project.load(text)
    both = app.Level.LOW | app.Level.HIGH
    assert said(project.save(text + "    MAX = 4\n")) == []
    assert both is app.Level.LOW | app.Level.HIGH


def test_a_batch_that_fails_takes_no_member_away(project: Project) -> None:
    text = LEVEL.format("Enum")
    app = project.load(text)
    held = app.Level.HIGH
    assert said(project.save(text.replace("    HIGH = 2\n", "") + "1 / 0\n")) == ["RLD901"]
    assert app.Level.HIGH is held
