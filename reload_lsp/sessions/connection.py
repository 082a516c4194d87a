"""One authenticated connection to an agent, driven by asyncio: requests out, answers and events in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from ..wire.channel import Channel, client_channel
from ..wire.errors import ConnectionLost, WireError
from ..wire.handshake import HANDSHAKE_SECONDS
from ..wire.messages import Answer, Event, Failure, Message, Request
from ..wire.records import Endpoint, Record
from .mapping import PathMap
from .process import ProcessGone, ProcessRefused

READ_SIZE = 1 << 16
UNREAD_LIMIT = 8 << 20  # bytes: a process that does not read them is let go, and connected to again when it does
OnEvent = Callable[[Event], None]
OnClosed = Callable[[], None]


class Connection:
    """Made by `connect`. After the connection broke, `on_closed` is called once and every request raises."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, channel: Channel, mapping: PathMap
    ) -> None:
        self._reader, self._writer, self._channel = reader, writer, channel
        self._mapping = mapping
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last_id = 0
        self._reading: asyncio.Task[None] | None = None
        self._on_event: OnEvent = _ignore
        self._on_closed: OnClosed = _nothing

    def listen(self, on_event: OnEvent, on_closed: OnClosed) -> None:
        """Begin to read; until then nothing that arrives is lost."""
        self._on_event, self._on_closed = on_event, on_closed
        self._reading = asyncio.get_running_loop().create_task(self._read())

    @property
    def closed(self) -> bool:
        """Has the connection ended?"""
        return self._reading is None or self._reading.done()

    async def request(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The agent's result; raises ProcessGone or ProcessRefused."""
        if self.closed:
            raise ProcessGone("the connection is closed")
        self._last_id += 1
        number = self._last_id
        self._answers[number] = asyncio.get_running_loop().create_future()
        self._channel.send(Request(number, method, params or {}))
        self._write()
        try:
            return await self._answers[number]
        finally:
            self._answers.pop(number, None)

    def close(self) -> None:
        """End the connection without a call of `on_closed`."""
        self._on_closed = _nothing
        if self._reading is not None:
            self._reading.cancel()
        self._end()

    async def _read(self) -> None:
        try:
            while data := await self._reader.read(READ_SIZE):
                for message in self._channel.feed(data):
                    self._take(message)
        except (OSError, WireError):
            pass  # either way nothing more can be read
        self._end()
        self._on_closed()

    def _take(self, message: Message) -> None:
        if isinstance(message, Event):
            self._on_event(Event(message.method, self._mapping.all_here(message.params)))
            return
        answer = self._answers.get(message.id)
        if answer is None or answer.done():
            return
        if isinstance(message, Answer):
            answer.set_result(self._mapping.all_here(message.result))
        elif isinstance(message, Failure):
            answer.set_exception(ProcessRefused(message.message, message.code))

    def _write(self) -> None:
        self._writer.write(self._channel.take())
        if self._writer.transport.get_write_buffer_size() > UNREAD_LIMIT:
            self._writer.transport.abort()

    def _end(self) -> None:
        self._writer.close()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ProcessGone("the process ended or closed the connection"))


async def connect(record: Record, mapping: PathMap | None = None) -> Connection:
    """An authenticated connection; OSError where nobody listens, WireError where the peer is not ours.

    What comes in has the names that files have here (`mapping`).
    """
    channel = client_channel(record.key, record.endpoint.sealed)
    reader, writer = await asyncio.wait_for(_opened(record.endpoint), HANDSHAKE_SECONDS)
    try:
        await asyncio.wait_for(_shake_hands(reader, writer, channel), HANDSHAKE_SECONDS)
    except BaseException:
        writer.close()
        raise
    return Connection(reader, writer, channel, mapping or PathMap())


async def _opened(endpoint: Endpoint) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if endpoint.unix is not None:
        return await asyncio.open_unix_connection(endpoint.unix)
    assert endpoint.tcp is not None
    return await asyncio.open_connection(*endpoint.tcp)


async def _shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, channel: Channel) -> None:
    while not channel.established:
        writer.write(channel.take())
        data = await reader.read(READ_SIZE)
        if not data:
            raise ConnectionLost("the peer closed the connection before the handshake was done")
        channel.feed(data)
    writer.write(channel.take())
    with contextlib.suppress(ConnectionError):
        await writer.drain()


def _ignore(_: Event) -> None: ...


def _nothing() -> None: ...
