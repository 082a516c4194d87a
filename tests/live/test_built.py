"""An edited line that changes an object: the object is built again from its beginning, or it is said why it is not."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, only, said

PARSER = "import argparse\nparser = argparse.ArgumentParser(prog='x')\nparser.add_argument('--size', default=1)\n"
BUILT = {  # text, what is edited, what it is edited to
    "a parser of the command line": (PARSER + "V = vars(parser.parse_args([]))\n", "default=1", "default=2"),
    "a parser that gets one more argument": (
        PARSER + "V = vars(parser.parse_args([]))\n",
        "V =",
        "parser.add_argument('--b', default=3)\nV =",
    ),
    "a parser within a parser": (
        PARSER + "run = parser.add_subparsers().add_parser('run')\nrun.add_argument('--a', default='old')\n"
        "V = vars(parser.parse_args(['run']))\n",
        "'old'",
        "'new'",
    ),
    "another name for a list": ("a = [1]\nb = a\nb.append(2)\nn = len(a)\n", "append(2)", "append(3)"),
    "another name for a list that is added to": ("a = [1]\nb = a\nb += [2]\nn = len(a)\n", "[2]", "[3]"),
    "a list in a table": ("d = {'a': [1]}\nb = d['a']\nb.append(2)\n", "append(2)", "append(3)"),
    "a list that a table is given": ("d = {}\nb = d.setdefault('a', [])\nb.append(2)\n", "append(2)", "append(3)"),
    "a copy of a list": ("a = [1]\na.append(2)\nb = a.copy()\nb.append(3)\n", "append(3)", "append(4)"),
}


@pytest.mark.parametrize(("text", "old", "new"), BUILT.values(), ids=[name.replace(" ", "-") for name in BUILT])
def test_built_again_from_its_beginning(project: Project, text: str, old: str, new: str) -> None:
    project.load(text)
    assert said(project.save(text.replace(old, new))) == []
    assert differences(project) == []


@pytest.mark.parametrize(
    ("lib", "app"),
    [
        ("a = [1]\n", "from lib import a\nb = a\nb.append(2)\n"),
        ("a = [1]\n", "import lib\nb = lib.a\nb.append(2)\n"),
        ("class C: xs = [1]\n", "from lib import C\nc = C()\nc.xs.append(2)\nb = c.xs\nb.append(2)\n"),
    ],
)
def test_what_another_has_made_is_not_built_again_and_that_is_said(project: Project, lib: str, app: str) -> None:
    project.load(lib=lib, app=app)
    finding = only(project.save(app=app.replace("b.append(2)", "b.append(3)")))
    assert (finding.code, finding.range.start.line + 1) == ("RLD307", app.count("\n"))


def test_the_program_keeps_what_is_in_a_copied_list(project: Project) -> None:
    text = "seen = []\nfirst = seen.copy()\nfirst.append(1)\n"
    app = project.load(text)
    app.seen.append("state")
    assert said(project.save(text.replace("append(1)", "append(2)"))) == []
    assert (app.seen, app.first) == (["state"], ["state", 2])
