"""Where a program listens on the network, as people write it: `host:port`, `host:first-last`, `[::1]:port`."""

from __future__ import annotations

PORTS_LIMIT = 256


def parse_place(text: str) -> tuple[str, range]:
    """Host and ports; ValueError with what is wrong."""
    host, _, ports = text.rpartition(":")
    first, _, last = ports.partition("-")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not first.isdigit() or not (last or first).isdigit():
        raise ValueError(
            f"{text!r} is no HOST:PORT; name both, for example 127.0.0.1:5690, or a range: 0.0.0.0:5690-5699"
        )
    found = range(int(first), int(last or first) + 1)
    if not 0 < found.start < found.stop <= 65536 or len(found) > PORTS_LIMIT:
        raise ValueError(f"{ports!r} are no ports: between 1 and 65535, at most {PORTS_LIMIT} of them")
    return host, found
