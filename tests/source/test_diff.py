"""Two versions of a text: which statement is which."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.source.diff import Pairing, pair
from reload_lsp.source.table import table

LINES = (
    "X = 1",
    "X = 2",
    "Y = X",
    "def _(): return 1",
    "def _(): return 2",
    "def f(): pass",
    "f()",
    "f(1)",
    "import os",
    "from os import path",
    "if X:\n    Z = 1",
)
texts = st.lists(st.sampled_from(LINES), max_size=12).map(lambda lines: "".join(line + "\n" for line in lines))


def paired(old: str, new: str) -> Pairing:
    return pair(table(old), table(new))


def test_equal_texts_pair_in_order() -> None:
    assert paired("a = 1\nb = 2\n", "a = 1\nb = 2\n") == Pairing((0, 1), ())


def test_an_edited_statement_pairs_by_what_it_binds() -> None:
    assert paired("a = 1\nb = 2\n", "a = 1\nb = 3\n") == Pairing((0, 1), ())


def test_added_and_removed_statements_have_no_partner() -> None:
    assert paired("a = 1\nb = 2\n", "a = 1\nc = 3\n") == Pairing((0, None), (1,))


def test_a_moved_statement_is_the_same_one() -> None:
    assert paired("a = 1\nb = 2\nc = 3\n", "c = 3\na = 1\nb = 2\n") == Pairing((2, 0, 1), ())


def test_text_goes_before_name() -> None:
    assert paired("x = 1\nx = 2\n", "x = 2\n") == Pairing((1,), (0,))


def test_functions_of_one_name_pair_by_text_first_then_in_order() -> None:
    old = "def _(): return 1\ndef _(): return 2\ndef _(): return 3\n"
    new = "def _(): return 1\ndef _(): return 20\ndef _(): return 3\n"
    assert paired(old, new) == Pairing((0, 1, 2), ())
    assert paired(old, "def _(): return 3\ndef _(): return 10\n") == Pairing((2, 0), (1,))


def test_a_call_pairs_with_a_call_of_the_same_thing() -> None:
    assert paired("app.add(1)\nlog.info(1)\n", "log.info(2)\napp.add(2)\n") == Pairing((1, 0), ())


def test_a_name_that_becomes_another_kind_of_thing_is_still_that_name() -> None:
    assert paired("f = 1\n", "def f(): pass\n") == Pairing((0,), ())


def test_a_statement_that_comes_alive_is_paired_by_its_name() -> None:
    pairing = paired("if TYPE_CHECKING:\n    X = 1\n", "X = 1\n")
    assert pairing == Pairing((0,), ())


@given(texts, texts)
def test_a_pairing_is_a_partial_bijection(old: str, new: str) -> None:
    pairing = paired(old, new)
    used = [i for i in pairing.old_of if i is not None]
    assert len(pairing.old_of) == len(table(new))
    assert sorted([*used, *pairing.removed]) == list(range(len(table(old))))


@given(texts, texts)
def test_every_text_that_stands_in_both_is_paired_with_itself(old: str, new: str) -> None:
    before, after = table(old), table(new)
    same = [j for j, i in enumerate(paired(old, new).old_of) if i is not None and before[i].text == after[j].text]
    shared = Counter(s.text for s in before) & Counter(s.text for s in after)
    assert Counter(after[j].text for j in same) == shared


@given(texts)
def test_a_text_pairs_with_itself_in_place(text: str) -> None:
    count = len(table(text))
    assert paired(text, text) == Pairing(tuple(range(count)), ())


@given(texts, texts)
def test_nothing_is_both_added_and_removed(old: str, new: str) -> None:
    before, after = table(old), table(new)
    pairing = paired(old, new)
    added = {after[j].key for j, i in enumerate(pairing.old_of) if i is None}
    assert added.isdisjoint(before[i].key for i in pairing.removed)


OVERLOADED = "@overload\ndef f(x: int): ...\n@overload\ndef f(x: str): ...\n"
PLAIN = "def f(x):\n    y = x\n    return y\n"


@pytest.mark.parametrize(
    ("old", "new", "old_of", "removed"),
    [
        (PLAIN, OVERLOADED + PLAIN.replace("(x)", "(x: object)"), (None, None, 0), ()),
        (OVERLOADED + PLAIN, PLAIN.replace("(x)", "(x: object)"), (2,), (0, 1)),
    ],
)
def test_of_several_with_one_name_those_pair_that_are_most_alike(
    old: str, new: str, old_of: tuple[int | None, ...], removed: tuple[int, ...]
) -> None:
    pairing = paired(old, new)
    assert (pairing.old_of, pairing.removed) == (old_of, removed)
