"""Who calls what was edited is followed through functions that ran while modules were loading: the others made nothing."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest
from live_project import Project, endings, said

from reload_lsp.findings.values import Report

TELLS = sys.version_info >= (3, 12)  # PEP 669; before it any function may have run

CHOOSES = """
def rare(n): return [n]
def usual(n): return [n, n]
def choose(n): return rare(n) if n > 9 else usual(n)
"""


def rare_edited(project: Project, user: str, *, run: str = "") -> tuple[Any, Report]:
    """The module `app` with the text `user` after an edit of a function that `choose` calls for large numbers alone."""
    helper, app = project.load(helper=CHOOSES, app="from helper import choose\n" + user)
    exec(run, {"helper": helper, "app": app, "threading": threading})
    return app, project.save(helper=CHOOSES.replace("return [n]", "return [n, 'rare']"))


def test_what_an_edited_function_did_not_make_is_left_alone(project: Project) -> None:
    app, report = rare_edited(project, "MADE = tuple(choose(1))\n")
    assert app.MADE == (1, 1)
    assert ("MADE" in endings(report)) is not TELLS
    assert said(report) == []


@pytest.mark.parametrize(
    "user",
    [
        "MADE = tuple(choose(10))\n",
        "def later(): return choose(10)\nMADE = tuple(later())\n",
        "class K:\n    def made(self): return tuple(choose(10))\nMADE = K().made()\n",
        "import threading\nmade = []\nt = threading.Thread(target=lambda: made.extend(choose(10)))\nt.start()\nt.join()\n"
        "MADE = tuple(choose(10))\n",
        "def items():\n    yield from choose(10)\nMADE = tuple(items())\n",
    ],
)
def test_what_it_made_is_made_again(project: Project, user: str) -> None:
    app, _ = rare_edited(project, user)
    assert app.MADE == (10, "rare")


def test_what_ran_after_the_modules_were_loaded_made_nothing_of_theirs(project: Project) -> None:
    _, report = rare_edited(project, "MADE = tuple(choose(1))\n", run="app.choose(10)")
    assert ("MADE" in endings(report)) is not TELLS


def test_a_module_that_is_loaded_late_may_call_what_ran_before(project: Project) -> None:
    helper, _ = project.load(helper=CHOOSES, app="import helper\n")
    helper.choose(10)
    late = project.load(late="from helper import choose\nMADE = tuple(choose(10))\n")
    project.save(helper=CHOOSES.replace("return [n]", "return [n, 'rare']"))
    assert late.MADE == (10, "rare")


def test_a_statement_of_a_batch_may_be_the_first_to_call(project: Project) -> None:
    app, _ = rare_edited(project, "MADE = tuple(choose(1))\n")
    project.save(app="from helper import choose\nMADE = tuple(choose(11))\n")
    assert app.MADE == (11, "rare")
    project.save(helper=CHOOSES.replace("return [n]", "return [n, 'other']"))
    assert app.MADE == (11, "other")


def test_an_edited_function_may_be_called_by_the_next_module(project: Project) -> None:
    """Its code is a new one, which has to be watched like the old one."""
    rare_edited(project, "")
    late = project.load(late="from helper import choose\nMADE = tuple(choose(10))\n")
    project.save(helper=CHOOSES.replace("return [n]", "return [n, 'last']"))
    assert late.MADE == (10, "last")


def test_a_module_that_nobody_saw_may_have_called_anything(project: Project) -> None:
    helper, _ = project.load(helper=CHOOSES, app="import helper\n")
    text = "from helper import choose\nMADE = tuple(choose(10))\n"
    project.write(unseen=text)
    module = type(sys)("unseen")
    module.__file__ = str(project.path("unseen"))
    code = compile(text, module.__file__, "exec")
    exec(code, module.__dict__)
    sys.modules["unseen"] = module
    project.save(helper=CHOOSES.replace("return [n]", "return [n, 'rare']"))
    assert module.MADE == (10, "rare")
    assert helper.choose(10) == [10, "rare"]


def test_new_functions_and_renamed_ones_are_followed(project: Project) -> None:
    app, _ = rare_edited(project, "MADE = tuple(choose(10))\n")
    project.save(helper=CHOOSES.replace("rare", "seldom").replace("return [n]", "return [n, 'new']"))
    assert app.MADE == (10, "new")


def test_a_method_that_comes_in_the_place_of_an_inherited_one(project: Project) -> None:
    text = "class A:\n    def part(self): return 1\n    def whole(self): return self.part()\nclass B(A):\n    pass\n"
    app = project.load(text + "MADE = B().whole()\n")
    project.save(text.replace("    pass", "    def part(self): return 2") + "MADE = B().whole()\n")
    assert app.MADE == 2


CACHED = """
from functools import lru_cache
def rate(): return 1
class Shop:
    def price(self): return rate() * 2
SHOP = Shop()
@lru_cache
def asked(n): return n * SHOP.price()
"""


def test_what_a_cache_holds_was_made_while_the_program_ran(project: Project) -> None:
    app = project.load(CACHED)
    assert app.asked(3) == 6
    assert said(project.save(CACHED.replace("return 1", "return 10"))) == ["RLD601"]
    assert app.asked(3) == 60


def test_without_a_free_place_for_tools_everything_may_have_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(project.engine.recorder.started), "_has_place", lambda _: False)
    app, report = rare_edited(project, "MADE = tuple(choose(1))\n")
    assert app.MADE == (1, 1)
    assert "MADE" in endings(report)
