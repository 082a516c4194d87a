"""A migration tried out on copies, then done by the text that was written."""

from __future__ import annotations

from typing import Any

import pytest
from live_project import Project, said

from reload_lsp.live.migration import Trial, try_out
from reload_lsp.live.requests import ReloadError
from reload_lsp.source.migration import stub_for

BEFORE = """
class Node:
    def __init__(self, name):
        self.name = name
"""
AFTER = BEFORE + "        self.children = []\n"
FAILING = BEFORE + "        self.children = {1: []}[len(name)]\n"


def tried(project: Project, *fields: str) -> Trial:
    return try_out(project.engine.modules, str(project.path()), "Node", fields)


@pytest.fixture
def nodes(project: Project) -> Any:
    app = project.load(BEFORE)
    return [app.Node(name) for name in ("a", "b")]


def test_copies_are_migrated_and_the_objects_are_not(project: Project, nodes: list[Any]) -> None:
    assert said(project.save(AFTER + "\n    def size(self):\n        return len(self.children)\n")) == ["RLD106"]
    trial = tried(project, "children")
    assert (trial.total, trial.good, trial.failures) == (2, 2, ())
    assert [vars(node) for node in nodes] == [{"name": "a"}, {"name": "b"}]


def test_what_cannot_be_migrated_is_said_with_its_reason(project: Project, nodes: list[Any]) -> None:
    project.save(FAILING)
    assert tried(project, "children").failures == (
        ("NotImplementedError: choose what children is for objects made before it", 2),
    )


def test_the_written_migration_does_what_the_trial_promised(project: Project, nodes: list[Any]) -> None:
    project.save(AFTER)
    stub = stub_for(AFTER, "Node", ["children"])
    assert stub is not None
    report = project.save(AFTER + stub.text)
    assert (report.outcome, said(report)) == ("applied", [])
    assert [node.children for node in nodes] == [[], []]


def test_a_class_that_is_not_there(project: Project, nodes: list[Any]) -> None:
    with pytest.raises(ReloadError, match="no class Nodes"):
        try_out(project.engine.modules, str(project.path()), "Nodes", ["x"])
