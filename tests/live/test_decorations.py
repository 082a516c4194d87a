"""What decorators put on classes and functions goes with them."""

from __future__ import annotations

from typing import Any

import pytest
from live_project import Project, said

MARKS = """
    def tagged(thing):
        thing.OF_THE_TAGGED = "t"
        return thing
    def noted(thing):
        thing.OF_THE_NOTED = 2
        return thing
""".lower()  # this module belongs to the program, too, and sets no such attributes
USE = """
    from marks import *
    @tagged
    class Box:
        size = 1
        @tagged
        def open(self):
            return 1
        @staticmethod
        @tagged
        def make():
            return 2
    @tagged
    def use():
        return 3
    Box.other = use.other = "of the program"
"""
Marks = list[tuple[Any, Any]]


def marks(use: Any) -> Marks:
    things = use.Box, use.Box.open, use.Box.make, use.use
    return [(getattr(thing, "of_the_tagged", None), getattr(thing, "of_the_noted", None)) for thing in things]


@pytest.mark.parametrize(
    ("decorator", "given"),
    [("", (None, None)), ("@noted", (None, 2)), ("@noted\nINDENT@tagged", ("t", 2))],
)
def test_a_decorator_that_is_gone_leaves_nothing(project: Project, decorator: str, given: tuple[Any, Any]) -> None:
    _, use = project.load(marks=MARKS, use=USE)
    lines = [
        line.replace("@tagged", decorator).replace("INDENT", line[: len(line) - len(line.lstrip())])
        for line in USE.splitlines()
        if given != (None, None) or "@tagged" not in line
    ]
    assert said(project.save(use="\n".join(lines))) == []
    assert marks(use) == [given] * 4
    assert (use.Box.other, use.use.other) == ("of the program",) * 2
    assert said(project.save(use=USE)) == []
    assert marks(use) == [("t", None)] * 4


def test_what_the_program_has_set_by_its_name_stays(project: Project) -> None:
    text = """
        def counted(cls):
            cls.count = 0
            return cls
        @counted
        class Box:
            def open(self):
                Box.count += 1
    """
    app = project.load(text)
    app.Box().open()
    assert said(project.save(text.replace("@counted\n        class", "class"))) == []
    assert app.Box.count == 1
