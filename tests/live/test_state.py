"""State is kept where the edit did not touch it, and updated where it did."""

from __future__ import annotations

import pytest
from live_project import Project, said


def test_what_the_program_gathered_stays(project: Project) -> None:
    text = "cache = {{}}\ncount = 0\ndef hit():\n    global count\n    count += {}\n    cache[count] = True\n"
    app = project.load(text.format(1))
    cache = app.cache
    app.hit()
    project.save(text.format(2))
    app.hit()
    assert app.count == 3
    assert app.cache is cache and list(cache) == [1, 3]


def test_an_edited_initialiser_is_run(project: Project) -> None:
    app = project.load("count = 0\ndef hit():\n    global count\n    count += 1\n")
    app.hit()
    project.save("count = 100\ndef hit():\n    global count\n    count += 1\n")
    assert app.count == 100


def test_instances_keep_their_identity_and_their_data(project: Project) -> None:
    text = (
        "class User:\n"
        "    def __init__(self, name):\n"
        "        self.name = name\n"
        "    def greet(self):\n"
        "        return {!r} + self.name\n"
        "user = User('Ann')\n"
    )
    app = project.load(text.format("hi "))
    user = app.user
    user.name = "Bob"
    report = project.save(text.format("hello "))
    assert app.user is user
    assert user.greet() == "hello Bob"
    assert said(report) == []


@pytest.mark.parametrize(
    "idiom",
    [
        "try:\n    cache\nexcept NameError:\n    cache = {}\n",
        "if 'cache' not in globals():\n    cache = {}\n",
    ],
)
def test_the_idioms_for_values_that_survive_a_reload_work(project: Project, idiom: str) -> None:
    app = project.load(idiom + "X = 1\n")
    app.cache["kept"] = 1
    project.save(idiom + "X = 2\n")
    assert app.cache == {"kept": 1}


def test_a_value_set_from_outside_survives_edits_elsewhere(project: Project) -> None:
    base, app = project.load(base="level = 'info'\nX = 1\n", app="import base\nbase.level = 'debug'\nY = base.X\n")
    project.save(base="level = 'info'\nX = 2\n")
    assert (base.level, app.Y) == ("debug", 2)


def test_an_importer_that_holds_something_else_by_now_keeps_it(project: Project) -> None:
    _, app = project.load(base="LIMIT = 1\n", app="from base import LIMIT\n")
    app.LIMIT = 99
    project.save(base="LIMIT = 2\n")
    assert app.LIMIT == 99


# mutators -------------------------------------------------------------------------------------------------


def test_statements_that_change_a_value_belong_to_it(project: Project) -> None:
    app = project.load("items = [1]\nitems.append(2)\nitems += [3]\n")
    held = app.items
    project.save("items = [10]\nitems.append(2)\nitems += [3]\n")
    assert app.items is held and held == [10, 2, 3]


def test_an_edited_mutator_builds_its_value_again(project: Project) -> None:
    app = project.load("items = [1]\nitems.append(2)\n")
    project.save("items = [1]\nitems.append(20)\n")
    assert app.items == [1, 20]


def test_a_removed_mutator_is_taken_back(project: Project) -> None:
    app = project.load("items = [1]\nitems.append(2)\n")
    project.save("items = [1]\n")
    assert app.items == [1]


def test_an_added_mutator_runs_once(project: Project) -> None:
    app = project.load("items = [1]\n")
    project.save("items = [1]\nitems.append(2)\n")
    assert app.items == [1, 2]


def test_items_set_one_by_one_follow_the_value_they_are_made_of(project: Project) -> None:
    text = "RATE = {}\ntable = {{}}\ntable['rate'] = RATE\n"
    app = project.load(text.format(1))
    app.table["mine"] = "kept"
    project.save(text.format(2))
    assert app.table == {"rate": 2, "mine": "kept"}


def test_a_registry_holds_the_old_function_once(project: Project) -> None:
    text = """
        registry = []
        def register(f):
            registry.append(f)
            return f
        @register
        def f(x={}):
            return x
        """
    app = project.load(text.format(1))
    held = app.f
    project.save(text.format(2))
    assert app.registry == [held]
    assert held() == 2


def test_a_registry_of_names_holds_the_old_class(project: Project) -> None:
    text = """
        registry = {{}}
        def register(cls):
            registry[cls.__name__] = cls
            return cls
        @register
        class A:
            x = {}
        """
    app = project.load(text.format(1))
    held = app.A
    project.save(text.format(2))
    assert app.registry == {"A": held}
    assert (app.A, held.x) == (held, 2)


# markers --------------------------------------------------------------------------------------------------


def test_keep_keeps_the_value_despite_the_edit(project: Project) -> None:
    app = project.load("items = [1]  # reload: keep\n")
    app.items.append(5)
    report = project.save("items = [1, 2]  # reload: keep\n")
    assert app.items == [1, 5]
    assert [s.ending for s in report.statements] == ["kept"]


def test_keep_above_the_statement_is_as_good(project: Project) -> None:
    app = project.load("# reload: keep\nitems = [1]\n")
    project.save("# reload: keep\nitems = [1, 2]\n")
    assert app.items == [1]


def test_a_new_statement_with_keep_runs_once(project: Project) -> None:
    app = project.load("X = 1\n")
    project.save("X = 1\nY = 2  # reload: keep\n")
    assert app.Y == 2


def test_never_leaves_a_statement_alone_also_when_its_inputs_change(project: Project) -> None:
    app = project.load("A = 1\nB = A + 1  # reload: never\n")
    project.save("A = 5\nB = A + 1  # reload: never\n")
    assert (app.A, app.B) == (5, 2)


def test_rerun_runs_a_statement_whenever_its_inputs_change(project: Project) -> None:
    text = "import app_seen\nA = {}\nB = app_seen.note(A)  # reload: rerun\n"
    seen, app = project.load(app_seen="seen = []\ndef note(x):\n    print(end='')\n    return x\n", app=text.format(1))
    report = project.save(text.format(2))
    assert app.B == 2
    assert said(report) == []
    assert seen.seen == []


def test_an_ignored_code_is_not_said(project: Project) -> None:
    text = "import threading\nNAME = {!r}\nt = threading.Thread(name=NAME)  # reload: ignore[RLD301]\n"
    project.load(text.format("one"))
    assert said(project.save(text.format("two"))) == []


def test_a_marker_in_the_first_comment_block_holds_for_the_module(project: Project) -> None:
    text = "# The settings.\n# reload: keep\n\nA = {}\nB = {}\n"
    app = project.load(text.format(1, 1))
    project.save(text.format(2, 2))
    assert (app.A, app.B) == (1, 1)
