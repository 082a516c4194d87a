"""The bytes and the text of a loaded module: held once, packed where nobody asks."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_project import Project

from reload_lsp.live import read_ahead
from reload_lsp.live.kept import Kept
from reload_lsp.source.text import UnreadableSource, decode

TEXT = "# é, 漢\n" * 50


@given(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0")), st.booleans())
def test_bytes_and_text_stay_what_they_were(text: str, windows: bool) -> None:
    data = text.replace("\n", "\r\n" if windows else "\n").encode()
    kept, read = Kept(data), decode(data)
    for _ in range(2):  # as they are read, and packed
        assert (kept.data, kept.text, kept.data, kept.size) == (data, read, data, len(data))
        kept.pack()


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfx = 1\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"# coding: utf-7\nx = '+AGE-'\n",
        b"x = 1\r\ny = 2\r",
    ],
    ids=["byte-order mark", "latin-1", "utf-7", "line ends"],
)
def test_bytes_that_the_text_does_not_tell_are_kept(data: bytes) -> None:
    kept = Kept(data)
    assert kept.text == decode(data)
    assert kept.data == data
    kept.pack()
    assert (kept.data, kept.text) == (data, decode(data))


def test_one_copy_is_held_and_less_when_it_is_packed() -> None:
    kept = Kept(("x = 1\n" * 500).encode())
    assert kept.text and kept.held == kept.size == 3000
    kept.pack()
    assert kept.held < 100
    assert kept.text and kept.held < 100


def test_what_is_no_text_says_so() -> None:
    with pytest.raises(UnreadableSource):
        _ = Kept(b"\xff").text


def test_what_is_loaded_beyond_a_share_is_packed_and_reloads_as_ever(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_ahead, "LARGEST", 0)
    project.load(base=TEXT + "X = 1\n", user=TEXT + "from base import X\ndef f(): return X\n")
    while project.engine.read_ahead() is not None:
        pass
    modules = project.engine.modules
    size, held = modules.texts()
    assert held < size / 2
    assert project.save(base=TEXT + "X = 2\n").outcome == "applied"
    assert sys.modules["user"].f() == 2
    assert project.save(user=TEXT + "from base import X\ndef f(): return X + 1\n").outcome == "applied"
    assert sys.modules["user"].f() == 3
