"""What caches hold of code that was edited."""

from __future__ import annotations

from typing import Any

import pytest
from live_project import Project, only, said

from reload_lsp.live.requests import Place, ReloadError

CLASS = """from functools import cached_property


class A:
    @cached_property
    def value(self):
        return VALUE

    def other(self):
        return 1
"""


def load(project: Project, value: str) -> Any:
    return project.load(CLASS.replace("VALUE", value))


def test_plain_values_of_an_edited_cached_property_are_dropped(project: Project) -> None:
    app = load(project, "[1]")
    class_ = app.A
    used, unused = class_(), class_()
    assert used.value == [1]
    report = project.save(CLASS.replace("VALUE", "[2]"))
    assert (used.value, unused.value) == ([2], [2])
    finding = only(report)
    assert (finding.code, finding.count and finding.count.n, finding.severity) == ("RLD601", 1, "information")


def test_values_that_are_not_plain_stay_until_they_are_cleared(project: Project) -> None:
    app = load(project, "object()")
    used = app.A()
    before = used.value
    finding = only(project.save(CLASS.replace("VALUE", "print")))
    assert (finding.code, finding.verdict, finding.range.start.line) == ("RLD601", "stale", 4)
    assert used.value is before
    report = project.engine.clear_caches([Place(str(project.path()), finding.range.start.line)])
    assert (report.outcome, used.value) == ("applied", print)


def test_an_edit_beside_it_keeps_what_is_cached(project: Project) -> None:
    app = load(project, "[1]")
    used = app.A()
    before = used.value
    assert said(project.save(CLASS.replace("VALUE", "[1]").replace("return 1", "return 2"))) == []
    assert used.value is before


def test_lru_caches_are_cleared_by_command_too(project: Project) -> None:
    app = project.load(
        "import functools\n\ncalls = []\n\n\n@functools.lru_cache\ndef f(n):\n    calls.append(n)\n    return n\n"
    )
    app.f(1), app.f(1)
    project.engine.clear_caches([Place(str(project.path()), 6)])
    app.f(1)
    assert app.calls == [1, 1]
    with pytest.raises(ReloadError, match="no cache with anything in it on line 3"):
        project.engine.clear_caches([Place(str(project.path()), 2)])


RECURSIVE = "@lru_cache\ndef f(n):\n    return N if n < 2 else f(n - 1) + f(n - 2)\nMADE = f(10)\n"
NESTED = (
    "def inner(n):\n    return n * N\n@lru_cache\ndef f(n):\n    return inner(n)\nMADE = [f(f(i)) for i in range(3)]\n"
)
METHOD = "class C:\n    @lru_cache\n    def f(self, n):\n        return n * 2\nc = C()\nMADE = c.f(10)\n"


@pytest.mark.parametrize(
    ("text", "old", "new", "made"),
    [
        (RECURSIVE, "N = 1", "N = 2", 178),
        (RECURSIVE, "return N if", "return N + 1 if", 178),
        (NESTED, "N = 1", "N = 2", [0, 4, 8]),
        (NESTED, "n * N", "n * N + 1", [2, 3, 4]),
        (METHOD, "n * 2", "n * 3", 30),
    ],
)
def test_what_is_made_again_of_a_cached_function_is_made_by_the_new_code(
    project: Project, text: str, old: str, new: str, made: object
) -> None:
    text = "from functools import lru_cache\nN = 1\n" + text
    app = project.load(text)
    report = project.save(text.replace(old, new))
    assert made == app.MADE
    assert set(said(report)) == {"RLD601"}


def test_the_one_object_that_a_cached_function_made_is_kept_and_said(project: Project) -> None:
    text = "from functools import cache\nclass S:\n    pass\n@cache\ndef get():\n    return S()\nHELD = get()\n"
    app = project.load(text)
    before = app.HELD
    report = project.save(text.replace("    return S()", "    made = S()\n    made.x = 1\n    return made"))
    assert app.HELD is before
    assert sorted(said(report)) == ["RLD316", "RLD601"]


@pytest.mark.parametrize("asked", ["", "f(10)\n"], ids=["empty before", "filled before"])
def test_a_batch_that_fails_leaves_nothing_in_caches_that_its_new_code_computed(project: Project, asked: str) -> None:
    text = f"from functools import lru_cache\nN = 1\n@lru_cache\ndef f(n):\n    return n * N\n{asked}LAST = 1\n"
    app = project.load(text)
    report = project.save(text.replace("N = 1", "N = 2").replace("LAST = 1", "LAST = f(10) / 0"))
    assert (report.outcome, app.N, app.f(10)) == ("rolled-back", 1, 10)


KINDS = ["@lru_cache\n    def", "@cached_property\n    def"]
FAMILIES = [
    "class C:\n    {} total(self): return self.part() + 1\n    def part(self): return N\nc = C()\n",
    "class B:\n    {} total(self): return self.part() + 1\nclass C(B):\n    def part(self): return N\nc = C()\n",
    "class B:\n    def part(self): return N\nclass C(B):\n    {} total(self): return self.part() + 1\nc = C()\n",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_method_keeps_goes_with_an_edit_of_one_that_it_calls(project: Project, family: str, kind: str) -> None:
    asked = "c.total()" if "lru" in kind else "c.total"
    text = f"from functools import cached_property, lru_cache\n{family.format(kind)}MADE = {asked}\n"
    app = project.load(text.replace("N", "1"))
    assert app.MADE == 2
    assert said(project.save(text.replace("N", "10"))) == ["RLD601"]
    assert (app.MADE, eval(asked, app.__dict__)) == (11, 11)


def test_what_a_field_of_a_library_gave_way_to_is_data_and_stays(project: Project) -> None:
    text = """
    class Field:
        def __init__(self, check): self.check = check
        def __get__(self, instance, owner=None): return "not loaded"
    class Item:
        name = Field(lambda value: {})
        def __init__(self): self.__dict__["name"] = "a"
        def label(self): return {} + self.name
    item = Item()
    """
    app = project.load(text.format(1, "'m1 '"))
    project.save(text.format(2, "'m2 '"))
    assert app.item.label() == "m2 a"
