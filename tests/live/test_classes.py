"""Classes are patched under their instances: identity, subclasses and cells stay what everybody holds."""

from __future__ import annotations

import gc
import inspect
import linecache
import sys
from textwrap import dedent

import pytest
from live_project import Project, only, said


def test_attributes_are_changed_added_and_removed(project: Project) -> None:
    app = project.load("class A:\n    x = 1\n    y = 1\n    def m(self):\n        return self.x\n")
    cls, obj = app.A, app.A()
    project.save("class A:\n    x = 2\n    z = 3\n    def n(self):\n        return self.z\n")
    assert app.A is cls and type(obj) is cls
    assert (obj.x, obj.z, obj.n()) == (2, 3, 3)
    assert not hasattr(cls, "y") and not hasattr(cls, "m")


def test_a_class_attribute_that_was_not_edited_keeps_its_live_value(project: Project) -> None:
    text = "class A:\n    made = 0\n    names = []\n    def m(self):\n        return {}\n"
    app = project.load(text.format(1))
    app.A.made = 7
    names = app.A.names
    project.save(text.format(2))
    assert app.A.made == 7
    assert app.A.names is names


def test_a_class_attribute_follows_the_constant_it_was_taken_from(project: Project) -> None:
    text = "LIMIT = {}\nclass A:\n    limit = LIMIT\n    twice = limit * 2\n"
    app = project.load(text.format(1))
    obj = app.A()
    project.save(text.format(5))
    assert (obj.limit, obj.twice) == (5, 10)


def test_properties_static_and_class_methods_follow(project: Project) -> None:
    text = """
        class A:
            x = 1
            @property
            def p(self):
                return {0}
            @staticmethod
            def s():
                return {0}
            @classmethod
            def c(cls):
                return cls.x + {0}
        """
    app = project.load(text.format(1))
    obj, bound = app.A(), app.A.c
    project.save(text.format(10))
    assert (obj.p, obj.s(), bound()) == (10, 10, 11)


def test_a_setter_added_to_a_property_works_on_live_objects(project: Project) -> None:
    text = "class A:\n    _x = 1\n    @property\n    def x(self):\n        return self._x\n"
    app = project.load(text)
    obj = app.A()
    project.save(text + "    @x.setter\n    def x(self, value):\n        self._x = value\n")
    obj.x = 5
    assert obj.x == 5


def test_a_method_that_becomes_a_property_is_one_for_live_objects(project: Project) -> None:
    app = project.load("class A:\n    def x(self):\n        return 1\n")
    obj = app.A()
    project.save("class A:\n    @property\n    def x(self):\n        return 2\n")
    assert obj.x == 2


def test_cached_properties_run_the_new_code_on_new_objects(project: Project) -> None:
    text = (
        "from functools import cached_property\nclass A:\n    @cached_property\n    def x(self):\n        return {}\n"
    )
    app = project.load(text.format(1))
    project.save(text.format(2))
    assert app.A().x == 2


def test_docstrings_of_the_class_and_its_properties(project: Project) -> None:
    text = 'class A:\n    """{0}."""\n    @property\n    def x(self):\n        """{0}."""\n        return 1\n'
    app = project.load(text.format("Old"))
    project.save(text.format("New"))
    assert (app.A.__doc__, app.A.x.__doc__) == ("New.", "New.")


def test_special_methods_added_later_work_on_live_objects(project: Project) -> None:
    app = project.load("class A:\n    pass\n")
    obj = app.A()
    project.save(
        "class A:\n    def __len__(self):\n        return 3\n    def __call__(self):\n        return 'called'\n"
    )
    assert (len(obj), obj()) == (3, "called")


def test_private_names_are_mangled_with_the_class(project: Project) -> None:
    text = (
        "class A:\n"
        "    def __hidden(self):\n"
        "        return {0}\n"
        "    def m(self):\n"
        "        return self.__hidden() + {0}\n"
    )
    app = project.load(text.format(1))
    obj = app.A()
    project.save(text.format(2))
    assert obj.m() == 4


def test_a_descriptor_added_later_is_told_its_name(project: Project) -> None:
    head = (
        "class Field:\n"
        "    def __set_name__(self, owner, name):\n"
        "        self.name = name\n"
        "    def __get__(self, obj, owner):\n"
        "        return self.name\n"
    )
    app = project.load(head + "class A:\n    x = Field()\n")
    project.save(head + "class A:\n    x = Field()\n    y = Field()\n")
    assert (app.A.x, app.A.y) == ("x", "y")


def test_the_class_cell_means_the_class_that_everybody_holds(project: Project) -> None:
    text = "class A:\n    def who(self):\n        return __class__\n    def m(self):\n        return {}\n"
    app = project.load(text.format(1))
    cls = app.A
    project.save(text.format(2) + "    def new(self):\n        return __class__\n")
    assert cls().who() is cls and cls().new() is cls


