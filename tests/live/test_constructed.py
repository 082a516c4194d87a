"""Objects that were made with another default of a field."""

from __future__ import annotations

import pytest
from live_project import Project, endings, only, said

TEXT = """
from dataclasses import dataclass
from functools import lru_cache
@dataclass
class Settings:
    size: int = 1
    name: str = "a"
    def twice(self):
        return self.size * 2
settings = Settings({})
"""


@pytest.mark.parametrize(
    ("arguments", "codes"), [("", ["RLD316"]), ("size=3", []), ("name='b'", ["RLD316"]), ("3", [])]
)
def test_an_object_made_at_import(project: Project, arguments: str, codes: list[str]) -> None:
    text = TEXT.format(arguments)
    project.load(text)
    assert said(project.save(text.replace("size: int = 1", "size: int = 2"))) == codes


def test_it_is_said_on_the_line_that_made_it_also_in_another_module(project: Project) -> None:
    text, use = TEXT.format(""), "from app import Settings as Conf\nmine = Conf()\n"
    project.load(text, use=use)
    report = project.save(text.replace("size: int = 1", "size: int = 2"))
    assert sorted((f.path.rpartition("/")[2], f.range.start.line) for f in report.findings) == [
        ("app.py", 9),
        ("use.py", 1),
    ]


def test_a_method_of_the_class_is_no_default(project: Project) -> None:
    project.load(TEXT.format(""))
    assert said(project.save(TEXT.format("").replace("* 2", "* 3"))) == []


def test_a_cached_factory_makes_it_again(project: Project) -> None:
    text = TEXT.partition("settings")[0] + "@lru_cache\ndef settings():\n    return Settings()\n"
    app = project.load(text)
    assert app.settings().size == 1
    report = project.save(text.replace("size: int = 1", "size: int = 2"))
    assert (only(report).code, app.settings().size) == ("RLD601", 2)
    assert endings(report)["Settings"] == "ran"
