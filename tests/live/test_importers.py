"""Which modules are looked at when a name changed: all that may read it, and few others."""

from __future__ import annotations

import sys

from live_project import Project, endings


def dependents(project: Project, name: str) -> set[str]:
    """The modules that may read names of a module, as the engine sees them."""
    modules = project.engine.modules
    modules.refresh()
    modules.importers.update(modules.all())
    own = modules.named(name)
    assert own is not None
    return {m.name for m in modules.importers.of(own)}


def test_importers_are_found_by_all_forms_of_import(project: Project) -> None:
    project.load(
        **{
            "pkg/__init__": "",
            "pkg/own": "A = 1\n",
            "pkg/other": "B = 2\n",
            "pkg/relative": "from .own import A\n",
            "whole": "import pkg.own\n",
            "taken": "from pkg import own as o\n",
            "inside": "def f():\n    from pkg.own import A\n    return A\n",
            "sibling": "import pkg.other\nC = pkg.own.A\n",
            "farther": "import taken\nC = taken.o.A\n",
            "stranger": "from pkg.other import B\nA = 1\n",
        }
    )
    assert dependents(project, "pkg.own") >= {"pkg.relative", "whole", "taken", "inside", "sibling", "farther"}
    assert "stranger" not in dependents(project, "pkg.own")
    report = project.save(**{"pkg/own": "A = 5\n"})
    assert endings(report) == {"A": "ran", "from .own import A": "ran", "C": "ran"}


def test_a_module_that_was_put_among_the_names_is_found(project: Project) -> None:
    project.load(own="A = 1\n", late="import sys\nm = sys.modules['own']\nB = m.A\n")
    assert endings(project.save(own="A = 2\n"))["B"] == "ran"


def test_a_new_import_is_seen_in_the_batch_that_brings_it_and_after(project: Project) -> None:
    project.load(own="A = 1\n", user="B = 0\n")
    project.save(user="from own import A\nB = A\n")
    assert "user" in dependents(project, "own")
    assert endings(project.save(own="A = 2\n"))["B"] == "ran"
    project.save(user="B = 0\n")
    assert "user" not in dependents(project, "own")


def test_what_left_is_forgotten(project: Project) -> None:
    project.load(own="A = 1\n", user="import own\n")
    assert "user" in dependents(project, "own")
    del sys.modules["user"]
    assert "user" not in dependents(project, "own")