# bases and subclasses -------------------------------------------------------------------------------------


def test_subclasses_follow_and_are_not_doubled(project: Project) -> None:
    base, app = project.load(
        base="class Base:\n    def m(self):\n        return 1\n",
        app="from base import Base\nclass A(Base):\n    def m(self):\n        return super().m() + 1\n",
    )
    obj = app.A()
    project.save(base="class Base:\n    x = 5\n    def m(self):\n        return 10\n")
    gc.collect()
    assert (obj.m(), obj.x) == (11, 5)
    assert base.Base.__subclasses__() == [app.A]


def test_bases_are_changed_in_place(project: Project) -> None:
    head = "class One:\n    name = 'one'\nclass Two:\n    name = 'two'\n"
    app = project.load(head + "class A(One):\n    pass\n")
    obj = app.A()
    project.save(head + "class A(Two):\n    pass\n")
    assert obj.name == "two"
    assert isinstance(obj, app.Two) and not isinstance(obj, app.One)
    gc.collect()
    assert (app.One.__subclasses__(), app.Two.__subclasses__()) == ([], [app.A])


def test_abstract_methods_are_computed_again_for_subclasses_too(project: Project) -> None:
    text = "import abc\nclass Base(abc.ABC):\n    {}\n    def m(self):\n        pass\nclass A(Base):\n    pass\n"
    app = project.load(text.format("x = 1"))
    assert app.A()
    project.save(text.format("@abc.abstractmethod"))
    assert app.A.__abstractmethods__ == {"m"}
    project.save(text.format("x = 1"))
    assert app.A()


def test_init_subclass_registers_a_class_once(project: Project) -> None:
    text = (
        "seen = []\n"
        "class Base:\n"
        "    def __init_subclass__(cls):\n"
        "        seen.append(cls)\n"
        "class A(Base):\n"
        "    x = {}\n"
    )
    app = project.load(text.format(1))
    cls = app.A
    project.save(text.format(2))
    assert app.seen == [cls]
    assert cls.x == 2


def test_nested_classes_keep_their_identity(project: Project) -> None:
    text = "class Outer:\n    class Inner:\n        x = {0}\n        def m(self):\n            return {0}\n"
    app = project.load(text.format(1))
    inner, obj = app.Outer.Inner, app.Outer.Inner()
    project.save(text.format(2))
    assert app.Outer.Inner is inner
    assert (obj.x, obj.m()) == (2, 2)


def test_exceptions_raised_by_old_holders_are_caught_by_new_code(project: Project) -> None:
    text = (
        "class Error(Exception):\n"
        "    code = {0}\n"
        "def fail():\n"
        "    raise Error('x')\n"
        "def caught():\n"
        "    try:\n"
        "        fail()\n"
        "    except Error as error:\n"
        "        return error.code\n"
    )
    app = project.load(text.format(1))
    cls = app.Error
    project.save(text.format(2))
    assert app.caught() == 2
    assert app.Error is cls


@pytest.mark.parametrize(
    ("text", "importer"),
    [
        ("class C:\n    @classmethod\n    def make(cls): return 1\n", "X = app.C.make()"),
        ("class C:\n    @staticmethod\n    def make(): return 1\n", "X = app.C.make()"),
        ("class C:\n    def make(self): return 1\nc = C()\n", "X = app.c.make()"),
        ("class C:\n    def make(self): return 1\n", "X = app.C().make()"),
        ("class C:\n    def __init__(self): self.x = 1\n", "X = app.C().x"),
        ("class C:\n    @property\n    def made(self): return 1\nc = C()\n", "X = app.c.made"),
        ("class C:\n    def make(self): return self.inner()\n    def inner(self): return 1\n", "X = app.C().make()"),
        ("class C:\n    def make(self): return 1\ndef build():\n    c = C()\n    return c.make()\n", "X = app.build()"),
        ("class C:\n    @staticmethod\n    def make(): return 1\ndef build(): return C.make()\n", "X = app.build()"),
    ],
)
def test_what_an_edited_method_gave_while_modules_were_loading_is_made_again(
    project: Project, text: str, importer: str
) -> None:
    _, user = project.load(app=text, user=f"import app\n{importer}\n")
    report = project.save(app=text.replace("1\n", "2\n"))
    assert (user.X, said(report)) in [(2, []), (1, ["RLD316"])]


def test_an_object_whose_class_got_another_method_body_is_kept(project: Project) -> None:
    text = "class C:\n    def method(self): return 1\nc = C()\n"
    app, user = project.load(app=text, user="import app\nc = app.C()\nmethod = app.c.method\n")
    before = app.c, user.c, user.method
    report = project.save(app=text.replace("1", "2"))
    assert (said(report), before) == ([], (app.c, user.c, user.method))
    assert user.method() == 2


