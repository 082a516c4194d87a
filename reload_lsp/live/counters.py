"""Numbers that count what is made: a class whose body makes the same objects again does not count them twice."""

from __future__ import annotations

from .batch import Batch
from .classes import members_of, set_member
from .dirty import Dirty
from .kinds import is_a
from .members import MemberDiff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Counters:
    """The numbers in classes that executing a class statement adds to (`cls.created += 1` in a constructor), as they were."""

    def __init__(self, batch: Batch, dirty: Dirty, diff: MemberDiff) -> None:
        self._batch = batch
        self._before: list[tuple[type, dict[str, int]]] = []
        if diff.added or diff.removed:
            return  # how many it makes now is not known
        for module, name in batch.effects.of(dirty.view.node(dirty.index), dirty.view.module).touched:
            owner: Any = module.ns.get(name)
            if is_a(owner, type):
                self._before.append((owner, _numbers(owner)))

    def settle(self) -> None:
        """The statement has run: it made as many as it did before."""
        for owner, before in self._before:
            for name, value in _numbers(owner).items():
                if value > before.get(name, value):
                    set_member(owner, name, before[name], self._batch.journal)


def _numbers(cls: type) -> dict[str, int]:
    return {name: value for name, value in members_of(cls).items() if type(value) is int}
