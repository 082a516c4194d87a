"""One connection to the agent: bounded in what it may send, be sent and in how long it may stay unknown."""

from __future__ import annotations

import socket

from ..wire.channel import agent_channel
from ..wire.errors import ConnectionLost
from ..wire.handshake import HANDSHAKE_SECONDS
from ..wire.messages import Message, Request
from .clock import monotonic

READ_SIZE = 1 << 16
UNSENT_LIMIT = 32 << 20  # a client that asks and never reads is closed


class Peer:
    """A client, unknown until its handshake is done. Used by the agent's thread alone."""

    def __init__(self, connection: socket.socket, key: bytes, sealed: bool) -> None:
        connection.setblocking(False)
        self.socket = connection
        self.deadline = monotonic() + HANDSHAKE_SECONDS
        self.told_files: set[str] | None = None  # what this client was told is loaded; None until it asks
        self.told_unrun = False  # whether it wants to hear which edited lines have not run
        self._channel = agent_channel(key, sealed)

    @property
    def known(self) -> bool:
        """Whether it proved that it may talk to us."""
        return self._channel.established

    @property
    def wants_to_write(self) -> bool:
        """Whether bytes wait for it to read."""
        return self._channel.pending > 0

    def receive(self) -> list[Request]:
        """The requests that arrived; raises where the connection must be closed."""
        try:
            data = self.socket.recv(READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return []
        if not data:
            raise ConnectionLost("the client closed the connection")
        return [message for message in self._channel.feed(data) if isinstance(message, Request)]

    def send(self, message: Message) -> None:
        """Queue a message and send what can be sent; raises where the connection must be closed."""
        self._channel.send(message)
        self.flush()

    def flush(self) -> None:
        """Send as much as the client takes now."""
        try:
            while self.wants_to_write:
                self._channel.sent(self.socket.send(self._channel.peek(READ_SIZE)))
        except (BlockingIOError, InterruptedError):
            pass
        if self._channel.pending > UNSENT_LIMIT:
            raise ConnectionLost("the client does not read its answers")

    def close(self) -> None:
        self.socket.close()
