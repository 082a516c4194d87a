"""Two channels wired together, as agent and client are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.wire.channel import Channel, agent_channel, client_channel
from reload_lsp.wire.errors import MessageError, WireError
from reload_lsp.wire.messages import Answer, Event, Failure, Message, Request, parse

KEY = bytes(32)
EVERY_KIND: list[Message] = [
    Request(1, "hello", {"client": "test"}),
    Answer(1, {"id": "x"}),
    Failure(2, "unknown-method", "no such method"),
    Event("loaded", {"files": []}),
]


def settle(one: Channel, other: Channel) -> tuple[list[Message], list[Message]]:
    """Pass bytes to and fro until nothing is left; what each side received."""
    to_one: list[Message] = []
    to_other: list[Message] = []
    while one.pending or other.pending:
        to_other += other.feed(one.take())
        to_one += one.feed(other.take())
    return to_one, to_other


def test_every_kind_of_message_arrives_as_it_was_sent() -> None:
    agent, client = agent_channel(KEY), client_channel(KEY)
    settle(client, agent)
    for message in EVERY_KIND:
        client.send(message)
    assert settle(client, agent)[1] == EVERY_KIND


def test_messages_sent_before_the_handshake_wait_for_it() -> None:
    agent, client = agent_channel(KEY), client_channel(KEY)
    client.send(EVERY_KIND[0])
    assert settle(client, agent)[1] == [EVERY_KIND[0]]
    assert agent.established and client.established


def test_a_partly_sent_message_goes_on_where_it_stopped() -> None:
    agent, client = agent_channel(KEY), client_channel(KEY)
    settle(client, agent)
    client.send(EVERY_KIND[0])
    received: list[Message] = []
    while client.pending:
        piece = client.peek(3)
        client.sent(len(piece))
        received += agent.feed(piece)
    assert received == [EVERY_KIND[0]]


@given(st.binary(min_size=1, max_size=400))
def test_junk_after_the_handshake_gives_messages_or_wire_errors(data: bytes) -> None:
    agent, client = agent_channel(KEY), client_channel(KEY)
    settle(client, agent)
    try:
        agent.feed(data)
    except WireError:
        pass


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "1", "method": "hello"},
        {"id": True, "method": "hello"},
        {"id": 1, "method": 7},
        {"id": 1, "method": "hello", "params": []},
        {"id": 1, "result": 3},
        {"id": 1, "error": "bad"},
    ],
)
def test_what_is_no_message_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(MessageError):
        parse(data)
