"""The user's word in comments."""

from __future__ import annotations

import pytest

from reload_lsp.plan.markers import NONE, Markers, markers_at, module_markers


@pytest.mark.parametrize(
    ("comment", "markers"),
    [
        ("# reload: keep", Markers(keep=True)),
        ("#reload: rerun", Markers(rerun=True)),
        ("#  reload:  never", Markers(never=True)),
        ("# reload: ignore[RLD301]", Markers(ignored=frozenset(["RLD301"]))),
        ("# reload: ignore[RLD301, RLD302]", Markers(ignored=frozenset(["RLD301", "RLD302"]))),
        ("# why not  # reload: keep", Markers(keep=True)),
        ("# reload: keep  # reload: ignore[RLD106]", Markers(keep=True, ignored=frozenset(["RLD106"]))),
        ("# reload: something", NONE),
        ("# keep", NONE),
    ],
)
def test_comments(comment: str, markers: Markers) -> None:
    assert markers_at([f"x = 1  {comment}"], 0) == markers
    assert markers_at([comment, "x = 1"], 1) == markers


def test_a_comment_at_the_end_of_the_line_above_belongs_to_that_line() -> None:
    assert markers_at(["x = 1  # reload: keep", "y = 2"], 1) == NONE


def test_a_comment_further_up_belongs_to_nothing() -> None:
    assert markers_at(["# reload: keep", "", "x = 1"], 2) == NONE


def test_the_comments_of_both_lines_hold() -> None:
    lines = ["# reload: keep", "x = 1  # reload: ignore[RLD308]"]
    assert markers_at(lines, 1) == Markers(keep=True, ignored=frozenset(["RLD308"]))


def test_a_comment_below_the_first_line_of_a_statement_is_not_read() -> None:
    assert markers_at(["x = [", "    1,  # reload: keep", "]"], 0) == NONE


def test_the_first_comment_block_holds_for_the_module() -> None:
    assert module_markers(["# The settings.", "# reload: keep", "", "x = 1"]) == Markers(keep=True)
    assert module_markers(["#!/usr/bin/python", "# reload: never", "", "import os"]) == Markers(never=True)


def test_a_block_that_stands_on_the_first_statement_is_that_statements_own() -> None:
    assert module_markers(["# reload: keep", "x = 1", "y = 2"]) == NONE


def test_later_comments_do_not_hold_for_the_module() -> None:
    assert module_markers(["x = 1", "", "# reload: keep", "", "y = 2"]) == NONE
    assert module_markers(["", "# reload: keep", "", "y = 2"]) == NONE
    assert module_markers([]) == NONE


def test_what_two_places_say_is_joined() -> None:
    one, two = (
        Markers(keep=True, ignored=frozenset(["RLD301"])),
        Markers(never=True, ignored=frozenset(["RLD302"])),
    )
    assert one.joined(two) == Markers(keep=True, never=True, ignored=frozenset(["RLD301", "RLD302"]))
