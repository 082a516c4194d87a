"""What takes part in making something (decorators, hooks, nested functions) is edited: what it made follows."""

from __future__ import annotations

import pytest
from live_project import Project, endings, said

DECORATOR = """\
def deco(cls):
    class W(cls):
        extra = {}
    W.__name__ = cls.__name__
    return W
@deco
class A:
    pass
"""
HOOK = """\
class Field:
    def __set_name__(self, owner, name):
        self.name = {}
class A:
    x = Field()
"""
REGISTRY = """\
MADE = []
class Meta(type):
    def __new__(meta, name, bases, ns):
        MADE.append(name)
        return super().__new__(meta, name, bases, ns)
class A(metaclass=Meta):
    x = {}
"""


def test_a_class_that_an_edited_decorator_made_follows(project: Project) -> None:
    app = project.load(DECORATOR.format(1))
    one = app.A()
    assert said(project.save(DECORATOR.format(2))) == []
    assert (one.extra, app.A.extra, type(one)) == (2, 2, app.A)


def test_members_are_named_again_by_an_edited_hook(project: Project) -> None:
    app = project.load(HOOK.format("name"))
    assert said(project.save(HOOK.format("name.upper()"))) == []
    assert app.A.x.name == "X"


def test_a_class_made_again_is_not_listed_twice(project: Project) -> None:
    app = project.load(REGISTRY.format(1))
    project.save(REGISTRY.format(2) + "class B(metaclass=Meta):\n    pass\n")
    assert (app.MADE, app.A.x) == (["A", "B"], 2)


def test_what_a_class_added_goes_again_when_the_batch_fails(project: Project) -> None:
    app = project.load(REGISTRY.format(1))
    assert project.save(REGISTRY.format(2) + "class B(metaclass=Meta):\n    pass\n1 / 0\n").outcome == "rolled-back"
    assert (app.MADE, app.A.x) == (["A"], 1)


@pytest.mark.parametrize(
    "body",
    [
        "return [x * {} for x in range(3)]",
        "return list(map(lambda x: x * {}, range(3)))",
        "return sum(x * {} for x in range(3))",
        "def inner(x): return x * {}\n    return inner(2)",
    ],
)
def test_data_made_through_an_inner_function_is_made_again(project: Project, body: str) -> None:
    text = f"def f():\n    {body}\nVALUE = f()\n"
    app, user = project.load(app=text.format(2), user="from app import f\nOWN = f()\n")
    project.save(text.format(3))
    assert app.VALUE == user.OWN == app.f()


def test_functions_that_a_call_made_are_not_made_again(project: Project) -> None:
    text = "def make(k):\n    def inner(x): return x * {}\n    return inner\nALL = [make(1)]\n"
    app = project.load(text.format(2))
    held = app.ALL[0]
    assert said(project.save(text.format(3))) == []
    assert [held] == app.ALL and held(2) == 6


def test_what_is_registered_with_functools_does_not_call_the_function(project: Project) -> None:
    text = (
        "import functools\n@functools.singledispatch\ndef f(x): return {}\n@f.register\ndef _(x: int): return 'int'\n"
    )
    app = project.load(text.format(1))
    report = project.save(text.format(2))
    assert (said(report), app.f("a"), app.f(1)) == ([], 2, "int")


def test_a_name_that_is_deleted_below_is_deleted_again(project: Project) -> None:
    text = "tmp = {}\nVALUE = tmp + 1\ndel tmp\n"
    app = project.load(text.format(1))
    assert endings(project.save(text.format(2)))["VALUE"] == "ran"
    assert app.VALUE == 3 and not hasattr(app, "tmp")
