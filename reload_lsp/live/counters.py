"""Numbers that count what is made: a class whose body makes the same objects again does not count them twice."""

from __future__ import annotations

from ..source.names import binds_of
from .batch import Batch
from .classes import members_of, set_member
from .dirty import Dirty
from .kinds import is_a, kind_of
from .members import MemberDiff
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Counters:
    """The numbers in classes that executing a class statement adds to (`cls.created += 1` in a constructor), as they were."""

    def __init__(self, batch: Batch, dirty: Dirty, diff: MemberDiff, live: type) -> None:
        self._batch = batch
        self._live = live
        self._own = diff.dirty | diff.unchanged
        self._before: list[tuple[type, dict[str, int]]] = []
        kinds = [c for k in (live, kind_of(live)) for c in type.__dict__["__mro__"].__get__(k) if c is not live]
        self._makers = [(c, _numbers(c)) for c in kinds if batch.modules.named(str(c.__dict__.get("__module__")))]
        if diff.added or diff.removed:
            return  # how many it makes now is not known
        for module, name in batch.effects.of(dirty.view.node(dirty.index), dirty.view.module).touched:
            owner: Any = module.ns.get(name)
            if is_a(owner, type):
                self._before.append((owner, _numbers(owner)))

    def settle(self, made: Any) -> None:
        """The statement has run: it made as many as it did before, and the class is the one that was counted then."""
        counted = any(_numbers(owner) != before for owner, before in self._makers)
        for name, value in _numbers(self._live).items() if counted and is_a(made, type) else ():
            if name not in self._own and members_of(made).get(name) != value:
                setattr(made, name, value)
        self._before += self._makers
        for owner, before in self._before:
            for name, value in _numbers(owner).items():
                if value > before.get(name, value):
                    set_member(owner, name, before[name], self._batch.journal)


def counted_by(batch: Batch, dirty: Dirty) -> list[tuple[type, dict[str, int]]]:
    """The classes that count what a class body makes (`Field.n += 1`), with their numbers."""
    touched = batch.effects.of(dirty.view.node(dirty.index), dirty.view.module).touched
    return [(owner, _numbers(owner)) for module, name in touched if is_a(owner := module.ns.get(name), type)]


def say_counted_late(batch: Batch, dirty: Dirty, diff: MemberDiff, before: list[tuple[type, dict[str, int]]]) -> None:
    """A new member has the next number, though others stand below it."""
    order = [n for _, node in diff.new for n in binds_of(node)]
    below = [n for n in diff.added if n in order and diff.unchanged.intersection(order[order.index(n) :])]
    counting = [owner.__name__ for owner, numbers in before if _numbers(owner) != numbers]
    if below and counting:
        batch.findings.say(
            "RLD307",
            f"{dirty.statement.name}.{below[0]} is new, and {counting[0]} counted it after those that stand below it. "
            "Restart the process to have them counted in the order of the text.",
            dirty.view.module.path,
            place_of(dirty.statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _numbers(cls: type) -> dict[str, int]:
    return {name: value for name, value in members_of(cls).items() if type(value) is int}
