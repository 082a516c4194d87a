"""A second door, on the network, where `reload-lsp run --listen` asked for it: the key is in a file that both sides have.

Every process of the program takes the first free port of the range; one that finds none can be reached on its own machine alone.
"""

from __future__ import annotations

import os

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _socket import socket as Socket

LISTEN = "RELOAD_LSP_LISTEN"  # "host:port" or "host:first-last"
KEY_FILE = "RELOAD_LSP_KEY_FILE"


def network_door() -> tuple[Socket, bytes] | None:
    """A listening socket and the key of those who may connect; None where nobody asked, or it is not possible."""
    place, path = os.environ.get(LISTEN), os.environ.get(KEY_FILE)
    if not place or not path:
        return None
    from ..wire.keyfile import read_key
    from ..wire.place import parse_place

    try:
        key = read_key(path)
        host, ports = parse_place(place)
        return _first_free(host, ports), key
    except Exception:  # noqa: BLE001, RUF100 - the program goes on, and can be reached on its own machine
        faults.note("while listening on the network")
        return None


def _first_free(host: str, ports: range) -> Socket:
    from .sockets import listening_on

    for port in ports:
        try:
            return listening_on(host, port)
        except OSError:
            if port == ports[-1]:
                raise
    raise ValueError(f"no port in {ports}")
