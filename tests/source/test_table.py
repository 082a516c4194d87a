"""A text as a table of statements: kinds, names, places and what is folded away."""

from __future__ import annotations

import ast
import itertools
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.source.statement import Statement, parse
from reload_lsp.source.table import statements_of, static_test, table

STATEMENTS = (
    "x = 1",
    "a, *b = 1, 2",
    "n: int = 0",
    "n: int",
    "x += 1",
    "x[0] = 'ä€𝒳'; y = 'ü'",
    "import os, sys",
    "from os import (\n    path,\n)",
    "def f(a=1):\n    return 'é', a",
    "@d(1)\n@e\ndef g():\n    '''Doc.\n\n  text'''",
    "async def h():\n    await x",
    "class C(B):\n    y = 1\n    class D:\n        def m(self): pass",
    "if x:\n    y = 1\nelse:\n    y = 2",
    "for i in x: pass",
    "with x as y:\n    pass",
    "try:\n    x\nexcept E:\n    pass",
    "print('hi')",
    "'''text\nand more'''",
    "del x",
    "assert x",
    "pass",
    "x = '''\n# not a comment\n    indented'''",
    "if TYPE_CHECKING:\n    import a\n    from b import c",
    "if not TYPE_CHECKING:\n    q = 1\nelse:\n    r = 2",
)
texts = st.lists(st.sampled_from([*STATEMENTS, "# comment", "", "\f"])).map(
    lambda parts: "".join(p + "\n" for p in parts)
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(s.kind, s.name) for s in table(dedent(text))]


def test_every_statement_has_a_kind_and_the_name_it_binds() -> None:
    assert kinds(
        """
        '''The docstring.'''
        import os
        X = 1
        a, b = 1, 2
        n: int
        n += 1
        def f(): pass
        async def g(): pass
        class C: pass
        print(X)
        X.y = 1
        del X
        if X:
            Y = 1
        """
    ) == [
        ("text", ""),
        ("import", ""),
        ("bind", "X"),
        ("bind", "a"),
        ("bind", "n"),
        ("effect", ""),
        ("function", "f"),
        ("function", "g"),
        ("class", "C"),
        ("effect", ""),
        ("effect", ""),
        ("effect", ""),
        ("block", ""),
    ]


def test_statements_on_one_line_have_columns_of_their_own() -> None:
    first, second = table("a = 1; b = 2\n")
    assert (first.text, first.line, first.column, first.end_column) == ("a = 1", 0, 0, 5)
    assert (second.text, second.line, second.column, second.end_column) == ("b = 2", 0, 7, 12)


def test_columns_count_code_points_not_bytes() -> None:
    _, second = table("a = 'ä€𝒳'; b = 'é'\n")
    assert (second.text, second.column, second.end_column) == ("b = 'é'", 11, 18)


def test_decorators_belong_to_their_definition() -> None:
    [definition] = table("@first\n@second(\n    1\n)\ndef f():\n    pass\n")
    assert (definition.kind, definition.line, definition.end_line) == ("function", 0, 5)
    assert definition.text.startswith("@first\n@second(")


def test_a_class_is_one_statement_and_its_body_a_table() -> None:
    text = "class A:\n    x = 1\n    class B:\n        y = 2\n    def m(self): pass\n"
    [statement] = table(text)
    assert (statement.kind, statement.end_line) == ("class", 4)
    node = parse(statement)
    assert isinstance(node, ast.ClassDef)
    members = [s for s, _ in statements_of(node.body, text)]
    assert [(m.kind, m.name, m.line) for m in members] == [
        ("bind", "x", 1),
        ("class", "B", 2),
        ("function", "m", 4),
    ]


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("TYPE_CHECKING", False),
        ("typing.TYPE_CHECKING", False),
        ("not TYPE_CHECKING", True),
        ("sys.version_info >= (3, 8)", True),
        ("sys.version_info < (3, 8)", False),
        ("sys.version_info[0] >= 3", None),
        ("sys.version_info >= 3", None),
        ("sys.platform == 'no-such-platform'", False),
        ("sys.platform != 'no-such-platform'", True),
        ("os.name == WANTED", None),
        ("DEBUG", None),
        ("TYPE_CHECKING or DEBUG", None),
    ],
)
def test_tests_with_one_answer_for_good(test: str, verdict: bool | None) -> None:
    assert static_test(ast.parse(test, mode="eval").body) is verdict


def test_the_branch_that_runs_stands_at_the_top_level_and_the_other_is_dead() -> None:
    assert kinds(
        """
        if TYPE_CHECKING:
            import a
        else:
            b = 1
        if sys.version_info >= (3, 8):
            def f(): pass
        """
    ) == [("dead", ""), ("bind", "b"), ("function", "f")]


def test_folds_within_folds() -> None:
    assert kinds(
        """
        if sys.version_info >= (3, 8):
            if TYPE_CHECKING:
                import a
            x = 1
        """
    ) == [("dead", ""), ("bind", "x")]


def test_a_fold_without_lines_of_its_own_stays_a_block() -> None:
    assert kinds("if TYPE_CHECKING: import a\n") == [("block", "")]
    assert kinds("if TYPE_CHECKING:\n    import a\nelif x:\n    y = 1\n") == [("block", "")]


@pytest.mark.parametrize("text", ["def f(:\n", "x = (\n", "  x = 1\n"])
def test_a_text_that_does_not_parse_raises(text: str) -> None:
    with pytest.raises(SyntaxError):
        table(text)


def test_keys_name_what_stays_the_same_when_the_text_changes() -> None:
    keys = [s.key for s in table("X = 1\nX.append(1)\nfrom os import path\nimport sys as s\n")]
    assert keys == [("name", "X"), ("effect", "X.append"), ("import", "from os"), ("import", "import sys")]


def test_labels_are_short_enough_for_a_message() -> None:
    long, name = table(f"print({'x' * 100!r})\nX = 1\n")
    assert (len(long.label), name.label) == (48, "X")


@given(texts)
def test_the_table_covers_all_of_the_statements(text: str) -> None:
    covered = {line for s in table(text) for line in range(s.line, s.end_line + 1)}
    skipped = {n for n, line in enumerate(text.split("\n")) if line.startswith(("if ", "else:")) or not line.strip()}
    skipped |= {n for n, line in enumerate(text.split("\n")) if line == "# comment"}
    assert set(range(text.count("\n"))) - skipped <= covered


@given(texts)
def test_statements_stand_in_order_and_do_not_overlap(text: str) -> None:
    places = sorted(((s.line, s.column), (s.end_line, s.end_column)) for s in table(text))
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))


@given(texts)
def test_a_statement_parsed_alone_is_what_it_is_in_its_file(text: str) -> None:
    for statement, node in statements_of(ast.parse(text).body, text):
        alone = parse(statement)
        assert ast.dump(alone) == ast.dump(node)
        assert (alone.lineno, alone.end_lineno) == (node.lineno, node.end_lineno)


def test_parse_can_place_a_statement_elsewhere() -> None:
    statement = Statement("bind", "x", 3, 0, 3, 5, "x = 1")
    assert (parse(statement).lineno, parse(statement, line=0).lineno) == (4, 1)
