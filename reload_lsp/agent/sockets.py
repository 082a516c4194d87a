"""The sockets that every program pays for at its start: made with `_socket`, since `socket` alone costs 4 ms.

Connections, which come later if at all, are ordinary ones.
"""

from __future__ import annotations

import _socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Protocol, cast

    class _Accepting(Protocol):
        def _accept(self) -> tuple[int, object]: ...
else:

    def cast(_kind, value):
        return value


BACKLOG = 128  # connecting to a Unix socket whose queue is full fails at once
HAS_UNIX = hasattr(_socket, "AF_UNIX")


def listening(path: str | None) -> _socket.socket:
    """A socket that listens at `path`, or on a free loopback port; never waits."""
    family = _socket.AF_INET if path is None else _socket.AF_UNIX
    made = _socket.socket(family, _socket.SOCK_STREAM)
    try:
        made.bind(("127.0.0.1", 0) if path is None else path)
        made.listen(BACKLOG)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def listening_on(host: str, port: int) -> _socket.socket:
    """A socket that listens on the network; OSError where the port is taken."""
    family, kind, protocol, _, address = _socket.getaddrinfo(host, port, 0, _socket.SOCK_STREAM)[0]
    made = _socket.socket(family, kind, protocol)
    try:
        made.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(BACKLOG)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def wake_pair() -> tuple[_socket.socket, _socket.socket]:
    """Two connected ends that never wait: a byte into one wakes whoever selects on the other."""
    if hasattr(_socket, "socketpair"):
        ends: tuple[_socket.socket, _socket.socket] = _socket.socketpair()
    else:
        import socket

        ends = socket.socketpair()
    for end in ends:
        end.setblocking(False)
    return ends


def accepted(listener: _socket.socket) -> socket.socket:
    """The next connection; BlockingIOError where none waits."""
    import socket

    from .thread import is_patched, original

    connection: type[socket.socket] = original("socket", "socket") if is_patched() else socket.socket
    # Not in the type stubs: what socket.socket.accept itself is made of.
    return connection(fileno=cast("_Accepting", listener)._accept()[0])
