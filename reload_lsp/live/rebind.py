"""What a classic reload left with the old classes and functions, given the new ones: instances, containers, attributes."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from types import FunctionType, ModuleType
from weakref import ref

from ..findings.values import Count, Ending, Outcome, Range
from .batch import Batch
from .discard import put_in_place
from .heap import survey
from .journal import Journal
from .kinds import is_a, kind_of
from .loaded import LoadedModule
from .modules import Modules
from .requests import Place, ReloadError
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Split:
    """A class or function of which the program may hold the one before: weakly, so that it can go."""

    __slots__ = ("module", "name", "old")

    def __init__(self, module: str, name: str, old: Any) -> None:
        self.module, self.name, self.old = module, name, ref(old)


class Rebind:
    """Gives the holders of some statements' old objects the new ones; `batch.findings` say what could not follow."""

    ending: Ending = "patched"
    why = "what held the one before has the new one"
    final = False

    def __init__(self, modules: Modules, generation: int, splits: Sequence[Split], places: Sequence[Place]) -> None:
        self.modules = modules
        self.batch = Batch(modules, (), generation)
        self.splits = list(splits)
        self.done: list[str] = []
        self.wanted = [(split, place) for split in splits if (place := self._place(split)) in places]
        if not self.wanted:
            raise ReloadError("nothing is known any more of what held the object before; there is nothing to rebind")

    def _place(self, split: Split) -> Place | None:
        module = self.modules.named(split.module)
        binders = self.batch.view_of(module).binders(split.name) if module is not None else []
        if module is None or not binders:
            return None
        return Place(module.path, self.batch.view_of(module).statements[binders[-1]].line)

    def run(self) -> Outcome:
        """Do it; whatever fails is put back."""
        try:
            stayed = [self._moved(split) for split, _ in self.wanted]
        except BaseException:
            self.batch.journal.rollback()
            raise
        self.batch.journal = Journal()  # it holds what was replaced
        for (split, _), instances in zip(self.wanted, stayed, strict=True):
            self._tell(split, instances)
        return "applied"

    def _moved(self, split: Split) -> int:
        """Give whoever has the old object the new one; of a class, how many instances could not be moved."""
        old, new = split.old(), self._new(split)
        if old is None or new is None:
            return 0
        self.done.append(split.module)
        if is_a(old, type):
            return self._instances(old, new)
        targets = [old]
        for holder in gc.get_referrers(*targets):
            if holder is not targets:
                put_in_place(self.batch, holder, {id(old): new})
        return 0

    def _new(self, split: Split) -> Any:
        module = self.modules.named(split.module)
        return module.ns.get(split.name) if module is not None else None

    def _tell(self, split: Split, instances: int) -> None:
        module, old = self.modules.named(split.module), split.old()
        if module is None or old is None:
            return
        targets = [old]
        left = instances
        if is_a(old, FunctionType):
            left = sum(1 for h in gc.get_referrers(*targets) if h is not targets and _counts(h))
        self._say(module, split.name, left)

    def _instances(self, old: Any, new: Any) -> int:
        """Move the objects of a class; how many could not be moved."""
        left = 0
        for instance in survey((), [old]).instances.get(old, ()):
            if kind_of(instance) is not old:
                continue
            try:
                self.batch.journal.record(setattr, instance, "__class__", old)
                object.__setattr__(instance, "__class__", new)
            except TypeError:
                left += 1
        return left

    def _say(self, module: LoadedModule, name: str, left: int) -> None:
        if not left:
            return
        view = self.batch.view_of(module)
        binders = view.binders(name)
        self.batch.findings.say(
            "RLD206" if is_a(module.ns.get(name), type) else "RLD204",
            f"{left} of the holders of the {name} before could not be given the new one. "
            "Make them again, or restart the process.",
            module.path,
            place_of(view.statements[binders[-1]]) if binders else Range.of(0, 0, 0, 1),
            verdict="applied-risk",
            severity="warning",
            count=Count(left),
            data={"fixes": [{"kind": "restart"}]},
        )


def _counts(holder: Any) -> bool:
    """Whether a holder is the program's: not a frame, nor the arguments of the question."""
    if kind_of(holder) is tuple:
        return len(holder) != 1 or not is_a(holder[0], FunctionType)
    return kind_of(holder).__name__ != "frame" and not is_a(holder, ModuleType)
