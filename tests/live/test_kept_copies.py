"""What a batch keeps to put back is of a kind of its own: whoever looks for the registries of an object does not find it."""

from __future__ import annotations

import sys

from live_project import Project

from reload_lsp.live.journal import fill, kept
from reload_lsp.live.registered import containers_of

BASE = "ALL = []\nclass Base:\n    def __init_subclass__(cls):\n        ALL.append(cls)\n        cls.tag = {}\n"


def test_a_kept_copy_holds_the_same_and_is_no_registry() -> None:
    entry = type("Entry", (), {})()  # one that the collector knows
    registry, table = [entry], {1: entry}
    copies = kept(registry), kept(table)
    assert sorted(map(id, containers_of((entry,)))) == sorted(map(id, (registry, table)))
    registry.clear(), table.clear()
    fill(registry, copies[0])
    fill(table, copies[1])
    assert (registry, table) == ([entry], {1: entry})


def test_many_classes_of_one_registry_are_made_again_in_their_places(project: Project) -> None:
    parts = "import base\n" + "".join(f"class Part{i}(base.Base):\n    size = {{0}}\n" for i in range(25))
    project.load(base=BASE.format(1), app=parts.format(1))
    report = project.save(base=BASE.format(2), app=parts.format(2))
    every = sys.modules["base"].ALL
    assert report.outcome == "applied"
    assert [c.__name__ for c in every] == [f"Part{i}" for i in range(25)]
    assert {(c.tag, c.size) for c in every} == {(2, 2)}
