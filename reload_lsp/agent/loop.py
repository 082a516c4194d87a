"""The agent's one thread: asleep in `select` over door, clients and a wake pipe; no timer once its chores are done."""

from __future__ import annotations

import select
import selectors
import sys
from _thread import get_ident
from collections import deque

from ..live import steps
from ..wire.descriptors import Watched
from . import faults, signals
from .clock import monotonic
from .imports import once_typing_is_there
from .sockets import accepted, wake_pair
from .thread import is_patched, original

TYPE_CHECKING = False  # typing alone would cost 5 ms of the program's start
if TYPE_CHECKING:
    import socket
    from _socket import socket as Socket
    from collections.abc import Callable, Sequence

    from ..wire.messages import Message, Request
    from .peer import Peer

    Door = tuple[Socket, bytes, bool]  # a listener, the key of those who may come in, whether frames are sealed
    Answering = Callable[["Peer", Request], None]

PEER_LIMIT = 64
POSTED_LIMIT = 1000
FAULTS_LIMIT = 100  # a loop that fails at every turn ends rather than burn the program's time
PAUSE_WHEN_FULL = 1.0  # seconds without accepting after the process ran out of file descriptors


class Loop:
    """Accepts, reads, answers and writes. All but `post`, `stop` and `abandon` belong to its own thread."""

    def __init__(self, doors: Sequence[Door], answer: Answering) -> None:
        self._doors = list(doors)
        self._answer = answer
        self._peers: set[Peer] = set()
        self._posted: deque[Callable[[], None]] = deque()
        self._stopping = False
        self.programs_mask: object = None
        self._door_opens: float | None = None
        self._chore: Callable[[], float | None] | None = None
        self._chore_due = 0.0
        self._selector = _selector()
        self._wake_end, self._waker = wake_pair()
        self._own = [Watched(end.fileno()) for end in (*self._sockets(), self._wake_end, self._waker)]
        self._watch(self._wake_end, self._drain)
        self._open_doors()

    @property
    def peers(self) -> list[Peer]:
        """The clients that proved who they are."""
        return [peer for peer in self._peers if peer.known]

    def run(self) -> None:
        """The thread's body, until `stop`."""
        self.programs_mask = signals.block()
        sys.settrace(None)
        sys.setprofile(None)
        steps.ours.clear()
        steps.ours.add(get_ident())
        try:
            self._turns()
        finally:
            steps.ours.clear()

    def _turns(self) -> None:
        patience = FAULTS_LIMIT
        while not self._stopping and patience:
            try:
                self._turn()
            except Exception:
                faults.note("in the agent's loop")
                patience -= 1

    def ready(self) -> None:
        """Take back `stop`, before a thread runs this again."""
        self._stopping = False

    def stop(self) -> bool:
        """Make `run` return after what it is at; connections stay open. False where nothing can wake it."""
        self._stopping = True
        if not self.intact():
            return False
        self._wake()
        return True

    def intact(self) -> bool:
        """Whether the descriptors are still ours: a program may close all it has, as daemons do."""
        return all(own.intact() for own in self._own)

    def post(self, work: Callable[[], None], always: bool = False) -> None:
        """Have `work` done in the loop's thread; from any thread. News may be left out, what is waited for (`always`) not."""
        if always or len(self._posted) < POSTED_LIMIT:
            self._posted.append(work)
            self._wake()

    def later(self, chore: Callable[[], float | None]) -> None:
        """Have a chore done bit by bit while nothing else is to do: it says in how many seconds it goes on, None at its end."""
        self._chore, self._chore_due = chore, monotonic()

    def send(self, peer: Peer, message: Message) -> None:
        """Send to a client that may be gone by now."""
        if peer in self._peers:
            self._attempt(peer, lambda: peer.send(message))

    def abandon(self) -> None:
        """Close everything without a word to anybody; also what a forked child does with its parent's."""
        self._stopping = True
        intact = self.intact()
        for end in (*(peer.socket for peer in self._peers), *self._sockets(), self._wake_end, self._waker):
            end.close() if intact else end.detach()
        self._peers.clear()

    def _turn(self) -> None:
        woken = self._selector.select(self._patience())
        # Again, and in this very function: a profiler of all threads that began meanwhile (yappi) sees what it calls.
        sys.settrace(None)
        sys.setprofile(None)
        for key, ready in woken:
            if not self.intact():
                self._stopping = True
            if not self._stopping:
                key.data(ready)
        while self._posted and not self._stopping:
            self._posted.popleft()()
        self._close_overdue()
        self._go_on()

    def _patience(self) -> float | None:
        ends = [peer.deadline for peer in self._peers if not peer.known]
        if self._door_opens is not None:
            ends.append(self._door_opens)
        if self._chore is not None:
            ends.append(self._chore_due)
        return max(min(ends) - monotonic(), 0.0) if ends else None

    def _close_overdue(self) -> None:
        now = monotonic()
        for peer in [p for p in self._peers if not p.known and p.deadline <= now]:
            self._drop(peer)
        if self._door_opens is not None and self._door_opens <= now:
            self._door_opens = None
            self._open_doors()

    def _go_on(self) -> None:
        chore = self._chore
        if chore is None or self._chore_due > monotonic() or self._stopping:
            return
        self._chore = None  # one that fails is not tried again
        pause = chore()
        if pause is not None:
            self._chore, self._chore_due = chore, monotonic() + pause

    def _sockets(self) -> list[Socket]:
        return [door for door, _, _ in self._doors]

    def _open_doors(self) -> None:
        for door in self._doors:
            self._watch(door[0], lambda _ready, door=door: self._accept(*door))

    def _accept(self, door: Socket, key: bytes, sealed: bool) -> None:
        try:
            connection = accepted(door)
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError:
            for one in self._sockets():
                self._selector.unregister(one)
            self._door_opens = monotonic() + PAUSE_WHEN_FULL
            return
        if len(self._peers) >= PEER_LIMIT:
            connection.close()
        else:
            self._admit(connection, key, sealed)

    def _admit(self, connection: socket.socket, key: bytes, sealed: bool) -> None:
        peer = once_typing_is_there(lambda: _peer(connection, key, sealed))
        self._peers.add(peer)
        self._watch(connection, lambda ready: self._attempt(peer, lambda: self._serve(peer, ready)))

    def _serve(self, peer: Peer, ready: int) -> None:
        if ready & selectors.EVENT_WRITE:
            peer.flush()
        if ready & selectors.EVENT_READ:
            for request in peer.receive():
                self._answer(peer, request)
            peer.flush()

    def _attempt(self, peer: Peer, work: Callable[[], None]) -> None:
        """Do something with a client; what goes wrong costs that client its connection, and nobody else."""
        from ..wire.errors import WireError

        try:
            work()
            if peer in self._peers:
                self._expect(peer)
        except (WireError, OSError):
            self._drop(peer)
        except Exception:
            faults.note("while serving a client")
            self._drop(peer)

    def _expect(self, peer: Peer) -> None:
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.wants_to_write else 0)
        key = self._selector.get_key(peer.socket)
        if key.events != wanted:
            self._selector.modify(peer.socket, wanted, key.data)

    def _drop(self, peer: Peer) -> None:
        if peer in self._peers:
            self._peers.discard(peer)
            self._selector.unregister(peer.socket)
            peer.close()

    def _watch(self, end: Socket, then: Callable[[int], None]) -> None:
        self._selector.register(end, selectors.EVENT_READ, then)

    def _drain(self, _ready: int) -> None:
        try:
            while self._wake_end.recv(4096):
                pass
        except (BlockingIOError, InterruptedError):
            pass

    def _wake(self) -> None:
        try:
            if self.intact():
                self._waker.send(b"\0")
        except OSError:
            pass  # full: it wakes anyway


def _peer(connection: socket.socket, key: bytes, sealed: bool) -> Peer:
    from .peer import Peer  # json, hmac and dataclasses come with the first client, not with the program

    return Peer(connection, key, sealed)


def _selector() -> selectors.BaseSelector:
    """poll, where there is one: select cannot take the descriptors of a program that has many open. Gevent gives it another."""
    usual = getattr(selectors, "PollSelector", None)
    base = usual or getattr(selectors, "_PollLikeSelector", None)
    if base is None or not hasattr(select, "POLLIN"):
        return selectors.SelectSelector()
    if not is_patched():
        return (usual or selectors.SelectSelector)()
    events = {"_EVENT_READ": select.POLLIN, "_EVENT_WRITE": select.POLLOUT}
    return type("PollSelector", (base,), {"_selector_cls": original("select", "poll"), **events})()
