"""What a text may read, before it is parsed: never less than it does read."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.source.names import names_of
from reload_lsp.source.spelled import imported, spelled, spells


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = name + 1", [("name",)]),
        ("x = a.b.name(1)", [("a", "b", "name")]),
        ("rename = name_ = names", []),
        ("x = f().name", []),
        ("x = a. name", [None]),
        ("x = (a\n    .name)", [None]),
        ("f'{name!r}'", [("name",)]),
        ("größe.name", [("größe", "name")]),
    ],
)
def test_names_are_found_with_what_stands_before_them(text: str, found: list[tuple[str, ...] | None]) -> None:
    assert list(spelled(text, "name")) == found
    assert spells(text, "name") == bool(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a.b as c, d", [("a.b", False), ("d", False)]),
        ("from a.b import c, d", [("a.b", True)]),
        ("from .m import (c,\n    d)\n", [(".m", True)]),
        ("from .. import c", [("..", True)]),
        ("from.m import c", [(".m", True)]),
        ("import a, \\\n    b\n", [("a", False), ("b", False)]),
        ("from a \\\n    import b\n", [("a", True)]),
        ("def f():\n    if x: import a; import b\n", [("a", False), ("b", False)]),
        ("if x: from a import b\n", [("a", True)]),
    ],
)
def test_imports_are_found_anywhere(text: str, found: list[tuple[str, bool]]) -> None:
    assert list(imported(text)) == found


words = st.sampled_from(("a", "b", "name"))
chains = st.lists(words, min_size=1, max_size=3).map(".".join)
expressions = st.recursive(
    chains, lambda inner: st.tuples(inner, inner).map(lambda p: f"{p[0]}({p[1]}) . name + [{p[1]}]"), max_leaves=5
)


@given(expressions)
def test_whatever_the_tree_reads_is_spelled(text: str) -> None:
    names = names_of(ast.parse(f"x = {text}").body[0], False)
    read = {c for c in names.reads | names.calls if c[-1] == "name"}
    found = set(spelled(text, "name"))
    assert None in found or read <= found
