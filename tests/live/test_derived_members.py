"""What CPython and the standard library derive from a class or a name, and keep: it follows the edit."""

from __future__ import annotations

import pytest
from live_project import Project, only, said


def test_equality_brings_and_takes_the_hash(project: Project) -> None:
    plain, equal = "class A:\n    pass\n", "class A:\n    def __eq__(self, other):\n        return True\n"
    app = project.load(plain)
    one = app.A()
    project.save(equal)
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    project.save(equal + "    def __hash__(self):\n        return 7\n")
    assert hash(one) == 7
    project.save(plain)
    assert hash(one) == object.__hash__(one)


def test_private_members_are_spelled_as_the_compiler_does(project: Project) -> None:
    app = project.load("class _A:\n    __k = 1\n    def get(self):\n        return self.__k\n")
    one = app._A()
    get, more = "    def get(self):\n        return self.__more()\n", "    def __more(self):\n        return self.__k\n"
    assert said(project.save(f"class _A:\n    __k = 2\n{get}{more}")) == []
    assert one.get() == 2
    assert said(project.save("class _A:\n    def get(self):\n        return 0\n")) == []
    assert one.get() == 0 and not [n for n in vars(app._A) if n.startswith("_A__")]


def test_an_edited_subclass_hook_is_asked_again(project: Project) -> None:
    text = (
        "import abc\nclass I(abc.ABC):\n    @classmethod\n    def __subclasshook__(cls, other):\n"
        "        return hasattr(other, '{}')\nclass A:\n    a = 1\n"
    )
    app = project.load(text.format("a"))
    assert isinstance(app.A(), app.I)
    assert said(project.save(text.format("b"))) == []
    assert not isinstance(app.A(), app.I)


def test_what_reads_a_class_out_of_a_container_follows_its_attributes(project: Project) -> None:
    app = project.load("class A:\n    k = 1\nALL = [A]\nNAMES = [c.k for c in ALL]\n")
    held = app.ALL
    assert said(project.save("class A:\n    k = 2\nALL = [A]\nNAMES = [c.k for c in ALL]\n")) == []
    assert app.NAMES == [2] and app.ALL is held


def test_a_class_body_that_imports_follows(project: Project) -> None:
    _, app = project.load(m="X = 1\n", app="class K:\n    from m import X\n    Y = X + 1\n")
    project.save(m="X = 2\n")
    assert (app.K.X, app.K.Y) == (2, 3)


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("x = 1\nx = x + 1\ny = x\n", "x = 5\nx = x + 1\ny = x\n", 6),
        ("x = 1\nx = x + 1\ny = x\n", "x = 1\nx = x + 5\ny = x\n", 6),
        ("x = 1\ny = 2\nx, y = y, x\n", "x = 6\ny = 2\nx, y = y, x\n", 6),
    ],
)
def test_a_name_made_of_what_it_was_is_made_from_the_beginning(
    project: Project, before: str, after: str, value: int
) -> None:
    app = project.load(before)
    assert said(project.save(after)) == []
    assert app.y == value


def test_a_name_made_of_what_was_imported_follows_the_import(project: Project) -> None:
    _, app = project.load(cfg="P = 1\n", app="from cfg import P\nP = P * 2\nQ = P\n")
    project.save(cfg="P = 4\n")
    assert (app.P, app.Q) == (8, 8)
    project.save(cfg="P = 5\n")
    assert (app.P, app.Q) == (10, 10)


def test_an_object_made_of_itself_is_held_and_said(project: Project) -> None:
    text = "class M:\n    def __init__(self, inner=None, k=0):\n        self.inner, self.k = inner, k\na = M()\na = M(a, {})\n"
    app = project.load(text.format(1))
    finding = only(project.save(text.format(2)))
    assert (finding.code, finding.range.start.line) == ("RLD307", 4)
    assert (app.a.k, app.a.inner.inner) == (1, None)


def test_a_wrapped_object_follows_the_class_of_its_wrapper(project: Project) -> None:
    text = (
        "class App:\n    def __call__(self): return 1\nclass M:\n    def __init__(self, inner): self.inner = inner\n"
        "    def __call__(self): return self.inner() + {}\napp = App()\napp = M(app)\n"
    )
    module = project.load(text.format(1))
    held = module.app
    assert said(project.save(text.format(5))) == []
    assert module.app is held and held() == 6


def test_what_typing_caches_is_no_holder(project: Project) -> None:
    app = project.load("from typing import Union\nN = Union[int, float]\ndef f(x: N): pass\n")
    assert said(project.save("from typing import Union\nN = Union[int, str]\ndef f(x: N): pass\n")) == []
    assert app.f.__annotations__ == {"x": app.N}


REGISTERED = """
from functools import singledispatchmethod
class Show:
    @singledispatchmethod
    def show(self, value): return "object"
    @show.register({})
    def _(self, value): return "first"
    @show.register(str)
    def of_text(self, value): return "text"
one = Show()
"""


def test_methods_that_are_registered_with_another_one_are_registered_anew(project: Project) -> None:
    app = project.load(REGISTERED.format("int"))
    one = app.one
    assert said(project.save(REGISTERED.format("float"))) == []
    assert [one.show(v) for v in (1, 1.0, "")] == ["object", "first", "text"]
    assert said(project.save(REGISTERED.format("int"))) == []
    assert [one.show(v) for v in (1, 1.0, "")] == ["first", "object", "text"]
