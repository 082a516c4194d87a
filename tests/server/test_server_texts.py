"""Places, edits and texts: pure parts, against simple models."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as t

from reload_lsp.findings.values import Position, Range
from reload_lsp.plan.markers import module_markers
from reload_lsp.server.comments import insertion, module_insertion
from reload_lsp.server.documents import Document, Documents
from reload_lsp.server.edits import edit_of, inverse, moved, whole_edit
from reload_lsp.server.lines import split_lines
from reload_lsp.server.positions import from_client, to_client
from reload_lsp.server.texts import problem_in

texts = st.text(alphabet="ab é😀\n\r\x0c\u2028", max_size=30)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(texts)
def test_lines_hold_the_whole_text_and_end_where_lsp_says(text):
    lines = split_lines(text)
    assert "".join(lines) == text
    assert all(not set("\r\n") & set(line.rstrip("\r\n")) for line in lines)
    assert not lines[-1].endswith(("\n", "\r"))


@given(texts, encodings, st.data())
def test_positions_survive_the_way_to_the_client_and_back(text, encoding, data):
    lines = split_lines(text)
    line = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[line].rstrip("\r\n"))))
    place = Position(line, column)
    assert from_client(lines, to_client(lines, place, encoding), encoding) == place


def offset(lines: list[str], place: Position) -> int:
    return sum(map(len, lines[: place.line])) + place.column


@given(texts, texts, encodings, st.data())
def test_incremental_changes_are_what_they_say(text, put, encoding, data):
    lines = split_lines(text)

    def draw() -> Position:
        line = data.draw(st.integers(0, len(lines) - 1))
        return Position(line, data.draw(st.integers(0, len(lines[line].rstrip("\r\n")))))

    first, last = sorted((draw(), draw()), key=lambda place: (place.line, place.column))
    document = Document("file:///a", "/a", "/a", 1, list(lines), 1)
    where = t.Range(to_client(lines, first, encoding), to_client(lines, last, encoding))
    document.change(2, t.TextDocumentContentChangePartial(where, put), encoding)
    expected = text[: offset(lines, first)] + put + text[offset(lines, last) :]
    assert document.text == expected
    if "\r" not in text + put:
        assert document.lines == split_lines(expected)


def at(line: int, start: int, end: int) -> Range:
    return Range.of(line, start, line, end)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (edit_of(at(0, 0, 0), "x\n"), at(3, 4, 8)),
        (edit_of(at(2, 0, 0), "ab"), at(2, 6, 10)),
        (edit_of(at(2, 4, 4), "ab"), at(2, 6, 10)),
        (edit_of(at(2, 8, 8), "ab"), at(2, 4, 8)),
        (edit_of(at(2, 5, 6), "long"), at(2, 4, 11)),
        (edit_of(at(5, 0, 9), ""), at(2, 4, 8)),
        (edit_of(Range.of(0, 0, 2, 0), ""), at(0, 4, 8)),
        (edit_of(Range.of(1, 0, 3, 0), ""), Range.of(1, 0, 1, 0)),
    ],
)
def test_places_move_with_their_text(edit, expected):
    assert moved(at(2, 4, 8), edit) == expected


@given(st.integers(0, 5), st.integers(0, 9), texts)
def test_an_edit_taken_back_leaves_places_outside_it_where_they_were(line, column, put):
    where = at(7, 3, 5)
    edit = edit_of(Range.of(line, column, line, column), put)
    assert moved(moved(where, edit), inverse(edit)) == where


def test_a_whole_new_text_moves_only_what_is_below_the_difference():
    edit = whole_edit(["a\n", "b\n", "c\n", ""], ["a\n", "x\n", "b\n", "c\n", ""])
    assert edit and moved(at(2, 0, 1), edit) == at(3, 0, 1)
    assert moved(at(0, 0, 1), edit) == at(0, 0, 1)
    assert whole_edit(["a"], ["a"]) is None


def test_a_document_knows_what_is_unsaved():
    documents = Documents()
    document = documents.open("file:///a.py", "/a.py", 1, "a = 1\n")
    assert not documents.dirty()
    start = t.Position(0, 0)
    document.change(2, t.TextDocumentContentChangePartial(t.Range(start, start), "#\n"), "utf-16")
    assert documents.dirty() and not documents.dirty(but=["/a.py"])
    assert document.now(at(0, 0, 1), since=1) == at(1, 0, 1)
    assert document.now(at(0, 0, 1), since=2) == at(0, 0, 1)


@pytest.mark.parametrize(
    ("text", "line", "place", "put"),
    [
        ("x = f()\n", 0, (0, 7), "  # reload: keep"),
        ("x = [\n  1,\n]\n", 0, (0, 5), "  # reload: keep"),
        ("x = '''\na\n'''\n", 0, (0, 0), "# reload: keep\n"),
        ("if a:\n    x = 1 + \\\n        2\n", 1, (1, 0), "    # reload: keep\n"),
        ("x = 1  # why\n", 0, (0, 12), "  # reload: keep"),
        ("x = (\n", 0, (0, 5), "  # reload: keep"),
    ],
)
def test_where_a_comment_goes(text, line, place, put):
    assert insertion(split_lines(text), line, "keep") == (Position(*place), put)


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a = 1\nb = (\n", 1), (b"a = 1\nb = '\xff'\n", 1), (b"a\nb\0\n", 1), (b"return 1\n", 0)],
)
def test_what_cannot_be_compiled_is_placed(data, line):
    problem = problem_in(data, "a.py")
    assert problem and problem.range.start.line == line


@pytest.mark.parametrize(("wrong", "column"), [("x = 'é😀'; y = 1 2", 16), ("x = 'é😀'; return 1", 10)])
def test_columns_of_problems_are_code_points(wrong, column):
    problem = problem_in(f"{wrong}\n".encode(), "a.py")
    assert problem and problem.range.start == Position(0, column)


def test_byte_order_marks_and_coding_comments_are_no_problem():
    assert problem_in(b"\xef\xbb\xbfa = 1\n", "a.py") is None
    assert problem_in(b"# coding: latin-1\na = '\xe9'\n", "a.py") is None


def test_a_change_that_arrives_late_does_not_take_the_version_back():
    document = Documents().open("file:///a.py", "/a.py", 1, "ab\n")
    for version, column, text in ((3, 2, "d"), (2, 2, "c")):
        place = t.Range(t.Position(0, column), t.Position(0, column))
        document.change(version, t.TextDocumentContentChangePartial(place, text), "utf-16")
    assert (document.version, document.text) == (3, "abcd\n")


@pytest.mark.parametrize(
    ("text", "line", "put"),
    [
        ("a = 1\n", 0, "# reload: never\n\n"),
        ("# about\na = 1\n", 1, "# reload: never\n\n"),
        ("#!/bin/python\n# coding: utf-8\n\na = 1\n", 2, "# reload: never\n"),
        ("\na = 1\n", 0, "# reload: never\n"),
    ],
)
def test_a_comment_for_the_whole_module_goes_into_its_first_block(text, line, put):
    lines = split_lines(text)
    place, added = module_insertion(lines, "never")
    assert (place, added) == (Position(line, 0), put)
    marked = "".join([*lines[:line], added, *lines[line:]])
    assert module_markers(marked.split("\n")).never
