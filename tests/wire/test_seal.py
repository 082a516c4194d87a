"""Frames over TCP: whoever is between the two can change nothing, add nothing, repeat nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reload_lsp.wire.channel import Channel, agent_channel, client_channel
from reload_lsp.wire.errors import FrameError
from reload_lsp.wire.frames import LENGTH_SIZE
from reload_lsp.wire.messages import Answer, Request
from reload_lsp.wire.seal import MAC_SIZE

KEY = b"k" * 32
HEAD = LENGTH_SIZE + MAC_SIZE


def connected() -> tuple[Channel, Channel]:
    agent, client = agent_channel(KEY, sealed=True), client_channel(KEY, sealed=True)
    agent.feed(client.take())
    client.feed(agent.take())
    agent.feed(client.take())
    assert agent.established and client.established
    return agent, client


def frames_of(client: Channel, count: int) -> list[bytes]:
    found: list[bytes] = []
    for number in range(count):
        client.send(Request(number + 1, "apply", {"files": []}))
        found.append(client.take())
    return found


def test_both_directions_and_many_frames() -> None:
    agent, client = connected()
    for number in range(1, 20):
        client.send(Request(number, "hello", {}))
        assert agent.feed(client.take()) == [Request(number, "hello", {})]
        agent.send(Answer(number, {"n": number}))
        assert client.feed(agent.take()) == [Answer(number, {"n": number})]


def test_a_frame_that_comes_byte_by_byte() -> None:
    agent, client = connected()
    (frame,) = frames_of(client, 1)
    heard = [message for byte in frame for message in agent.feed(bytes([byte]))]
    assert [message.method for message in heard if isinstance(message, Request)] == ["apply"]


def test_what_is_said_with_the_last_of_the_handshake_counts_too() -> None:
    agent, client = agent_channel(KEY, sealed=True), client_channel(KEY, sealed=True)
    agent.feed(client.take())
    client.send(Request(1, "hello", {}))
    client.feed(agent.take())
    assert agent.feed(client.take()) == [Request(1, "hello", {})]


@pytest.mark.parametrize(
    "attack",
    [
        lambda one, two: one[:-1] + bytes([one[-1] ^ 1]),  # the body changed
        lambda one, two: one[:LENGTH_SIZE] + bytes(MAC_SIZE) + one[HEAD:],  # no MAC
        lambda one, two: (len(one) - HEAD - 1).to_bytes(4, "big") + one[LENGTH_SIZE:],  # the length changed
        lambda one, two: two,  # one left out
        lambda one, two: two + one,  # exchanged
        lambda one, two: one + one,  # repeated
        lambda one, two: one[:LENGTH_SIZE] + one[HEAD:],  # unsealed
    ],
)
def test_what_somebody_between_them_may_try(attack: Callable[[bytes, bytes], bytes]) -> None:
    agent, client = connected()
    with pytest.raises(FrameError):
        agent.feed(attack(*frames_of(client, 2)) + bytes(200))


def test_a_frame_reflected_or_from_another_connection() -> None:
    _, client = connected()
    (frame,) = frames_of(client, 1)
    with pytest.raises(FrameError):
        client.feed(frame)
    other, _ = connected()
    with pytest.raises(FrameError):
        other.feed(frame)
