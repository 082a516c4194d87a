"""The migration that is written for objects which lack attributes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reload_lsp.source.migration import stub_for

PLAIN = """
class Node:
    def __init__(self, name, depth=1, *, tags=()):
        label = name.upper()
        self.name = name
        self.depth = depth
        self.children = []
        self.tags = list(tags)
        self.label = label
        self.home: str = ROOT + "/"
"""

VALUES = [
    ("children", "self.children = []"),
    ("depth", "self.depth = 1"),
    ("home", "self.home = ROOT + '/'"),
]


@pytest.mark.parametrize(("field", "line"), VALUES)
def test_the_value_is_the_one_that_a_new_object_gets(field: str, line: str) -> None:
    stub = stub_for(PLAIN, "Node", [field])
    assert stub is not None and stub.unknown == ()
    assert (
        stub.text
        == f'\n    def __reload_instance__(self, old):\n        if "{field}" not in old:\n            {line}\n'
    )
    assert stub.line == len(PLAIN.splitlines())


@pytest.mark.parametrize("field", ["name", "tags", "label", "elsewhere"])
def test_a_value_that_only_the_call_knew_is_left_to_the_user(field: str) -> None:
    stub = stub_for(PLAIN, "Node", [field])
    assert stub is not None and stub.unknown == (field,)
    assert f'raise NotImplementedError("choose what {field} is' in stub.text


def test_dataclass_fields_frozen_or_not() -> None:
    text = dedent("""
        @dataclass({})
        class P:
            x: int
            tags: list = field(default_factory=list)
            n: int = field(default=4)
            f: object = field(default_factory=lambda: [0])
    """)
    plain, frozen = (stub_for(text.format(o), "P", ["tags", "n", "f", "x"]) for o in ("", "frozen=True"))
    assert plain is not None and frozen is not None
    for line in ("self.tags = list()", "self.n = 4", "self.f = [0]"):
        assert line in plain.text
    assert 'object.__setattr__(self, "n", 4)' in frozen.text
    assert plain.unknown == ("x",)


def test_nested_classes_and_those_that_cannot_be_extended() -> None:
    nested = stub_for("class A:\n  class B:\n    x: int = 1\n", "A.B", ["x"])
    assert nested is not None and nested.text.startswith("\n    def ") and nested.line == 3
    assert stub_for("class A: x = 1\n", "A", ["x"]) is None
    assert stub_for("class A:\n    def __reload_instance__(self, old): pass\n", "A", ["x"]) is None
    assert stub_for("x = 1\n", "A", ["x"]) is None


def test_what_is_written_is_python_in_its_place() -> None:
    stub = stub_for(PLAIN, "Node", ["children", "depth"])
    assert stub is not None
    lines = PLAIN.splitlines(True)
    space: dict[str, object] = {"ROOT": ""}
    exec("".join([*lines[: stub.line], stub.text, *lines[stub.line :]]), space)
    node = space["Node"]
    assert isinstance(node, type)
    old = object.__new__(node)
    old.__reload_instance__({"depth": 7})
    assert vars(old) == {"children": []}
