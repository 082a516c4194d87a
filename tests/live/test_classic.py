"""The classic ways: modules and their dependents reloaded whole, or unloaded; what that breaks is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from live_project import Project, said

from reload_lsp.findings.values import Report
from reload_lsp.live.requests import Place, ReloadError

MODELS = "LIMIT = 1\n\n\nclass Node:\n    pass\n\n\ndef make():\n    return Node()\n"
SERVICES = "from models import Node, make\n\nKIND = Node\nfirst = make()\n"
API = "import services\nimport models\n\nBEST = services.KIND\n"


@pytest.fixture
def program(project: Project) -> Iterator[Any]:
    models, services, api = project.load(models=MODELS, services=SERVICES, api=API)
    yield models, services, api


def classic(project: Project, *names: str) -> Report:
    return project.engine.reload_modules([str(project.path(name)) for name in names])


def unload(project: Project, *names: str) -> Report:
    return project.engine.unload([str(project.path(name)) for name in names])


def test_a_module_and_its_dependents_are_reloaded_in_order(project: Project, program: Any) -> None:
    models, services, api = program
    old = models.Node
    project.write(models=MODELS.replace("LIMIT = 1", "LIMIT = 2"))
    report = classic(project, "models")
    assert (report.outcome, report.modules) == ("applied", ("models", "services", "api"))
    assert models.LIMIT == 2
    assert models.Node is not old
    assert services.KIND is models.Node and api.BEST is models.Node
    assert type(services.first) is models.Node
    assert project.engine.changed() == []


def test_only_what_depends_on_it_is_reloaded(project: Project, program: Any) -> None:
    assert classic(project, "services").modules == ("services", "api")


def test_an_import_that_the_edit_adds_counts(project: Project) -> None:
    project.load(late="x = 1\n", early="y = 1\n")
    late, early = (str(project.path(n)) for n in ("late", "early"))
    project.write(late="import early\nx = early.y\n")
    assert project.engine.reload_modules([late, early]).modules == ("early", "late")


def test_objects_of_the_class_before_are_counted(project: Project, program: Any) -> None:
    models, *_ = program
    kept = [models.Node(), models.Node()]
    report = classic(project, "models")
    [finding] = report.findings
    assert (finding.code, finding.count and finding.count.n, finding.range.start.line) == ("RLD206", 2, 3)
    assert not isinstance(kept[0], models.Node)


def test_functions_held_elsewhere_lost_items_repeated_effects_and_leftovers_are_said(project: Project) -> None:
    app = project.load(
        """
        import atexit

        seen = []
        atexit.register(int, 1)


        def job():
            return 1


        def gone():
            return 2
        """
    )
    import atexit

    table = {"job": app.job}
    app.seen.extend("abc")
    project.write(project.path().read_text(encoding="utf-8").replace("\n\ndef gone():\n    return 2\n", ""))
    report = classic(project, "app")
    atexit.unregister(int)
    assert sorted(said(report)) == ["RLD204", "RLD209", "RLD304", "RLD311"]
    assert {f.code: f.count and f.count.n for f in report.findings} == {
        "RLD204": 1, "RLD209": 1, "RLD304": None, "RLD311": 3,
    }  # fmt: skip
    assert table["job"] is not app.job


def test_what_holds_the_old_objects_can_be_given_the_new_ones(project: Project, program: Any) -> None:
    models, *_ = program
    kept, table, order = models.Node(), {"make": models.make}, [models.make]
    project.write(models=MODELS.replace("return Node()", "return 5"))
    report = classic(project, "models")
    assert {f.code: f.count and f.count.n for f in report.findings} == {"RLD206": 1, "RLD204": 2}
    places = [Place(str(project.path("models")), f.range.start.line) for f in report.findings]
    done = project.engine.rebind(places)
    assert (done.outcome, done.findings) == ("applied", ())
    assert type(kept) is models.Node
    assert (table["make"](), order[0]()) == (5, 5)


def test_what_cannot_follow_is_said(project: Project) -> None:
    app = project.load("class A:\n    pass\n\n\ndef f():\n    pass\n")
    kept, pair = app.A(), (app.f, 1)
    project.write("class A:\n    __slots__ = ('x',)\n\n\ndef f():\n    pass\n")
    report = classic(project, "app")
    places = [Place(str(project.path()), f.range.start.line) for f in report.findings]
    left = project.engine.rebind(places)
    assert {f.code: f.count and f.count.n for f in left.findings} == {"RLD206": 1, "RLD204": 1}
    assert pair[0] is not app.f and type(kept) is not app.A


def test_nothing_to_rebind(project: Project, program: Any) -> None:
    with pytest.raises(ReloadError, match="nothing to rebind"):
        project.engine.rebind([Place(str(project.path("models")), 3)])


def test_one_that_raises_puts_all_of_them_back(project: Project, program: Any) -> None:
    models, services, _ = program
    before = dict(models.__dict__)
    project.write(
        models=MODELS.replace("LIMIT = 1", "LIMIT = 2"), services=SERVICES + "import fresh\n1 / 0\n", fresh=""
    )
    report = classic(project, "models")
    assert (report.outcome, said(report)) == ("rolled-back", ["RLD901"])
    assert report.findings[0].range.start.line == 5
    assert models.__dict__ == before and services.KIND is models.Node
    assert "fresh" not in sys.modules


def test_an_unloaded_module_is_loaded_anew_when_it_is_imported(project: Project, program: Any) -> None:
    models, services, api = program
    report = unload(project, "models")
    assert report.outcome == "applied" and "models" not in sys.modules
    assert not hasattr(api, "models")
    import models as again  # type: ignore[import-not-found]

    assert again is not models
    del services, sys.modules["models"]


def test_who_still_holds_it_is_said_with_places(project: Project, program: Any) -> None:
    [finding] = unload(project, "models").findings
    assert finding.code == "RLD204"
    assert "4 names in other modules, 1 live object of its classes" in finding.message
    assert [(r.path.rpartition("/")[2], r.range.start.line) for r in finding.related][:2] == [("services.py", 0)] * 2
    assert "services.KIND" in "".join(r.message for r in finding.related)


def test_nothing_holds_a_module_that_nobody_uses(project: Project) -> None:
    project.load(**{"pkg/__init__": "", "pkg/lone": "x = 1\n"})
    report = unload(project, "pkg/lone")
    assert (report.outcome, report.findings) == ("applied", ())
    assert not hasattr(sys.modules["pkg"], "lone")


def test_what_is_not_loaded(project: Project, program: Any) -> None:
    for work in (project.engine.reload_modules, project.engine.unload):
        assert work(["/nowhere/x.py"]).outcome == "no-effect"


@pytest.mark.parametrize("way", [classic, unload])
def test_an_undo_that_would_have_to_take_it_back_says_that_it_cannot(project: Project, program: Any, way: Any) -> None:
    project.save(models=MODELS.replace("LIMIT = 1", "LIMIT = 2"))
    assert way(project, "models").outcome == "applied"
    report = project.engine.undo()
    assert (report.outcome, said(report)) == ("refused", ["RLD902"])
    project.save(api=API + "X = 1\n")
    assert project.engine.undo().outcome == "applied"
    assert said(project.engine.undo()) == ["RLD902"]


def test_what_had_happened_before_it_failed_is_said(project: Project) -> None:
    text = "import atexit\ndef bye(): pass\natexit.register(bye)\nX = {}\natexit.register(bye)\n"
    project.load(text.format("1"))
    project.write(text.format("1 / 0"))
    report = classic(project, "app")
    assert said(report) == ["RLD901", "RLD902"]
    assert "atexit.register (line 3 of app)" in report.findings[1].message
    assert "line 5" not in report.findings[1].message
