"""One process's reload engine: remembers what was loaded, applies batches of saves, takes them back."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections import deque

from .recorder import Recorder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..findings.values import Cause, Report
    from .adapter import Adapter
    from .cached import ClearCaches
    from .classic import Classic
    from .irrevocable import Final
    from .modules import Modules
    from .read_ahead import ReadAhead
    from .rebind import Rebind, Split
    from .requests import LoadedFile, Place, Save
    from .unload import Unload

Texts = list[tuple[str, bytes, bytes]]  # path, text before, text after: what it takes to take a batch back
UNDOABLE = 100  # batches; each keeps two texts of every file that it edited


class Engine:
    """The way in for the agent and the Python API. One batch at a time; `apply` works in the calling thread."""

    def __init__(self, recorder: Recorder | None = None) -> None:
        self.generation = 0
        self.recorder = recorder or Recorder()
        self.adapters: Callable[[], Sequence[Adapter]] | None = None
        self.on_step: Callable[[str], None] | None = None
        self._modules: Modules | None = None
        self._making = threading.RLock()
        self.history: deque[Texts] = deque(maxlen=UNDOABLE)
        self.final: Final | None = None
        self.splits: list[Split] = []
        self._lock = threading.Lock()
        self.awaited = False  # whether a batch waits for its turn
        self._inside: int | None = None
        self._ahead: ReadAhead | None = None

    @property
    def modules(self) -> Modules:
        """What is loaded. The engine's rooms are imported when it is first asked for: a start costs the recorder alone."""
        with self._making:
            if self._modules is None:
                from . import transaction
                from .modules import Modules

                del transaction
                self._modules = Modules(self.recorder)
                if self.adapters is not None:
                    self._modules.adapters = self.adapters
            return self._modules

    def warm(self) -> None:
        """Import what a batch needs, before the first one: called when an editor connects."""
        _ = self.modules

    def read_ahead(self) -> float | None:
        """Do a bit of what the first batch would; in how many seconds to go on, None where nothing is left, for good."""
        from .read_ahead import PAUSE, ReadAhead

        ahead = self._ahead = self._ahead or ReadAhead(self)
        if not self._lock.acquire(blocking=False):
            return PAUSE
        try:
            return ahead.go_on()
        finally:
            self._lock.release()

    def install(self, late: bool = False) -> None:
        """Start to remember the text of every module from its import on; those loaded already are read from disk.

        `late`: the program has run for a while, and its files may have changed meanwhile.
        """
        self.recorder.install(late)

    def after_fork(self) -> None:
        """In a forked child: a batch of the parent's other threads is not under way here."""
        self._lock = threading.Lock()
        self._making = threading.RLock()
        self._inside = None
        if self._modules is not None:
            self._modules.old_frames.forget()

    def loaded(self) -> list[LoadedFile]:
        """The user's files that this process runs, in load order."""
        from .doubtful import settle_doubt
        from .files import files_of, library_files, replaced_files

        self.modules.refresh()
        for module in self.modules.all():
            settle_doubt(module)
        return files_of(self.modules.all()) + replaced_files(self.modules) + library_files(self.modules)

    def knows(self, paths: Sequence[str]) -> list[LoadedFile]:
        """Of `paths`, those that are loaded; library files among them are remembered from now on."""
        from .files import files_of, library_files, replaced_files
        from .looked_for import arrived
        from .requests import LoadedFile

        self.modules.refresh()
        unknown = {os.path.realpath(p) for p in paths if p.endswith(".py") and not self.modules.at(p)}
        if unknown:
            self.modules.track(unknown)
            self.modules.refresh()
        wanted = {os.path.realpath(p) for p in paths}
        modules = [m for p in dict.fromkeys(paths) for m in (*self.modules.at(p), *self.modules.readers_of_file(p))]
        found = files_of(modules) + replaced_files(self.modules)
        if any(not p.endswith(".py") for p in paths):
            found += library_files(self.modules)
        found += [LoadedFile(path, "", ()) for path in arrived(self.modules)]
        return [f for f in found if os.path.realpath(f.path) in wanted]

    def changed(self) -> list[Save]:
        """The loaded files whose bytes on disk are not those that run."""
        from .doubtful import settle_doubt
        from .looked_for import arrived
        from .native import changed_since_start
        from .reading import read_regular
        from .requests import Save

        self.modules.refresh()
        found: dict[str, Save] = {}
        for module in self.modules.all():
            settle_doubt(module)
            kind = module.on_disk()
            if kind != "same":
                found[module.path] = Save(module.path, "deleted" if kind == "deleted" else "modified")
            for path, before in module.files.items():
                if read_regular(path) not in (None, before):
                    found[path] = Save(path)
        for path, held in self.modules.library_files().items():
            if read_regular(path) not in (None, held):
                found[path] = Save(path)
        found.update((path, Save(path)) for path in (*changed_since_start(self.modules), *arrived(self.modules)))
        for record in self.modules.replaced():
            if read_regular(record.path) not in (None, record.kept.data):
                found[record.path] = Save(record.path)
        return list(found.values())

    def apply(self, saves: Sequence[Save], cause: Cause) -> Report:
        """Make the process run what was saved, or say what does not.

        Raises ReloadError when called from inside a batch; a batch that runs in another thread is waited for.
        """
        return self._exclusive(saves, cause, {})

    def rerun(self, places: Sequence[Place]) -> Report:
        """Run statements again, and what reads what they make; ReloadError where no statement begins at a place."""
        return self._exclusive((), "command", {}, places)

    def reload_modules(self, paths: Sequence[str]) -> Report:
        """The classic way: `importlib.reload` of the modules of `paths` and of their dependents, in order."""
        from .classic import Classic

        return self._alone(lambda: self._whole(lambda: Classic(self.modules, self.generation + 1, paths), paths))

    def unload(self, paths: Sequence[str]) -> Report:
        """Take the modules of `paths` out of `sys.modules` and their dependents, and say who still holds them."""
        from .unload import Unload

        return self._alone(lambda: self._whole(lambda: Unload(self.modules, self.generation + 1, paths), paths))

    def rebind(self, places: Sequence[Place]) -> Report:
        """Give who still holds what a classic reload made again the new one; ReloadError where nothing is known of it."""
        from .rebind import Rebind

        return self._alone(lambda: self._whole(lambda: Rebind(self.modules, self.generation + 1, self.splits, places)))

    def clear_caches(self, places: Sequence[Place]) -> Report:
        """Drop what the caches of the functions and classes at some places hold; ReloadError where there is nothing."""
        from .cached import ClearCaches

        return self._alone(lambda: self._whole(lambda: ClearCaches(self.modules, self.generation + 1, places)))

    def old_frames_ended(self) -> list[str]:
        """The findings, by id, that said that frames are in old code, and that are over since this was last asked."""
        return self._modules.old_frames.ended() if self._modules is not None else []

    def undo(self) -> Report:
        """Take the last batch back, as far as effects allow."""
        from ..findings.values import Report
        from .requests import Save

        if not self.history:
            return (
                self.final.refusal(self.generation) if self.final else Report("no-effect", "command", self.generation)
            )
        undone = self.history.pop()
        texts = {path: before for path, before, _ in undone}
        report = self._exclusive([Save(p) for p in texts], "command", texts)
        if report.outcome in ("applied", "partial") and self.history:
            self.history.pop()
        return report

    def _exclusive(
        self, saves: Sequence[Save], cause: Cause, texts: dict[str, bytes], again: Sequence[Place] = ()
    ) -> Report:
        return self._alone(lambda: self._batch(saves, cause, texts, again))

    def _alone(self, work: Callable[[], Report]) -> Report:
        from .heap import thaw
        from .requests import ReloadError

        if self._inside == threading.get_ident():
            raise ReloadError("a reload was asked for from inside a reload: let the running batch end first")
        self.awaited = True
        with self._lock:
            self.awaited = False
            self._inside = threading.get_ident()
            collecting = gc.isenabled()
            gc.disable()  # what a batch makes and discards stays young, so that a young collection finds it
            try:
                thaw()
                return work()
            finally:
                self._inside = None
                if collecting:
                    gc.enable()

    def _whole(self, begin: Callable[[], Classic | Unload | Rebind | ClearCaches], paths: Sequence[str] = ()) -> Report:
        from ..findings.values import Report, Step

        started = time.perf_counter()
        self.modules.refresh()
        work = begin()
        try:
            outcome = work.run()
        finally:
            work.batch.close()
        if outcome == "applied":
            self.generation += 1
            if work.final:
                from .irrevocable import Final

                self.history.clear()  # the texts before belong to objects that are gone
                self.final = Final(tuple(paths), tuple(work.done))
                self.splits = work.splits
        steps = tuple(Step(name, "", 0, work.ending, work.why) for name in work.done)
        findings = tuple(work.batch.findings.items)
        duration = round((time.perf_counter() - started) * 1e3, 3)
        return Report(outcome, "command", self.generation, tuple(work.done), steps, findings, duration)

    def _batch(self, saves: Sequence[Save], cause: Cause, texts: dict[str, bytes], again: Sequence[Place]) -> Report:
        from ..findings.values import Report
        from .steps import Steps
        from .transaction import Transaction

        started = time.perf_counter()
        steps = Steps(self.on_step)
        self.modules.refresh()
        transaction = Transaction(self.modules, self.generation + 1, saves, texts, again, steps)
        try:
            outcome = transaction.run()
        finally:
            steps.end()
        steps.enter("report")
        if outcome in ("applied", "partial"):
            self.generation += 1
            if transaction.texts_before:
                self.history.append(transaction.texts_before)
        return Report(
            outcome,
            cause,
            self.generation,
            tuple(transaction.module_names()),
            tuple(transaction.steps()),
            tuple(transaction.findings.items),
            round((time.perf_counter() - started) * 1e3, 3),
        )


def engine_state(engine: Engine) -> dict[str, Any]:
    """What `reload-lsp status` shows of an engine."""
    return {"generation": engine.generation, "modules": len(engine.loaded())}
