"""Peers that are not ours: closed within two seconds, and the agent goes on serving those that are."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from programs import STARTED, WAIT, Program

from reload_lsp.wire import frames
from reload_lsp.wire.announce import Announcement
from reload_lsp.wire.client import Client, open_socket
from reload_lsp.wire.errors import ConnectionLost, HandshakeError
from reload_lsp.wire.handshake import AgentHandshake, ClientHandshake, hello
from reload_lsp.wire.keyfile import make_key, read_key
from reload_lsp.wire.messages import Request
from reload_lsp.wire.records import Endpoint, living

LIMIT = 3.0  # seconds: the two allowed and what a busy machine adds


@pytest.fixture(params=["unix", "network"])
def served(request: pytest.FixtureRequest, program: Callable[..., Program], tmp_path: Path) -> Iterator[Program]:
    """A program that is reached by its socket, and one that listens on the network (`run --listen`)."""
    if request.param == "unix":
        one = program(STARTED + WAIT)
    else:
        make_key(str(tmp_path / "key"))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        place = {"RELOAD_LSP_LISTEN": f"127.0.0.1:{port}", "RELOAD_LSP_KEY_FILE": str(tmp_path / "key")}
        one = program(STARTED + WAIT, **place)
    one.line()
    if request.param == "network":
        record = one.record()
        other = replace(record, endpoint=Endpoint(tcp=("127.0.0.1", port)), key=read_key(str(tmp_path / "key")))
        one.record = lambda: other  # type: ignore[method-assign]
    yield one
    with one.client() as client:
        assert client.request("status")["state"] == "idle"
    assert one.finish() == (0, "")


def connected(one: Program) -> socket.socket:
    return open_socket(one.record().endpoint, 10)


def drained(peer: socket.socket) -> bytes:
    """What the agent sends until it closes."""
    received = b""
    try:
        while data := peer.recv(4096):
            received += data
    except ConnectionResetError:
        pass
    return received


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: eA==\r\nOrigin: http://a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b'{"id": 1, "method": "status"}',
        b"\0" * 100,
        hello(b"n" * 24, protocol=9),
    ],
    ids=["get", "post", "websocket", "tls", "json", "zeros", "other protocol"],
)
def test_what_is_no_hello_is_closed_without_a_word(served: Program, said: bytes) -> None:
    with connected(served) as peer:
        began = time.monotonic()
        peer.sendall(said)
        assert drained(peer) == b""
        assert time.monotonic() - began < LIMIT


def test_unfinished_handshakes_are_closed_in_time(served: Program) -> None:
    nothing, part, no_proof = b"", b"\x7fRLSP", hello(b"n" * 24)
    with contextlib.ExitStack() as open_peers:
        began = time.monotonic()
        peers = [open_peers.enter_context(connected(served)) for _ in range(3)]
        for peer, said in zip(peers, (nothing, part, no_proof), strict=True):
            peer.sendall(said)
        for peer in peers:
            drained(peer)
            assert 1.0 < time.monotonic() - began < LIMIT


def test_one_byte_a_moment_is_no_way_to_stay(served: Program) -> None:
    said = iter(hello(b"n" * 24) + b"x" * 31)
    with connected(served) as peer:
        began = time.monotonic()
        peer.settimeout(0.4)
        with pytest.raises(OSError):
            while time.monotonic() - began < 10:
                peer.sendall(bytes([next(said)]))
                with contextlib.suppress(TimeoutError):
                    if not peer.recv(4096):
                        raise ConnectionResetError
        assert time.monotonic() - began < LIMIT


def test_a_wrong_proof_is_closed_without_a_word(served: Program) -> None:
    with connected(served) as peer:
        peer.sendall(hello(b"n" * 24))
        assert len(peer.recv(4096)) == 72
        began = time.monotonic()
        peer.sendall(b"x" * 32)
        assert drained(peer) == b""
        assert time.monotonic() - began < LIMIT


def test_the_agents_own_proof_does_not_open_it(served: Program) -> None:
    with connected(served) as peer:
        peer.sendall(hello(b"n" * 24))
        peer.sendall(peer.recv(4096)[40:])
        assert drained(peer) == b""


def test_a_recorded_conversation_does_not_open_it(served: Program) -> None:
    handshake = ClientHandshake(served.record().key)
    with connected(served) as peer:
        peer.sendall(handshake.opening())
        proof = handshake.feed(peer.recv(4096))
        peer.sendall(proof)
    with connected(served) as peer:
        peer.sendall(handshake.opening())
        peer.recv(4096)
        peer.sendall(proof)
        assert drained(peer) == b""


NONSENSE = {
    "too long": (frames.LENGTH_LIMIT + 1).to_bytes(4, "big"),
    "far too long": b"\xff\xff\xff\xff" + b"x" * 1000,
    "too deep": (10_000).to_bytes(4, "big") + b"[" * 10_000,
    "no text": (3).to_bytes(4, "big") + b"\xff\xfe\xfd",
    "no object": (2).to_bytes(4, "big") + b"[]",
    "no message": (2).to_bytes(4, "big") + b"{}",
}


def test_nonsense_from_a_known_client_costs_it_its_connection(served: Program) -> None:
    for name, said in NONSENSE.items():
        with closing(served.client()) as client:
            client._socket.sendall(said)
            with pytest.raises(ConnectionLost):
                client.request("status")
                raise AssertionError(f"{name} was answered")


# What somebody on the way does to two frames in the middle of a conversation.
TAMPERED: dict[str, Callable[[bytes, bytes], bytes]] = {
    "a bit of the message": lambda one, two: one[:-2] + bytes([one[-2] ^ 1]) + one[-1:],
    "a bit of its MAC": lambda one, two: one[:4] + bytes([one[4] ^ 1]) + one[5:],
    "left out": lambda one, two: two,
    "exchanged": lambda one, two: two + one,
    "said twice": lambda one, two: one + one,
}


@pytest.mark.parametrize("served", ["network"], indirect=True)
def test_each_later_frame_is_proved_too(served: Program) -> None:
    for name, tamper in TAMPERED.items():
        with closing(served.client()) as client:
            for _ in range(3):
                assert client.request("status")["generation"] == 0
            sent: list[bytes] = []
            for number in (100, 101):
                client._channel.send(Request(number, "apply", {"batch": 1, "cause": "save", "files": []}))
                sent.append(client._channel.take())
            client._socket.sendall(tamper(*sent))
            assert drained(client._socket) == b"", name


def test_silent_peers_do_not_keep_others_out(served: Program) -> None:
    silent = [connected(served) for _ in range(20)]
    with served.client() as client:
        assert client.request("status")["pid"] == served.pid
    for peer in silent:
        peer.close()


def test_more_peers_than_can_be_are_closed_at_once(served: Program) -> None:
    silent = [connected(served) for _ in range(70)]
    began = time.monotonic()
    assert drained(silent[-1]) == b""
    assert time.monotonic() - began < 1.5
    for peer in silent:
        drained(peer)
        peer.close()


LONG = 10**4000  # an answer repeats the number of its request


@pytest.mark.slow
@pytest.mark.parametrize("served", ["unix"], indirect=True)
def test_a_client_that_never_reads_is_closed(served: Program) -> None:
    client = served.client()
    with pytest.raises(OSError):
        for number in range(1_000_000):
            client._channel.send(Request(LONG + number, "hello", {}))
            client._socket.sendall(client._channel.take())
    client.close()


def test_a_squatter_learns_no_proof(runtime: Path) -> None:
    """A process that took over an agent's socket, but has not its key."""
    runtime.mkdir(mode=0o700)
    path = str(runtime / "0123abcd.sock")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    heard: list[bytes] = []

    def squat() -> None:
        peer = listener.accept()[0]
        with peer:
            peer.sendall(AgentHandshake(b"not the key").feed(peer.recv(40)))
            heard.append(peer.recv(4096))

    squatter = threading.Thread(target=squat)
    squatter.start()
    held = Announcement(str(runtime), "0123abcd", _record(path))
    with pytest.raises(HandshakeError, match="does not know"):
        Client(living(str(runtime))[0])
    squatter.join(10)
    held.withdraw()
    listener.close()
    assert heard == [b""]


def _record(path: str) -> dict[str, object]:
    return {
        "id": "0123abcd",
        "pid": os.getpid(),
        "name": "x",
        "argv": [],
        "cwd": "/",
        "python": "3.12.1",
        "executable": "",
        "version": "0",
        "protocol": 1,
        "endpoint": {"unix": path},
        "key": "00" * 32,
        "started": 0.0,
        "parent": None,
    }
