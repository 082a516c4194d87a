"""The handshake: two honest sides agree however the bytes are cut; anybody else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.wire.errors import HandshakeError
from reload_lsp.wire.handshake import HELLO_SIZE, MAGIC, AgentHandshake, ClientHandshake, hello

KEY, OTHER_KEY = bytes(32), bytes(range(32))
cuts = st.lists(st.integers(1, 20), min_size=1, max_size=40)


def in_pieces(side: AgentHandshake | ClientHandshake, data: bytes, sizes: list[int]) -> bytes:
    said, start, turn = b"", 0, 0
    while start < len(data):
        size = sizes[turn % len(sizes)]
        said += side.feed(data[start : start + size])
        start, turn = start + size, turn + 1
    return said


@given(cuts)
def test_both_sides_agree_however_the_bytes_are_cut(sizes: list[int]) -> None:
    agent, client = AgentHandshake(KEY), ClientHandshake(KEY)
    answer = in_pieces(agent, client.opening(), sizes)
    proof = in_pieces(client, answer, sizes)
    assert in_pieces(agent, proof, sizes) == b""
    assert agent.done and client.done


def test_what_follows_the_proof_is_kept() -> None:
    agent, client = AgentHandshake(KEY), ClientHandshake(KEY)
    agent.feed(client.feed(agent.feed(client.opening())) + b"frame")
    assert agent.rest == b"frame"


def test_a_client_without_the_key_is_refused() -> None:
    agent, client = AgentHandshake(KEY), ClientHandshake(KEY)
    proof = client.feed(agent.feed(client.opening()))
    with pytest.raises(HandshakeError):
        agent.feed(bytes([proof[0] ^ 1]) + proof[1:])


def test_a_squatter_without_the_key_learns_no_proof() -> None:
    client, squatter = ClientHandshake(KEY), AgentHandshake(OTHER_KEY)
    answer = squatter.feed(client.opening())
    with pytest.raises(HandshakeError):
        client.feed(answer)
    assert not client.done


def test_a_recorded_conversation_cannot_be_replayed() -> None:
    agent, client = AgentHandshake(KEY), ClientHandshake(KEY)
    opening = client.opening()
    proof = client.feed(agent.feed(opening))
    later = AgentHandshake(KEY)
    later.feed(opening)
    with pytest.raises(HandshakeError):
        later.feed(proof)


def test_the_agents_own_proof_cannot_be_reflected() -> None:
    agent = AgentHandshake(KEY)
    answer = agent.feed(hello(bytes(24)))
    with pytest.raises(HandshakeError):
        agent.feed(answer[HELLO_SIZE:])


def test_a_clients_hello_cannot_be_reflected() -> None:
    client = ClientHandshake(KEY)
    with pytest.raises(HandshakeError):
        client.feed(client.opening() + bytes(32))


@given(st.binary(min_size=1, max_size=200))
def test_anything_that_is_no_hello_is_refused_at_its_first_wrong_byte(data: bytes) -> None:
    agent = AgentHandshake(KEY)
    if MAGIC.startswith(data[: len(MAGIC)]):
        return
    with pytest.raises(HandshakeError):
        agent.feed(data)


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n", b"P", b"\x16\x03\x01", b"{"])
def test_other_protocols_are_refused_before_a_whole_hello(data: bytes) -> None:
    with pytest.raises(HandshakeError):
        AgentHandshake(KEY).feed(data)


def test_another_protocol_version_is_named() -> None:
    with pytest.raises(HandshakeError, match="protocol 2"):
        AgentHandshake(KEY).feed(hello(bytes(24), protocol=2))


def test_nothing_may_come_between_hello_and_answer() -> None:
    with pytest.raises(HandshakeError):
        AgentHandshake(KEY).feed(hello(bytes(24)) + bytes(32))


def test_reserved_bytes_must_be_zero() -> None:
    with pytest.raises(HandshakeError):
        AgentHandshake(KEY).feed(MAGIC + b"\x00\x01" + b"123456" + bytes(24))
