"""From a client's request to its answer: methods at once, batches where the program's safe points allow."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from ..findings.values import Report
from ..live.requests import ReloadError
from ..live.steps import Steps
from ..wire.messages import Answer, Event, Failure, Message, Request
from . import faults, process, requests, signals
from .identity import Identity
from .loop import Loop
from .methods import METHODS, news_for
from .peer import Peer
from .safepoint import TooMany
from .start import restart_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.engine import Engine
    from ..live.requests import Save
    from ..live.unrun import Unrun

Batch = Callable[[], Report]


class Serving:
    """Answers the clients of one agent."""

    def __init__(self, identity: Identity, loop: Loop) -> None:
        self._identity = identity
        self._loop = loop
        self._loads_seen = (0, 0)
        self._unrun: Unrun | None = None
        self._telling = False

    def answer(self, peer: Peer, request: Request) -> None:
        """Answer now, or later where it is a batch that waits for a safe point."""
        try:
            batch = self._batch(request)
            if batch is not None:
                self._submit(batch, peer, request)
                return
            if request.method == "unrun":
                result = self._follow_unrun(peer)
            else:
                result = self._method(request)(self._identity, peer, request.params)
        except BaseException:
            peer.send(failure(request))
        else:
            peer.send(Answer(request.id, result))
            if request.method == "restart":
                restart_program()
            elif request.method == "loaded":  # an editor follows
                self._loop.later(process.read_ahead)
        self._tell_news()
        self._tell_ended()

    def tell_report(self, report: Report, origin: object) -> None:
        """Tell all clients but the one that asked of a batch; from any thread."""
        if self._unrun is not None and report.outcome in ("applied", "partial"):
            history = process.engine().history
            with Steps():
                self._unrun.after_batch((path, before) for path, before, _ in (history[-1] if history else ()))
            self._unrun_changed()
        event = Event("reloaded", {"report": report.as_json()})
        self._loop.post(lambda: self._tell(event, origin))
        if origin is None:
            self._loop.post(lambda: self._follow_old_frames(report))

    def _method(self, request: Request) -> Callable[[Identity, Peer, dict[str, Any]], dict[str, Any]]:
        method = METHODS.get(request.method)
        if method is None:
            raise requests.Refused("unknown-method", f"this agent has no method {request.method!r:.100}")
        return method

    def _batch(self, request: Request) -> Batch | None:
        engine = process.engine()
        if request.method == "apply":
            saves, cause = loaded_ones(engine, requests.saves_of(request.params)), requests.cause_of(request.params)
            return lambda: engine.apply(saves, cause)
        at_places = {"rerun": engine.rerun, "rebind": engine.rebind, "clearCaches": engine.clear_caches}
        if request.method in at_places:
            places, work = requests.places_of(request.params), at_places[request.method]
            return lambda: work(places)
        if request.method in ("reloadModule", "unload"):
            paths = requests.paths_of(request.params)
            work = engine.reload_modules if request.method == "reloadModule" else engine.unload
            return lambda: work(paths)
        return engine.undo if request.method == "undo" else None

    def _submit(self, batch: Batch, peer: Peer, request: Request) -> None:
        where = requests.where_of(request.params)

        def run() -> Report | None:
            return self._run(batch, peer, request)

        def give_up() -> None:
            peer.send(Failure(request.id, "no-safe-point", "no safe point came in time"))

        signals.as_the_program(lambda: process.safe_points.submit(run, where, peer, give_up), self._loop.programs_mask)

    def _run(self, batch: Batch, peer: Peer, request: Request) -> Report | None:
        """Do a batch in whatever thread this is; its report goes to the client through the loop."""
        report: Report | None = None
        try:
            report = process.batches.run(batch, peer)
            answer: Message = Answer(request.id, report.as_json())
        except BaseException:
            answer = failure(request)
        if process.profile is not None:
            process.profile.step("sent")
        self._loop.post(lambda: self._loop.send(peer, answer), always=True)
        self._loop.post(lambda: self._profile(report, request))
        self._loop.post(lambda: self._follow_old_frames(report))
        self._loop.post(self._tell_news)
        return report

    def _profile(self, report: Report | None, request: Request) -> None:
        """The answer is on its way: so ends the batch."""
        if process.profile is not None and report is not None:
            process.profile.over(report, requests.profile_of(request.params))

    def _tell(self, event: Event, origin: object) -> None:
        for peer in self._loop.peers:
            if peer is not origin:
                self._loop.send(peer, event)

    def _follow_unrun(self, peer: Peer) -> dict[str, Any]:
        """A client wants to hear which edited lines have not run yet, from now on."""
        from ..live import unrun

        peer.told_unrun = True
        if self._unrun is None and unrun.available():
            modules = process.engine().modules
            modules.refresh()
            self._unrun = unrun.Unrun(modules, self._unrun_changed)
        return {"available": self._unrun is not None, **self._unrun_lines()}

    def _unrun_lines(self) -> dict[str, Any]:
        lines = self._unrun.lines() if self._unrun is not None else {}
        return {"files": [{"path": path, "lines": found} for path, found in lines.items()]}

    def _unrun_changed(self) -> None:
        """Tell it once, however many lines run before the loop comes to it; from any thread."""
        if not self._telling:
            self._telling = True
            self._loop.post(self._tell_unrun)

    def _tell_unrun(self) -> None:
        self._telling = False
        event = Event("unrun", self._unrun_lines())
        for peer in self._loop.peers:
            if peer.told_unrun:
                self._loop.send(peer, event)

    def _follow_old_frames(self, report: Report | None) -> None:
        """Clients know of a batch's findings: from now on they hear when old code is left at last."""
        if report is not None and report.findings:
            old_frames = process.engine().modules.old_frames
            old_frames.told(report.findings)
            old_frames.on_change = lambda: self._loop.post(self._tell_ended)
            self._tell_ended()

    def _tell_ended(self) -> None:
        ended = process.engine().old_frames_ended()
        event = Event("ended", {"findings": ended})
        for peer in self._loop.peers if ended else ():
            self._loop.send(peer, event)

    def _tell_soon(self) -> None:
        """What was being loaded while clients were told what is loaded; in the thread that loads it."""
        self._loop.post(self._tell_news)

    def _tell_news(self) -> None:
        # Asking the engine costs with the number of files; that something was imported shows for nothing.
        recorder = process.engine().recorder
        recorder.on_read = self._tell_soon if recorder.reading else None
        seen = (len(sys.modules), recorder.loads)
        if seen == self._loads_seen:
            return
        self._loads_seen = seen
        for peer in self._loop.peers:
            files = news_for(peer)
            if files:
                self._loop.send(peer, Event("loaded", {"files": files}))


def loaded_ones(engine: Engine, saves: list[Save]) -> list[Save]:
    """Of some saves, those of files that this process runs or has read: no other file is opened for a client."""
    known = {os.path.realpath(file.path) for file in engine.knows([save.path for save in saves])}
    return [save for save in saves if os.path.realpath(save.path) in known]


def failure(request: Request) -> Failure:
    """The answer to a request that raised what is being handled; our own faults are noted as well."""
    error = sys.exc_info()[1]
    if isinstance(error, requests.Refused):
        return Failure(request.id, error.code, str(error))
    if isinstance(error, TooMany):
        return Failure(request.id, "busy", str(error))
    if isinstance(error, ReloadError):
        return Failure(request.id, "refused", str(error))
    faults.note(f"in the request {request.method!r:.100}")
    return Failure(request.id, "fault", f"the agent failed at {request.method!r:.100}: {error!r:.500}")
