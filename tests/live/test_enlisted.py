"""Objects that decorators of a class make and register, and wrappers that share a variable with the function that made them."""

from __future__ import annotations

from live_project import Project, said

REGISTRY = """
items = {}
every = []
def register(cls):
    items[cls.__name__] = cls()
    return cls
def named(name):
    def wrap(cls):
        items[name] = cls()
        return cls
    return wrap
def listed(cls):
    every.append(cls())
    return cls
"""
USE = """
from registry import *
class Base:
    def f(self): return 1
@DECORATOR
class A(Base):
    x = 1
"""


def test_an_object_that_a_new_decorator_registers_is_of_the_class_that_lives(project: Project) -> None:
    registry, use = project.load(registry=REGISTRY, use=USE.replace("@DECORATOR\n", ""))
    assert said(project.save(use=USE.replace("DECORATOR", "register"))) == []
    made = registry.items["A"]
    assert (type(made) is use.A, made.f()) == (True, 1)


def test_a_class_that_is_made_again_is_not_registered_twice(project: Project) -> None:
    text = USE.replace("DECORATOR", "listed")
    registry, _ = project.load(registry=REGISTRY, use=text)
    before = registry.every[0]
    assert said(project.save(use=text.replace("x = 1", "x = 2"))) == []
    assert [(one is before, one.x) for one in registry.every] == [(True, 2)]


def test_an_object_stands_where_the_decorator_of_now_puts_it(project: Project) -> None:
    text = USE.replace("DECORATOR", "named('a')")
    registry, _ = project.load(registry=REGISTRY, use=text)
    assert said(project.save(use=text.replace("'a'", "'b'"))) == []
    assert list(registry.items) == ["b"]
    assert said(project.save(use=text)) == []
    assert list(registry.items) == ["a"]


def test_an_object_that_a_decorator_of_before_registered_is_said(project: Project) -> None:
    text = USE.replace("DECORATOR", "listed")
    project.load(registry=REGISTRY, use=text)
    assert said(project.save(use=text.replace("@listed", "@register"))) == ["RLD307"]


METHODS = """
from functools import wraps
def methods(allowed):
    def decorate(view):
        @wraps(view)
        def inner(method):
            return view(method) if method in allowed else "no"
        return inner
    return decorate
only_get = methods(["GET"])
"""
VIEWS = """
from m import methods, only_get
@only_get
def one(method): return 1
@only_get
def two(method): return 2
"""


def test_a_view_that_is_decorated_otherwise_changes_no_other(project: Project) -> None:
    _, views = project.load(m=METHODS, views=VIEWS)
    before = views.one
    assert said(project.save(views=VIEWS.replace("@only_get\ndef one", "@methods(['POST'])\ndef one"))) == []
    assert (views.one("POST"), before("POST"), views.two("POST"), views.two("GET")) == (1, 1, "no", 2)
    assert said(project.save(views=VIEWS)) == []
    assert (views.one("POST"), before("POST"), views.one("GET")) == ("no", "no", 1)


def test_who_asks_an_enum_for_its_members_without_naming_one_looks_again(project: Project) -> None:
    text = """
        import enum
        class Kind(enum.Enum):
            A = "a"
            @classmethod
            def texts(cls): return [k.value for k in cls]
        class Form:
            choices = [k.value for k in Kind]
            more: list = Kind.texts()
        ALL = Kind.texts()
    """
    app = project.load(text)
    assert said(project.save(text.replace('A = "a"', 'A = "a"\n            B = "b"'))) == []
    assert [app.Form.choices, app.Form.more, app.ALL] == [["a", "b"]] * 3
    assert said(project.save(text)) == []
    assert [app.Form.choices, app.Form.more, app.ALL] == [["a"]] * 3
