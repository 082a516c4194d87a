"""Values follow what they are made of, through modules, and stop where nothing changed."""

from __future__ import annotations

from live_project import Project, endings, said


def test_a_constant_reaches_what_is_derived_from_it(project: Project) -> None:
    app = project.load("A = 1\nB = A + 1\nC = B * 10\n")
    project.save("A = 2\nB = A + 1\nC = B * 10\n")
    assert (app.A, app.B, app.C) == (2, 3, 30)


def test_nothing_further_runs_once_a_value_stays_the_same(project: Project) -> None:
    text = "runs = []\nA = {}\nB = A > 0\ndef note(x):\n    runs.append(x)\n    return x\nC = note(B)\n"
    app = project.load(text.format(1))
    report = project.save(text.format(2))
    assert app.runs == [True]
    assert "C" not in endings(report)


def test_one_is_not_true_and_zero_is_not_minus_zero(project: Project) -> None:
    app = project.load("A = 1\nB = [A]\nX = 0.0\nY = str(X)\n")
    project.save("A = True\nB = [A]\nX = -0.0\nY = str(X)\n")
    assert app.B[0] is True
    assert app.Y == "-0.0"


def test_a_from_import_and_its_alias_follow(project: Project) -> None:
    _, app = project.load(
        base="LIMIT = 1\n", app="from base import LIMIT\nfrom base import LIMIT as L\nX = L + LIMIT\n"
    )
    report = project.save(base="LIMIT = 5\n")
    assert (app.LIMIT, app.L, app.X) == (5, 5, 10)
    assert report.modules == ("base", "app")


def test_values_read_through_a_module_follow(project: Project) -> None:
    _, app = project.load(base="LIMIT = 1\n", app="import base\nimport base as b\nX = base.LIMIT + b.LIMIT\n")
    project.save(base="LIMIT = 5\n")
    assert app.X == 10


def test_a_reexport_through_a_package_follows(project: Project) -> None:
    files = {"pkg/__init__": "from .config import LIMIT\n", "pkg/config": "LIMIT = 1\n"}
    modules = project.load(**files, app="from pkg import LIMIT\nX = LIMIT + 1\n")
    project.save(**{"pkg/config": "LIMIT = 5\n"})
    assert (modules[0].LIMIT, modules[2].X) == (5, 6)


def test_star_imports_follow_name_by_name(project: Project) -> None:
    _, app = project.load(base="A = 1\n_hidden = 1\n", app="from base import *\nX = A + 1\n")
    project.save(base="A = 2\nB = 3\n_hidden = 2\n")
    assert (app.A, app.B, app.X) == (2, 3, 3)
    assert not hasattr(app, "_hidden")


def test_a_name_that_is_gone_leaves_star_importers_too(project: Project) -> None:
    _, app = project.load(base="A = 1\nB = 2\n", app="from base import *\n")
    project.save(base="A = 1\n")
    assert not hasattr(app, "B")


def test_a_changed_all_decides_what_star_importers_have(project: Project) -> None:
    _, app = project.load(base="__all__ = ['A']\nA = 1\nB = 2\n", app="from base import *\n")
    project.save(base="__all__ = ['B']\nA = 1\nB = 2\n")
    assert app.B == 2
    assert not hasattr(app, "A")


def test_modules_are_done_in_the_order_of_their_dependencies(project: Project) -> None:
    a, b, c = project.load(a="X = 1\n", b="import a\nX = a.X + 1\n", c="import b\nX = b.X + 1\n")
    report = project.save(c="import b\nX = b.X + 10\n", a="X = 5\n")
    assert (a.X, b.X, c.X) == (5, 6, 16)
    assert report.modules == ("a", "b", "c")


def test_an_import_that_the_edit_itself_adds_is_followed_in_the_same_batch(project: Project) -> None:
    _, late = project.load(early="X = 1\n", late="Y = 1\n")
    import early

    project.save(early="import late\nX = late.Y + 1\n", late="Y = 10\n")
    assert (early.X, late.Y) == (11, 10)


def test_cycles_of_modules_come_to_an_end(project: Project) -> None:
    one, two = project.load(
        one="import two\nX = 1\ndef f():\n    return two.Y\n",
        two="import one\ndef g():\n    return one.X\nY = 1\n",
    )
    project.save(
        one="import two\nX = 2\ndef f():\n    return two.Y\n",
        two="import one\ndef g():\n    return one.X\nY = 5\n",
    )
    assert (one.f(), two.g()) == (5, 2)


