"""A table made from the one before is the table of the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reload_lsp.source import retable
from reload_lsp.source.retable import edited_table
from reload_lsp.source.table import known_table

LINES = [
    "import a",
    "x = 1; y = 2",
    "def f():",
    "    return 1",
    "    pass",
    "class K:",
    "    def m(self):",
    "        return [",
    "        ]",
    '"""',
    "'''text'''",
    "if TYPE_CHECKING:",
    "    import b",
    "else:",
    "    z = 3",
    "if x:",
    "    w = 4",
    "@decorated",
    "# a comment",
    "",
    "t = (",
    "    1,",
    ")",
    "s = '\\",
    "'",
    "try:",
    "except E:",
    "    q = 5",
    "v = 1 \\",
    "    + 2",
]


def outcome(make):
    try:
        return make()
    except (SyntaxError, ValueError) as error:
        return type(error)


@pytest.fixture(autouse=True)
def no_text_is_short(monkeypatch):
    monkeypatch.setattr(retable, "SHORT", 0)


TEXTS = st.lists(st.sampled_from(LINES), max_size=14)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_random_edits_of_random_texts(lines, data):
    at = data.draw(st.integers(0, len(lines)))
    gone = data.draw(st.integers(0, 3))
    edited = [*lines[:at], *data.draw(st.lists(st.sampled_from(LINES), max_size=3)), *lines[at + gone :]]
    before, after = "\n".join(lines), "\n".join(edited)
    retable.SHORT = 0
    old = outcome(lambda: known_table(before))
    if isinstance(old, list) and is_python(before) and is_python(after):
        assert edited_table(before, old, after) == known_table(after)


def is_python(text):
    try:
        compile(text, "x", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


FUNCTIONS = "".join(f"def f{i}():\n    return {i}\n\n\n" for i in range(50))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FUNCTIONS, FUNCTIONS.replace("return 25", "return 99")),
        (FUNCTIONS, FUNCTIONS.replace("return 25", "x = 1\n    return x")),
        (FUNCTIONS, FUNCTIONS.replace("    return 25", '    """')),
        (FUNCTIONS, FUNCTIONS + "x = 1"),
        (FUNCTIONS, "x = 1\n" + FUNCTIONS),
        (FUNCTIONS, FUNCTIONS.replace("def f25():", "@decorated\ndef f25():")),
        ("@decorated\n" + FUNCTIONS, "@other\n" + FUNCTIONS),
        (FUNCTIONS + "if TYPE_CHECKING:\n    a = 1\n    b = 2\n", FUNCTIONS + "if other:\n    a = 1\n    b = 2\n"),
        (FUNCTIONS, ""),
        (FUNCTIONS, FUNCTIONS),
    ],
)
def test_edits_of_every_place(before, after):
    expected = outcome(lambda: known_table(after))
    assert outcome(lambda: edited_table(before, known_table(before), after)) == expected


def test_what_the_edit_left_alone_is_not_read_again():
    old = known_table(FUNCTIONS)
    new = edited_table(FUNCTIONS, old, FUNCTIONS.replace("return 25", "return 99"))
    assert sum(a is b for a, b in zip(old, new, strict=True)) >= len(old) - 2
