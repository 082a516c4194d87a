"""Edited calls of libraries that add to what they added before; what sets something is no matter."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator

import pytest
from live_project import Project, said

TYPE = "import mimetypes\nmimetypes.add_type('x/{}', '.{}')\n"


@pytest.fixture(autouse=True)
def _types() -> Iterator[None]:
    mimetypes.init()
    before = dict(mimetypes.types_map)
    yield
    mimetypes.types_map.clear()
    mimetypes.types_map.update(before)


def test_what_a_call_added_before_is_said_and_said_again_when_it_is_taken_back(project: Project) -> None:
    project.load(TYPE.format("one", "one"))
    for name in ("two", "one"):
        report = project.save(TYPE.format(name, name))
        assert (said(report), "beside it" in report.findings[0].message) == (["RLD307"], True)
    assert {".one", ".two"} <= mimetypes.types_map.keys()


def test_what_it_sets_is_no_matter(project: Project) -> None:
    text = "import mimetypes\nmimetypes.types_map.update({{'.one': 'x/{}'}})\n"
    project.load(text.format("one"))
    assert said(project.save(text.format("other"))) == []
    assert mimetypes.types_map[".one"] == "x/other"
