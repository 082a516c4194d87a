"""A blocking client of one agent, for commands, tests and threads: connect, shake hands, ask.

The server drives `channel.Channel` with asyncio instead; both open sockets by `open_socket`'s rules.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from types import TracebackType

from .channel import client_channel
from .errors import ConnectionLost, HandshakeError, RemoteError
from .handshake import HANDSHAKE_SECONDS, require_protocol
from .messages import Answer, Event, Failure, Request
from .records import Endpoint, Record
from .version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

READ_SIZE = 1 << 16


def open_socket(endpoint: Endpoint, timeout: float = HANDSHAKE_SECONDS) -> socket.socket:
    """A connected socket; OSError where nobody listens."""
    if endpoint.unix is None:
        assert endpoint.tcp is not None
        return socket.create_connection(endpoint.tcp, timeout)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(endpoint.unix)
    except BaseException:
        connection.close()
        raise
    return connection


class Client:
    """One authenticated connection; requests of several threads take turns; events are kept in `events`."""

    def __init__(self, record: Record, timeout: float = 10.0) -> None:
        self.record = record
        self.timeout = timeout
        self.events: deque[Event] = deque(maxlen=1000)
        self._lock = threading.Lock()
        self._last_id = 0
        self._channel = client_channel(record.key, record.endpoint.sealed)
        self._socket = self._connected(record)

    def hello(self, client: str) -> dict[str, Any]:
        """Say who asks; learn what the agent is and can do."""
        return self.request("hello", {"client": client, "version": VERSION})

    def request(
        self, method: str, params: dict[str, Any] | None = None, timeout: float | None = None
    ) -> dict[str, Any]:
        """The result of `method`; RemoteError when the agent refuses, ConnectionLost without answer."""
        with self._lock:
            self._last_id += 1
            self._channel.send(Request(self._last_id, method, params or {}))
            return self._answer(self._last_id, time.monotonic() + (timeout or self.timeout))

    def next_event(self, timeout: float | None = None) -> Event:
        """The oldest event not taken yet; waits for one."""
        with self._lock:
            deadline = time.monotonic() + (timeout or self.timeout)
            while not self.events:
                self._exchange(deadline)
            return self.events.popleft()

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connected(self, record: Record) -> socket.socket:
        require_protocol(record.protocol)
        try:
            self._socket = open_socket(record.endpoint)
        except OSError as error:
            raise ConnectionLost(f"process {record.pid} ({record.name}) does not listen: {error}") from error
        try:
            deadline = time.monotonic() + HANDSHAKE_SECONDS
            while not self._channel.established:
                self._exchange(deadline)
            self._flush(deadline)
        except ConnectionLost as error:
            self._socket.close()
            raise HandshakeError(f"process {record.pid} ({record.name}) broke off the handshake: {error}") from error
        except BaseException:
            self._socket.close()
            raise
        return self._socket

    def _answer(self, number: int, deadline: float) -> dict[str, Any]:
        while True:
            for message in self._exchange(deadline):
                if isinstance(message, Answer) and message.id == number:
                    return message.result
                if isinstance(message, Failure) and message.id == number:
                    raise RemoteError(message.code, message.message)

    def _exchange(self, deadline: float) -> list[Answer | Failure]:
        """Send what waits, read once; answers that came, events kept for later."""
        self._flush(deadline)
        answers: list[Answer | Failure] = []
        for message in self._channel.feed(self._read(deadline)):
            if isinstance(message, Event):
                self.events.append(message)
            elif not isinstance(message, Request):
                answers.append(message)
        return answers

    def _flush(self, deadline: float) -> None:
        try:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            self._socket.sendall(self._channel.take())
        except OSError as error:
            raise ConnectionLost(self._gone(error)) from error

    def _read(self, deadline: float) -> bytes:
        try:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            data = self._socket.recv(READ_SIZE)
        except OSError as error:
            raise ConnectionLost(self._gone(error)) from error
        if not data:
            raise ConnectionLost(self._gone("it closed the connection"))
        return data

    def _gone(self, why: object) -> str:
        return f"process {self.record.pid} ({self.record.name}) does not answer: {why}"
