"""Between server and agent: passes bytes on, counts messages, and does something between any two of them."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from reload_lsp.wire.announce import Announcement
from reload_lsp.wire.client import open_socket
from reload_lsp.wire.handshake import HELLO_SIZE, PROOF_SIZE
from reload_lsp.wire.records import Record

FROM_SERVER = HELLO_SIZE + PROOF_SIZE
FROM_AGENT = HELLO_SIZE + PROOF_SIZE


class Relay:
    """Announces an agent in another runtime folder; `cut(direction)` is called before each message is passed on.

    Where it says True, the message goes no further, and neither does anything else of that connection.
    """

    def __init__(self, record: Record, folder: Path, cut: Callable[[str], bool]) -> None:
        self._record, self._cut = record, cut
        name = secrets.token_hex(4)
        path = str(folder / f"{name}.sock")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen()
        about = {
            "id": record.id, "pid": record.pid, "name": record.name, "argv": list(record.argv), "cwd": record.cwd,
            "python": record.python, "executable": record.executable, "version": record.version,
            "protocol": record.protocol, "endpoint": {"unix": path}, "key": record.key.hex(),
            "started": record.started, "parent": record.parent,
        }  # fmt: skip
        self._announcement = Announcement(str(folder), record.id, about)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._announcement.withdraw()
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                server = self._listener.accept()[0]
                agent = open_socket(self._record.endpoint, 10)
                server.settimeout(None), agent.settimeout(None)
                for source, target, first, direction in (
                    (server, agent, FROM_SERVER, "to agent"),
                    (agent, server, FROM_AGENT, "to server"),
                ):
                    threading.Thread(target=self._pass, args=(source, target, first, direction), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, first: int, direction: str) -> None:
        buffer = b""
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                buffer += data
                if first:
                    handshake, buffer = buffer[:first], buffer[first:]
                    first -= len(handshake)
                    target.sendall(handshake)
                while len(buffer) >= 4 and len(buffer) >= (end := 4 + int.from_bytes(buffer[:4], "big")):
                    if self._cut(direction):
                        raise ConnectionResetError
                    target.sendall(buffer[:end])
                    buffer = buffer[end:]
        for end_of in (source, target):
            with contextlib.suppress(OSError):
                end_of.shutdown(socket.SHUT_RDWR)
