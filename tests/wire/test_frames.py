"""Frames: what is sent arrives however it is cut; too long, too deep and junk are refused."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.wire import frames
from reload_lsp.wire.errors import FrameError

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
messages = st.dictionaries(st.text(), plain, max_size=5)


@given(st.lists(messages, max_size=5), st.integers(1, 50))
def test_messages_arrive_however_the_bytes_are_cut(sent: list[dict[str, object]], size: int) -> None:
    data = b"".join(map(frames.encode, sent))
    decoder = frames.FrameDecoder()
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    assert [m for piece in pieces for m in decoder.feed(piece)] == sent


@given(messages)
def test_depth_is_that_of_the_json(message: dict[str, object]) -> None:
    def deep(value: object) -> int:
        if isinstance(value, dict):
            return 1 + max(map(deep, value.values()), default=0)
        if isinstance(value, list):
            return 1 + max(map(deep, value), default=0)
        return 0

    many = {"m": message, "s": '"[[{\\', "pad": [[]] * 70}
    assert frames.depth(json.dumps(many).encode()) == max(1 + deep(message), 3)


@given(st.binary(max_size=300))
def test_junk_is_refused_or_waited_for_never_anything_else(data: bytes) -> None:
    try:
        found = frames.FrameDecoder().feed(data)
    except FrameError:
        return
    assert all(isinstance(message, dict) for message in found)


@given(st.binary(max_size=300))
def test_a_junk_payload_is_refused_or_an_object(data: bytes) -> None:
    try:
        assert isinstance(frames.decode(data), dict)
    except FrameError:
        pass


def test_an_oversize_frame_is_refused_at_its_length() -> None:
    with pytest.raises(FrameError, match="longer"):
        frames.FrameDecoder().feed((frames.LENGTH_LIMIT + 1).to_bytes(4, "big"))


def test_an_oversize_message_is_not_sent() -> None:
    with pytest.raises(FrameError, match="longer"):
        frames.encode({"text": "x" * frames.LENGTH_LIMIT})


@pytest.mark.parametrize("levels, refused", [(63, False), (64, True), (100_000, True)])
def test_depth_is_capped(levels: int, refused: bool) -> None:
    payload = b'{"a":' + b"[" * levels + b"]" * levels + b"}"
    if refused:
        with pytest.raises(FrameError, match="deeper"):
            frames.decode(payload)
    else:
        frames.decode(payload)


def test_brackets_in_strings_are_no_depth() -> None:
    assert frames.decode(b'{"a":"' + b"[" * 1000 + b'"}') == {"a": "[" * 1000}


def test_unfinished_strings_take_no_quadratic_time() -> None:
    payload = b"[" * 100 + b'"' + b'\\"' * 500_000
    began = time.perf_counter()
    with pytest.raises(FrameError):
        frames.decode(payload)
    assert time.perf_counter() - began < 2


def test_undecodable_file_names_survive() -> None:
    message = {"path": "/tmp/\udcff.py"}
    assert frames.FrameDecoder().feed(frames.encode(message)) == [message]


@pytest.mark.parametrize("payload", [b"", b"[]", b"1", b"{", b"\xff{}", b'{"a":1}{}'])
def test_what_is_no_object_is_refused(payload: bytes) -> None:
    with pytest.raises(FrameError):
        frames.decode(payload)
