"""An import statement's names, read off its text, are those that its syntax tree has; other forms are left to the parser."""

from __future__ import annotations

import ast

import pytest

from reload_lsp.source.import_names import import_names
from reload_lsp.source.names import names_of

READ = [
    "import a",
    "import a.b.c",
    "import a.b as c, d",
    "from a import b",
    "from a.b import c as d, e",
    "from . import a",
    "from ..a import (b, c as d,)",
    "from a import (\n    b,\n    c as d,\n)",
    "from a import *",
    "from .a import *",
]
LEFT = [
    "from a import (\n    b,  # why\n    c,\n)",
    "import a, \\\n    b",
    "import a; b = 1",
    " from a import b",
    "x = 1",
]


@pytest.mark.parametrize("text", READ)
def test_what_is_read_is_what_the_parser_says(text: str) -> None:
    assert import_names(text) == names_of(ast.parse(text).body[0])


@pytest.mark.parametrize("text", LEFT)
def test_what_is_left_to_the_parser(text: str) -> None:
    assert import_names(text) is None
