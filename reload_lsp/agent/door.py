"""Where an agent listens: a Unix socket in the runtime folder, or loopback TCP where there are none."""

from __future__ import annotations

from ..wire.announce import remove
from ..wire.folder import socket_path
from .sockets import HAS_UNIX, listening


class Door:
    """A listening socket and the endpoint that the record names."""

    def __init__(self, folder: str, agent_id: str) -> None:
        self._path = socket_path(folder, agent_id) if HAS_UNIX else None
        self.socket = listening(self._path)

    @property
    def sealed(self) -> bool:
        """Whether frames are authenticated: on TCP (see `wire.seal`)."""
        return self._path is None

    @property
    def endpoint(self) -> dict[str, object]:
        """As the record has it."""
        if self._path is not None:
            return {"unix": self._path}
        return {"tcp": list(self.socket.getsockname())}

    def remove(self) -> None:
        """Nobody finds it any more; the loop closes the socket."""
        if self._path is not None:
            remove(self._path)
