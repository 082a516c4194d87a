"""The handshake, without I/O: fixed sizes, both sides prove that they know the key before anything is parsed.

Each side is fed with bytes and says what to send; any deviation raises HandshakeError: close the connection.
The client checks the agent's proof before it sends its own, so a squatter on the socket learns nothing.
"""

from __future__ import annotations

import hmac
import os

from .errors import HandshakeError
from .version import PROTOCOL

MAGIC = b"\x7fRLSP\r\n\x00"
HELLO_SIZE = 40
PROOF_SIZE = 32
NONCE_SIZE = 24
HANDSHAKE_SECONDS = 2.0


def hello(nonce: bytes, protocol: int = PROTOCOL) -> bytes:
    """The opening of either side: magic, protocol version, six reserved zero bytes, nonce."""
    return MAGIC + protocol.to_bytes(2, "big") + bytes(6) + nonce


def proof(key: bytes, side: bytes, *said: bytes) -> bytes:
    """The HMAC by which `side` (a name that keeps the two directions apart) shows it knows `key`."""
    return hmac.digest(key, b"".join((side, *said)), "sha256")


def require_protocol(protocol: int) -> None:
    """Raise HandshakeError unless `protocol`, from a hello or a record, is the one spoken here."""
    if protocol != PROTOCOL:
        raise HandshakeError(
            f"the peer speaks protocol {protocol}, this reload-lsp {PROTOCOL}; "
            "restart the program with the reload-lsp that the editor uses"
        )


def session(key: bytes, said: bytes, answer: bytes) -> bytes:
    """What both know after the handshake, and nobody else: the secret of this one connection."""
    return proof(key, b"session", said, answer)


class AgentHandshake:
    """The listening side: one hello in, hello and proof out, one proof in."""

    def __init__(self, key: bytes, nonce: bytes | None = None) -> None:
        self._key = key
        self._nonce = nonce or os.urandom(NONCE_SIZE)
        self._buffer = b""
        self._said: tuple[bytes, bytes] | None = None
        self.done = False
        self.rest = b""
        self.session = b""

    def opening(self) -> bytes:
        """Nothing: the agent waits for the client."""
        return b""

    def feed(self, data: bytes) -> bytes:
        """Take what arrived; return what to send."""
        self._buffer += data
        if self._said is None:
            _check_opening(self._buffer)
            return self._answer() if len(self._buffer) >= HELLO_SIZE else b""
        self._check_proof()
        return b""

    def _answer(self) -> bytes:
        theirs = self._buffer[:HELLO_SIZE]
        if len(self._buffer) > HELLO_SIZE:
            raise HandshakeError("the client said more than its hello before it saw an answer")
        _check_protocol(theirs)
        mine = hello(self._nonce)
        answer = mine + proof(self._key, b"agent", theirs, mine)
        self._said, self._buffer = (theirs, answer), b""
        return answer

    def _check_proof(self) -> None:
        assert self._said is not None
        if len(self._buffer) < PROOF_SIZE:
            return
        given, self.rest = self._buffer[:PROOF_SIZE], self._buffer[PROOF_SIZE:]
        if not hmac.compare_digest(given, proof(self._key, b"client", *self._said)):
            raise HandshakeError("the client does not know this agent's key")
        self.session = session(self._key, *self._said)
        self.done = True


class ClientHandshake:
    """The connecting side: hello out, hello and proof in, proof out."""

    def __init__(self, key: bytes, nonce: bytes | None = None) -> None:
        self._key = key
        self._hello = hello(nonce or os.urandom(NONCE_SIZE))
        self._buffer = b""
        self.done = False
        self.rest = b""
        self.session = b""

    def opening(self) -> bytes:
        """The first bytes on the connection."""
        return self._hello

    def feed(self, data: bytes) -> bytes:
        """Take what arrived; return what to send."""
        self._buffer += data
        _check_opening(self._buffer)
        if len(self._buffer) < HELLO_SIZE + PROOF_SIZE:
            return b""
        answer, self.rest = self._buffer[: HELLO_SIZE + PROOF_SIZE], self._buffer[HELLO_SIZE + PROOF_SIZE :]
        theirs, given = answer[:HELLO_SIZE], answer[HELLO_SIZE:]
        _check_protocol(theirs)
        if not hmac.compare_digest(given, proof(self._key, b"agent", self._hello, theirs)):
            raise HandshakeError("what answers on the agent's socket does not know the agent's key")
        self.session = session(self._key, self._hello, answer)
        self.done = True
        return proof(self._key, b"client", self._hello, answer)


def _check_opening(data: bytes) -> None:
    # Checked byte by byte as they come: a peer that speaks something else is closed at once.
    start = data[: len(MAGIC)]
    if start != MAGIC[: len(start)]:
        raise HandshakeError("the peer does not speak reload-lsp's protocol")


def _check_protocol(theirs: bytes) -> None:
    require_protocol(int.from_bytes(theirs[len(MAGIC) : len(MAGIC) + 2], "big"))
    if any(theirs[len(MAGIC) + 2 : HELLO_SIZE - NONCE_SIZE]):
        raise HandshakeError("the reserved bytes of the peer's hello are not zero")
