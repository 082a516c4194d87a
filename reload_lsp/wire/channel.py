"""One connection without I/O: handshake, then messages. The agent, the server and the commands all drive it.

channel = client_channel(key)
write(channel.take())                  # the opening
for message in channel.feed(read()):   # raises WireError: close the connection
    ...
channel.send(Request(1, "hello"))
write(channel.take())                  # whatever the last calls left to send
"""

from __future__ import annotations

from . import frames
from .handshake import AgentHandshake, ClientHandshake
from .messages import Message, parse
from .seal import Seal


class Channel:
    """Bytes in, messages out, bytes to send; nothing is parsed before the handshake is `established`.

    `sealed`: every frame is authenticated (TCP); `sides` are the names of our direction and theirs.
    """

    def __init__(self, handshake: AgentHandshake | ClientHandshake, sides: tuple[bytes, bytes], sealed: bool) -> None:
        self._handshake = handshake
        self._sides = sides if sealed else None
        self._seal: Seal | None = None
        self._frames = frames.FrameDecoder()
        self._outgoing = bytearray(handshake.opening())
        self._early: list[Message] = []

    @property
    def established(self) -> bool:
        """Whether the peer has proved who it is."""
        return self._handshake.done

    @property
    def pending(self) -> int:
        """How many bytes wait to be sent."""
        return len(self._outgoing)

    def feed(self, data: bytes) -> list[Message]:
        """Take what arrived; raises WireError when the connection must be closed."""
        if not self.established:
            self._outgoing += self._handshake.feed(data)
            if not self.established:
                return []
            data = self._handshake.rest
            self._begin()
            self._flush_early()
        return [parse(found) for found in self._frames.feed(data)]

    def send(self, message: Message) -> None:
        """Queue a message; before the handshake is done it waits for it."""
        if self.established:
            self._outgoing += frames.encode(message.as_json(), self._seal)
        else:
            self._early.append(message)

    def take(self) -> bytes:
        """All bytes to send now; they are the caller's from here on."""
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    def peek(self, limit: int) -> bytes:
        """Up to `limit` bytes to send; `sent` says how many really went."""
        return bytes(self._outgoing[:limit])

    def sent(self, count: int) -> None:
        """Drop `count` bytes that were sent."""
        del self._outgoing[:count]

    def _begin(self) -> None:
        """The handshake is done: from here on frames go both ways."""
        if self._sides is not None:
            ours, theirs = self._sides
            self._seal = Seal(self._handshake.session, ours)
            self._frames = frames.FrameDecoder(Seal(self._handshake.session, theirs))

    def _flush_early(self) -> None:
        early, self._early = self._early, []
        for message in early:
            self.send(message)


def agent_channel(key: bytes, sealed: bool = False) -> Channel:
    """The listening side of a connection."""
    return Channel(AgentHandshake(key), (b"agent", b"client"), sealed)


def client_channel(key: bytes, sealed: bool = False) -> Channel:
    """The connecting side of a connection."""
    return Channel(ClientHandshake(key), (b"client", b"agent"), sealed)