def test_a_module_first_imported_by_the_batch_is_there_and_reloads_later(project: Project) -> None:
    app = project.load("X = 1\n")
    project.write(helper="Y = 10\n")
    project.save("import helper\nX = helper.Y\n")
    assert app.X == 10
    project.save(helper="Y = 20\n")
    assert app.X == 20


def test_results_follow_the_constants_that_a_called_function_reads(project: Project) -> None:
    text = "RATE = {}\ndef price():\n    return 10 * RATE\nPRICE = price()\n"
    app = project.load(text.format(1))
    project.save(text.format(2))
    assert app.PRICE == 20


def test_results_follow_the_body_of_a_called_function_of_another_module(project: Project) -> None:
    _, app = project.load(base="def f():\n    return 1\n", app="from base import f\nX = f()\n")
    project.save(base="def f():\n    return 2\n")
    assert app.X == 2


def test_a_container_display_is_updated_in_place(project: Project) -> None:
    app = project.load("table = {'a': 1}\nitems = [1]\n")
    table, items = app.table, app.items
    project.save("table = {'a': 1, 'b': 2}\nitems = [1, 2]\n")
    assert app.table is table and app.items is items
    assert (table, items) == ({"a": 1, "b": 2}, [1, 2])


def test_a_lookup_table_follows_its_functions(project: Project) -> None:
    text = "def f():\n    return {}\ntable = {{'f': f}}\n"
    app = project.load(text.format(1))
    project.save(text.format(2))
    assert app.table["f"]() == 2


def test_whole_namespace_readers_see_what_is_new(project: Project) -> None:
    text = "A = 1\n{}names = sorted(n for n in globals() if n.isupper())\n"
    app = project.load(text.format(""))
    project.save(text.format("B = 2\n"))
    assert app.names == ["A", "B"]


def test_a_conditional_runs_again_when_its_test_changes(project: Project) -> None:
    text = "DEBUG = {}\nif DEBUG:\n    level = 'debug'\nelse:\n    level = 'info'\n"
    app = project.load(text.format(False))
    project.save(text.format(True))
    assert app.level == "debug"


def test_an_unrelated_edit_touches_nothing_else(project: Project) -> None:
    text = "A = {}\nB = object()\nC = []\n"
    app = project.load(text.format(1))
    before = (app.B, app.C)
    report = project.save(text.format(2))
    assert before == (app.B, app.C) and app.B is before[0]
    assert list(endings(report)) == ["A"]
    assert said(report) == []


def test_a_body_edited_with_its_annotations_reaches_callers(project: Project) -> None:
    app = project.load("def f(x: int = 1) -> int:\n    return x\nA = f(0)\n")
    project.save("def f(x=1):\n    return x + 1\nA = f(0)\n")
    assert app.A == 1


def test_a_lambda_edited_with_its_default_reaches_callers(project: Project) -> None:
    text = "f = lambda x={0}: x + {0}\nA = f(0)\n"
    app = project.load(text.format(0))
    project.save(text.format(1))
    assert app.A == 1


def test_a_value_read_before_it_is_added_to_is_read_so_again(project: Project) -> None:
    text = "U = []\nD = len(U) + {}\nU.append(8)\n"
    app = project.load(text.format(4))
    report = project.save(text.format(9))
    assert app.D == 9 or said(report)


def test_a_name_that_a_star_import_gives_too_is_there_when_the_own_one_goes(project: Project) -> None:
    base, app = project.load(base="A = 1\n", app="from base import *\nA = 2\n")
    project.save(app="from base import *\n")
    assert app.A == base.A


def test_a_function_that_comes_back_comes_back_to_star_importers(project: Project) -> None:
    base, app = project.load(base="def f():\n    return 1\n", app="from base import *\n")
    held = base.f
    project.save(base="")
    project.save(base="def f():\n    return 2\n")
    assert app.f is base.f is held


def test_members_of_an_enum_are_never_made_into_others(project: Project) -> None:
    text = "from enum import Flag, auto\nclass F(Flag):\n    A = auto()\n    B = auto()\n{}REST = ~F.A\n"
    app = project.load(text.format(""))
    b = app.F.B
    for more in ("    C = auto()\n", "", "    D = auto()\n    C = auto()\n"):
        assert said(project.save(text.format(more))) == []
        assert (b.name, b.value, app.F.B is b, app.REST is ~app.F.A) == ("B", 2, True, True)
