"""Attributes that a statement makes of what they are, objects that others fill once they are made, and what annotations say."""

from __future__ import annotations

from live_project import Project, said

APP = """\
class Outer:
    def __init__(self, inner, tag):
        self.inner, self.tag = inner, tag
    def __call__(self):
        return self.tag + self.inner()
class App:
    def serve(self):
        return "served"
app = App()
app.serve = Outer(app.serve, "a")
app.serve = Outer(app.serve, "b")
"""


def test_an_attribute_is_wrapped_anew_from_its_beginning(project: Project) -> None:
    module = project.load(APP)
    app = module.app
    assert app.serve() == "baserved"
    assert said(project.save(app=APP.replace('"b"', '"c"'))) == []
    assert module.app is app and app.serve() == "caserved"
    assert said(project.save(app=APP.replace('"b"', '"c"').replace('"a"', '"d"'))) == []
    assert app.serve() == "cdserved"


def test_what_an_attribute_was_is_unknown_where_its_class_has_none(project: Project) -> None:
    text = 'class App:\n    pass\napp = App()\nvars(app)["serve"] = "x"\napp.serve = app.serve + {}\n'
    app = project.load(text.format("'a'"))
    report = project.save(app=text.format("'b'"))
    assert "RLD307" in [f.code for f in report.findings] or app.app.serve == "xb"


GROUPS = """\
class Group:
    def __init__(self, call, title):
        self.call, self.title, self.commands = call, title, {{}}
    def __call__(self):
        return self.call()
    def command(self, function):
        self.commands[function.__name__] = function
        return function
def group(title):
    return lambda call: Group(call, title)
@group("{title}")
def main():
    return {value}
@main.command
def add():
    return 1
"""


def test_a_decorated_object_keeps_what_others_registered_with_it(project: Project) -> None:
    app = project.load(GROUPS.format(title="one", value=1))
    main = app.main
    assert said(project.save(app=GROUPS.format(title="one", value=2))) == []
    assert main() == 2
    assert said(project.save(app=GROUPS.format(title="two", value=2))) == []
    assert app.main is main and (main.title, list(main.commands)) == ("two", ["add"])


NOTES = """\
from dataclasses import dataclass, fields
from typing import Annotated
Name = Annotated[str, "{}"]
@dataclass
class User:
    name: Name
def notes():
    return [f.type.__metadata__ for f in fields(User)]
"""


def test_what_an_annotation_says_beside_the_type(project: Project) -> None:
    app = project.load(NOTES.format("short"))
    assert said(project.save(app=NOTES.format("long"))) == []
    assert app.notes() == [("long",)]
