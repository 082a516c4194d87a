"""Who holds the live objects of a class: names of modules, attributes, containers in containers."""

from __future__ import annotations

from typing import Any

from live_project import Project

from reload_lsp.live.requests import Place
from reload_lsp.live.whose import Whose

TEXT = """
class Node:
    pass


class Tree:
    def __init__(self, root):
        self.root = root


def helper():
    pass


first = Node()
rows = [[Node()], {'a': Node()}]
tree = Tree(Node())
table = {'run': helper}
"""


def held(project: Project, line: int) -> tuple[int, list[list[Any]]]:
    modules = project.engine.modules
    modules.refresh()
    total, found = Whose(modules, (), Place(str(project.path()), line)).look()
    return total, sorted([at, what, count] for _, at, what, count in found)


def test_objects_of_a_class(project: Project) -> None:
    project.load(TEXT)
    assert held(project, 1) == (
        4,
        [
            [5, "root of a Tree object", 1],
            [14, "app.first", 1],
            [15, "app.rows in a container", 2],
        ],
    )


def test_a_function(project: Project) -> None:
    project.load(TEXT)
    total, found = held(project, 10)
    assert total == 1
    assert [17, "app.table in a container", 1] in found


def test_nothing_is_held(project: Project) -> None:
    project.load("class K: pass\n")
    assert held(project, 0) == (0, [])
