"""An agent: identity, door, record and thread, from the program's start to its end, through forks."""

from __future__ import annotations

import os

from ..wire.announce import Announcement
from ..wire.folder import ready_folder
from . import imports, process, thread
from .clock import monotonic
from .door import Door
from .identity import Identity
from .loop import Loop
from .network import network_door
from .thread import AgentThread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..wire.messages import Request
    from .peer import Peer
    from .serving import Serving

PAUSE_SECONDS = 2.0  # how long a fork or the program's end waits for a batch in the agent's thread

SYSTEM_THREAD_SECONDS = 0.2


class Agent:
    """One process's listening presence."""

    def __init__(self, parent: str | None = None) -> None:
        self.identity = Identity(parent)
        folder = ready_folder()
        self._door = Door(folder, self.identity.id)
        doors = [(self._door.socket, self.identity.key, self._door.sealed)]
        network = network_door()
        if network is not None:
            doors.append((*network, True))
        self._loop = Loop(doors, self._answer)
        record = self.identity.record(self._door.endpoint)
        try:
            self._announcement = Announcement(folder, self.identity.id, record)
        except BaseException:
            self._door.remove()
            self._loop.abandon()
            raise
        self._thread: AgentThread | None = None
        self._ended: AgentThread | None = None
        self._serving: Serving | None = None

    def reachable(self) -> bool:
        """Whether its door is still its own."""
        return self._loop.intact()

    def followed(self) -> bool:
        """Whether a client that has asked for a batch is there still."""
        return process.batches.asked_by in self._loop.peers

    def start(self) -> None:
        """Serve, in a daemon thread that debuggers leave alone; go on, where `pause` could not end it."""
        self._loop.ready()
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = thread.start(self._loop.run)

    def warm(self) -> None:
        """Get ready in the agent's thread for the first batch: a program that asks for the agent will be reloaded."""
        self._loop.post(lambda: self._loop.later(process.read_ahead))

    def pause(self) -> bool:
        """End the thread and keep all else, so that a fork finds one thread less; whether it ended.

        It does not where a batch takes long, or where it is the batch itself that forks or ends the process.
        """
        running = self._thread
        if running is None or running.is_this():
            return running is None
        if self._loop.stop():
            running.join(PAUSE_SECONDS)
        if running.is_alive():
            return False
        self._thread = None
        self._ended = running
        return True

    def pause_for_fork(self) -> None:
        """End the thread so that even the system counts it no more."""
        if self.pause() and self._ended is not None:
            _wait_for_system_thread(self._ended)

    def leave(self) -> None:
        """Take away what others see of this process."""
        self._announcement.withdraw()
        self._door.remove()

    def end(self) -> None:
        """The process ends: nothing of it stays behind."""
        self.leave()
        if self.pause():
            self._loop.abandon()

    def abandon(self) -> None:
        """In a forked child: let go of all that is the parent's."""
        self._announcement.forget()
        self._loop.abandon()
        if self._thread is not None:  # `pause` could not end it
            imports.forget(self._thread.ident)

    def _answer(self, peer: Peer, request: Request) -> None:
        if self._serving is None:
            self._serving = imports.once_typing_is_there(self._ready_to_serve)
            process.batches.on_report = self._serving.tell_report
        self._serving.answer(peer, request)

    def _ready_to_serve(self) -> Serving:
        from .serving import Serving  # with the first request, not with the program

        process.engine().warm()  # whoever asks will save something soon
        return Serving(self.identity, self._loop)


def _wait_for_system_thread(ended: AgentThread) -> None:
    # join() returns a moment before the system's thread is gone, and 3.12 counts those to warn at a fork.
    path = f"/proc/self/task/{ended.native_id}"
    end = monotonic() + SYSTEM_THREAD_SECONDS
    while os.path.exists(path) and monotonic() < end:
        os.sched_yield()