def test_a_new_attribute_stands_where_a_fresh_start_would_put_it(project: Project) -> None:
    app = project.load("class A:\n    a = 1\n    def c(self): pass\nA.later = 1\n")
    project.save("class A:\n    a = 1\n    b = 2\n    def c(self): pass\nA.later = 1\n")
    assert [n for n in vars(app.A) if not n.startswith("__")] == ["a", "b", "c", "later"]


def test_the_order_is_put_back_with_everything_else(project: Project) -> None:
    app = project.load("class A:\n    a = 1\n    def c(self): pass\n")
    project.save("class A:\n    a = 1\n    b = 2\n    def c(self): pass\nraise ValueError\n")
    assert [n for n in vars(app.A) if not n.startswith("__")] == ["a", "c"]


def test_a_method_that_was_only_handed_over_is_no_reason_to_run_again(project: Project) -> None:
    text = "class C:\n    def run(self): return 1\n"
    _, user = project.load(
        app=text,
        user="import app\njobs = []\ndef every(f):\n    print(end='')\n    jobs.append(f)\nc = app.C()\nevery(c.run)\n",
    )
    assert said(project.save(app=text.replace("1", "2"))) == []
    assert [f() for f in user.jobs] == [2]


def test_the_source_of_a_class_is_found_where_it_moved(project: Project) -> None:
    text = "class A:\n    class B:\n        x = 1\n"
    app = project.load(text)
    project.save("# one\n# two\n" + text)
    linecache.checkcache()
    assert inspect.getsource(app.A) == text
    assert inspect.getsource(app.A.B) == "    class B:\n        x = 1\n"


def test_a_metaclass_of_an_extension_module_that_takes_no_plain_attributes(project: Project) -> None:
    text = """
        import ctypes
        class Point(ctypes.Structure):
            _fields_ = [("x", ctypes.c_int)]
            def double(self):
                return self.x * 2
            def last(self):
                return 0
    """
    app = project.load(text)
    point = app.Point(3)
    assert (
        said(
            project.save(
                text.replace("def double", "def half(self):\n                return self.x / 2\n            def double")
            )
        )
        == []
    )
    assert (point.half(), point.double()) == (1.5, 6)


SHAPES = "from abc import ABC, abstractmethod\nclass Shape(ABC):\n    def name(self): return 'shape'\n{}"
AREA = "    @property\n    @abstractmethod\n    def area(self): ...\n"


def test_a_base_that_asks_for_more_says_whose_objects_lack_it(project: Project) -> None:
    sides = "from shapes import Shape\nclass Side(Shape): pass\nclass Point(Shape):\n    area = 0\n"
    _, app = project.load(shapes=SHAPES.format(""), app=sides + "sides = [Side(), Side()]\npoint = Point()\n")
    finding = only(project.save(shapes=SHAPES.format(AREA)))
    assert (finding.code, finding.count and finding.count.n, finding.range.start.line) == ("RLD114", 2, 5)
    assert "Side" in finding.message and "area" in finding.message
    with pytest.raises(TypeError):
        app.Side()
    app.Point()


def test_what_implemented_an_abstract_method_is_gone(project: Project) -> None:
    app = project.load(SHAPES.format(AREA) + "class Side(Shape):\n    area = 1\n    x = 1\n")
    held = app.Side()
    finding = only(project.save(SHAPES.format(AREA) + "class Side(Shape):\n    x = 1\n"))
    assert (finding.code, finding.path) == ("RLD114", str(project.path()))
    assert said(project.save(SHAPES.format(AREA) + "class Side(Shape):\n    area = 2\n    x = 1\n")) == []
    assert held.area == 2


def test_objects_can_be_made_again_after_a_batch_that_failed(project: Project) -> None:
    app = project.load(SHAPES.format(""))
    assert said(project.save(SHAPES.format(AREA) + "1 / 0\n")) == ["RLD901"]
    assert app.Shape().name() == "shape"


GIVEN = """
    def total(cls):
        cls.__hash__ = lambda self: 7
        cls.more = lambda self: 1
        return cls
    class C:
        __slots__ = ("a", "b")
        def __init__(self, a): self.a = a
"""


@pytest.mark.parametrize("later", ["C = total(C)", "total(C)", "C.__hash__ = lambda s: 7; C.more = lambda s: 1"])
@pytest.mark.parametrize("slots", ['("b", "a")', '("a", "c")'], ids=["reordered", "others"])
def test_a_class_with_other_slots_keeps_what_later_lines_gave_it(project: Project, later: str, slots: str) -> None:
    text = dedent(GIVEN) + later + "\n"
    project.load(base=text)
    report = project.save(base=text.replace('("a", "b")', slots))
    made = sys.modules["base"].C
    assert (said(report), made.__slots__) == ([], eval(slots))
    assert (hash(made(1)), made(1).more()) == (7, 1)
