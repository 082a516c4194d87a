"""The whole of one batch: read, diff, swap, run, remove, audit, commit; or everything as it was before."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..findings.values import Finding, Outcome, Range, Step
from ..plan.markers import markers_at, module_markers
from ..source.text import UnreadableSource
from .again import mark_places, obey_new_markers
from .ahead import run_ahead
from .audit import audit
from .batch import Batch
from .cached import empty_caches, empty_first_filled
from .deleted import drop
from .discard import settle_discards
from .docstrings import wrapped_docstrings
from .doubtful import doubtful_edit, settle_doubt
from .edit import ModuleEdit, annotate_lazily, edit_of, in_source_order
from .exchanged import say_exchanged
from .failed import Failed
from .finders import look_again
from .held_since import remember_held
from .hooks import after_reload, before_reload, migrate_instances
from .irrevocable import say_without_gil
from .leftovers import Leftovers
from .loaded import LoadedModule
from .looked_for import arrived, mark_arrived, mark_departed
from .lost import say_lost
from .modules import Modules
from .native import say_native
from .overloads import forget_overloads
from .progress import follow
from .raised import raised_at
from .reading import forget_lines, read_regular
from .registry_order import put_registries_in_order
from .rehash import rehash_users
from .relocated import Relocated
from .remove import leave_bases_of_gone, remove_names, say_gone
from .replaced import settle_superseded
from .requests import Place, Save
from .run import annotate_again, drain, follow_bodies
from .seed import bodies_alone, seed, seed_file
from .speak import Findings
from .steps import Steps
from .swap import swap_codes
from .unload import forget

# A class that cannot follow is often why a later statement fails: said beside the failure.
LAYOUT = frozenset(("RLD101", "RLD102", "RLD104", "RLD105", "RLD110", "RLD112"))


class Transaction:
    """One batch over `modules`. `texts` overrides what is on disk (undo); `again`: statements to run again."""

    def __init__(
        self,
        modules: Modules,
        generation: int,
        saves: Sequence[Save],
        texts: dict[str, bytes],
        again: Sequence[Place] = (),
        steps: Steps | None = None,
    ) -> None:
        self.again = again
        self._steps = steps or Steps()
        self.modules = modules
        self.saves = saves
        self.texts = texts
        self.findings = Findings(generation)
        self.generation = generation
        self.batch: Batch | None = None
        self._started = modules.recorder.started
        self.deleted: list[LoadedModule] = []
        self._relocated = Relocated()
        self.names: list[str] = []
        self.data_files: list[tuple[LoadedModule, str, bytes]] = []
        self.texts_before: list[tuple[str, bytes, bytes]] = []
        self.library_files: list[str] = []

    def run(self) -> Outcome:
        """Do the batch. Faults of the user's code are findings; faults of ours are undone and raised."""
        look_again()
        self._steps.enter("diff")
        edits = self._read()
        if edits is None:
            return "refused"
        idle = not edits and not self.deleted and not self.data_files and not self.again and not self.library_files
        if idle and not arrived(self.modules):
            return "refused" if self.findings.items else "no-effect"
        self._steps.turn()
        batch = self.batch = Batch(self.modules, edits, self.generation)
        batch.findings = self.findings
        try:
            return self._attempt(batch)
        finally:
            self._started.batch = None
            self.names = self._module_names(batch)
            batch.leftovers.replaced(batch)
            batch.close()
            leave_bases_of_gone(batch)
            batch.leftovers.say(batch)
            say_gone(batch)

    def _attempt(self, batch: Batch) -> Outcome:
        try:
            self._act(batch)
        except Failed as failure:
            self._rolled_back(batch, failure)
            return "rolled-back"
        except BaseException:
            self._undo(batch)
            raise
        self._commit(batch)
        self.findings.items[:] = [f for f in self.findings.items if not self._ignored(f)]
        return "partial" if any(s.ending == "held" for s in batch.ordered) else "applied"

    def _ignored(self, finding: Finding) -> bool:
        """Whether a comment on its line, or at the top of its file, says that the code is not to be shown."""
        for module in self.modules.at(finding.path):
            lines = module.text.split("\n")
            markers = markers_at(lines, finding.range.start.line).joined(module_markers(lines))
            return finding.code in markers.ignored
        return False

    def _act(self, batch: Batch) -> None:
        self._started.begin_batch()
        for edit in batch.edits:
            self._started.watch(edit.code)
        states = before_reload(batch)
        self._relocated.settle(batch)
        run_ahead(batch)
        bodies = bodies_alone(batch)
        heap = swap_codes(batch, self._steps)
        self._steps.enter("plan")
        if bodies:
            self._steps.ease()
        seed(batch)
        wrapped_docstrings(batch)
        for edit in batch.edits:
            obey_new_markers(batch, edit)
        mark_places(batch, self.again)
        mark_arrived(batch)
        mark_departed(batch, self.deleted)
        for module, path, _ in self.data_files:
            seed_file(batch, module, path)
        if not batch.pending:
            self._steps.ease()
        empty_caches(batch)
        follow_bodies(batch)
        if batch.pending:
            self._steps.brace()
        self._steps.enter("apply")
        batch.adapting.begin()
        annotate_again(batch)
        drain(batch)
        remove_names(batch)
        drain(batch)
        forget_overloads(batch)
        settle_discards(batch)
        settle_superseded(batch)
        put_registries_in_order(batch)
        batch.adapting.refresh(self.library_files)
        batch.adapting.settle()
        drain(batch)
        batch.adapting.finish()
        for module in self.deleted:
            drop(batch, module, self.deleted)
        rehash_users(batch)
        after_reload(batch, states)
        migrate_instances(batch)
        self._steps.enter("audit")
        say_lost(batch)
        say_without_gil(batch)
        audit(batch, heap)

    # reading ---------------------------------------------------------------------------------------------------
    def _read(self) -> list[ModuleEdit] | None:
        edits: list[ModuleEdit] = []
        self.modules.adapters()  # some of them know how a text is compiled
        others = any(not s.path.endswith(".py") for s in self.saves)
        held = self.modules.library_files() if others else {}
        self.library_files = [s.path for s in self.saves if s.path in held]
        for save in self.saves:
            modules = self.modules.at(save.path)
            data_of_file = self._data(save.path)
            say_exchanged(self.modules, self.findings, save.path, data_of_file)
            self._data_file(save.path, data_of_file)
            say_native(self.modules, self.findings, save.path)
            for module in modules:
                settle_doubt(module)
                data = data_of_file if data_of_file is not None else self._relocated.follow(self.modules, module)
                if data is None:
                    self.deleted.append(module)
                    continue
                if data == module.data and not module.doubt:
                    continue
                try:
                    edits.append(doubtful_edit(module, data) if module.doubt else edit_of(module, data))
                except (SyntaxError, UnreadableSource, ValueError, RecursionError) as error:
                    self._unreadable(module.path, error)
                    self._relocated.put_back(self.modules)
                    return None
        return edits

    def _data_file(self, path: str, data: bytes | None) -> None:
        for module in self.modules.readers_of_file(path):
            if data is not None and module.files[path] != data:
                self.data_files.append((module, path, data))

    def _data(self, path: str) -> bytes | None:
        if path in self.texts:
            return self.texts[path]
        return read_regular(path)

    def _unreadable(self, path: str, error: Exception) -> None:
        line, column = getattr(error, "line", 0), 0
        message = str(error)
        if isinstance(error, SyntaxError):
            line, column = (error.lineno or 1) - 1, max((error.offset or 1) - 1, 0)
            message = error.msg
        self.findings.say(
            "RLD901",
            f"Nothing was reloaded: {message}. The process runs what it ran before; correct the file and save it again.",
            path,
            Range.of(line, column, line, column + 1),
            verdict="refused",
        )

    # after -----------------------------------------------------------------------------------------------------
    def _commit(self, batch: Batch) -> None:
        remember_held(batch)
        for edit in batch.edits:
            module = edit.module
            self.texts_before.append((module.path, module.data, edit.data))
            follow(edit)
            module.became(edit.data, edit.text, edit.code, list(edit.new))
            self.modules.edited(module)
            forget_lines(module.filename)
            in_source_order(module)
            if sys.version_info >= (3, 14):
                annotate_lazily(edit)
            record = self.modules.recorder.records.get(module.name)
            if record is not None:
                record.kept, record.code = module.kept, edit.code
        for module, path, data in self.data_files:
            module.files[path] = data

    def _rolled_back(self, batch: Batch, failure: Failed) -> None:
        lost = self._undo(batch)
        path, place, related = raised_at(failure)
        error = failure.error
        causes = [f for f in self.findings.items if f.code in LAYOUT]
        self.findings = batch.findings = Findings(self.generation)
        self.findings.items.extend(causes)
        self.findings.say(
            "RLD903" if failure.hook else "RLD901",
            f"{failure.hook}{type(error).__name__}: {error}. Everything was put back: the process runs what it ran before. "
            "Correct this line and save again.",
            path,
            place,
            related=related,
            data={"fixes": [{"kind": "retry"}]},
        )
        if lost:
            self.findings.say(
                "RLD902",
                f"Not everything could be put back: {'; '.join(lost)}. Restart the process.",
                path,
                place,
                data={"fixes": [{"kind": "restart"}]},
            )

    def _undo(self, batch: Batch) -> list[str]:
        lost = batch.journal.rollback()
        self._relocated.put_back(self.modules)
        batch.emptied.empty_again()
        empty_first_filled(self.modules, self._started.batch or ())
        batch.made_classes = True  # their bases list them until they are collected
        batch.replaced.clear()
        batch.leftovers = Leftovers()
        for name in list(sys.modules.keys() - batch.imported_before):
            if self.modules.recorder.records.get(name) is not None:
                forget(self.modules, name)
        return lost

    # what happened ---------------------------------------------------------------------------------------------
    def module_names(self) -> list[str]:
        """The modules touched, in the order done."""
        return self.names

    def _module_names(self, batch: Batch) -> list[str]:
        names = [s.module for s in batch.ordered]
        names += [e.module.name for e in batch.edits]
        return list(dict.fromkeys(names))

    def steps(self) -> list[Step]:
        return list(self.batch.ordered) if self.batch else []
