"""Functions that decorators made, partials, proxies: who holds the old one runs the new one, or it is said what stays."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, said

DECORATORS = """
def loud(f):
    def loudly(*a): return str(f(*a)).upper()
    return loudly
def quiet(f):
    def quietly(*a): return str(f(*a)).lower()
    return quietly
"""


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("@loud\n", "", "aB"),
        ("@loud\n", "@quiet\n", "ab"),
        ("@loud\n@quiet\n", "@quiet\n@loud\n", "ab"),
        ("@loud\n@quiet\n", "@quiet\n", "ab"),
    ],
    ids=["removed", "exchanged", "in another order", "one of two"],
)
def test_holders_of_what_decorators_made_run_what_they_make_now(
    project: Project, old: str, new: str, result: str
) -> None:
    text = f"from deco import loud, quiet\n{old}def f(): return 'aB'\n"
    _, app = project.load(deco=DECORATORS, app=text)
    held, table = app.f, [app.f]
    report = project.save(app=text.replace(old, new))
    assert (said(report), held(), table[0](), app.f()) == ([], result, result, result)


def test_holders_of_a_decorated_method_run_the_method(project: Project) -> None:
    text = "from deco import loud\nclass A:\n    @loud\n    def m(self): return 'aB'\n"
    _, app = project.load(deco=DECORATORS, app=text)
    bound, plain = app.A().m, app.A.m
    report = project.save(app=text.replace("    @loud\n", ""))
    assert (said(report), bound(), plain(app.A())) == ([], "aB", "aB")


def test_attributes_of_what_a_decorator_made_follow(project: Project) -> None:
    text = "def tag(name):\n    def decorate(f):\n        def call(): return f()\n        call.tag = name\n        return call\n    return decorate\n"
    project.write(deco=text)
    app = project.load("from deco import tag\n@tag('a')\ndef f(): return 1\n")
    held = app.f
    report = project.save("from deco import tag\n@tag('b')\ndef f(): return 1\n")
    assert (said(report), held.tag) == ([], "b")


def test_a_decorator_that_registers_is_said_when_it_goes(project: Project) -> None:
    reg = "ALL = []\ndef register(f):\n    def call(): return f()\n    ALL.append(call)\n    return call\n"
    app = "from reg import register\n@register\ndef f(): return 1\n"
    project.load(reg=reg, app=app)
    report = project.save(app=app.replace("@register\n", ""))
    assert said(report) == ["RLD307"]


def test_a_partial_that_is_held_has_its_new_arguments(project: Project) -> None:
    text = "from functools import partial\ndef f(a, b): return a + b\np = partial(f, 1)\nV = p(2)\n"
    app = project.load(text)
    held = app.p
    for edited, result in ((text.replace("partial(f, 1)", "partial(f, 10)"), 12), (text, 3)):
        report = project.save(edited)
        assert (said(report), held(2), app.V) == ([], result, result)


def test_a_call_that_gave_something_to_an_object_of_another_module_is_said_when_it_goes(project: Project) -> None:
    bus = "class Bus:\n    def __init__(self): self.subs = []\n    def connect(self, f): self.subs.append(f)\nbus = Bus()\n"
    app = "from bus import bus\ndef f(): pass\nbus.connect(f)\n"
    project.load(bus=bus, app=app)
    report = project.save(app=app.replace("bus.connect(f)\n", ""))
    assert said(report) == ["RLD307"]


def test_a_class_that_registers_an_object_of_itself_does_so_once(project: Project) -> None:
    core = "ALL = []\ndef plugin(cls):\n    ALL.append(cls())\n    return cls\n"
    text = "from core import plugin\n@plugin\nclass A:\n    name = 'a'\n    def run(self): return self.name\n"
    module, _ = project.load(core=core, app=text)
    first = module.ALL[0]
    report = project.save(app=text.replace("'a'", "'b'"))
    assert (said(report), module.ALL, first.run()) == ([], [first], "b")


def test_methods_that_are_called_by_a_computed_name(project: Project) -> None:
    text = """
        class H:
            def do_a(self): return 1
            def handle(self, name): return getattr(self, "do_" + name, lambda: None)()
            @classmethod
            def names(cls): return [n for n in dir(cls) if n[:3] == "do_"]
        N = H.names()
        V = H().handle("a")
        """
    project.load(text)
    for edited in (text.replace("return 1", "return 2"), text.replace("do_a(", "do_b("), text):
        report = project.save(edited)
        assert (said(report), differences(project)) == ([], [])


def test_a_call_through_an_object_that_hands_it_on_is_said(project: Project) -> None:
    text = """
        class Proxy:
            def __init__(self, target): self.target = target
            def __getattr__(self, name): return getattr(self.target, name)
        class T:
            def run(self): return 1
        p = Proxy(T())
        V = p.run()
        """
    project.load(text)
    report = project.save(text.replace("return 1", "return 2"))
    assert said(report) == ["RLD316"]


GIVEN = {  # functions that classes have from outside
    "an attribute": "class C: pass\nC.run = lambda self: 1\nV = C().run()\n",
    "in a loop": "class C: pass\nfor n in ('run', 'go'):\n    setattr(C, n, lambda self, n=n: 1)\nV = C().run()\n",
    "by a factory": (
        "class C: pass\ndef make():\n    def run(self): return 1\n    return run\n"
        "for n in ('run',):\n    setattr(C, n, make())\nV = C().run()\n"
    ),
}


@pytest.mark.parametrize("name", GIVEN)
def test_functions_that_a_class_was_given_follow(project: Project, name: str) -> None:
    text = GIVEN[name]
    project.load(text)
    edited = (
        text.replace("lambda self: 1", "lambda self: 2").replace("n=n: 1", "n=n: 2").replace("return 1", "return 2")
    )
    for now in (edited, text, edited.replace("'go'", "'stop'")):
        report = project.save(now)
        assert (said(report), differences(project)) == ([], [])


def test_what_is_done_to_one_of_two_names_belongs_to_both(project: Project) -> None:
    text = "a = b = {'k': 1}\nb['z'] = 2\nN = len(a)\n"
    app = project.load(text)
    held = app.a
    report = project.save(text.replace("1}", "1, 'm': 3}"))
    assert (said(report), differences(project), held) == ([], [], {"k": 1, "m": 3, "z": 2})
