"""What an edited statement changes through functions that it calls: it did so before the edit, and does it once more."""

from __future__ import annotations

from collections import deque
from types import FunctionType, MethodType

from .batch import Batch
from .dirty import Dirty
from .kinds import behind, is_a, kind_of
from .reach import getattr_raw
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_ADDED_TO = (list, set, deque)  # what is in a dictionary stands under a key: a second time it is the same


class Touched:
    """The containers, numbers and iterators that one run of a statement may change, of modules and classes of the program."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch = batch
        self._dirty = dirty
        self._takes = False
        self._before: list[tuple[str, Mapping[str, Any], str, int]] = []
        again = "edited" in dirty.reasons and "rebuild" not in dirty.reasons and dirty.view.old(dirty.index) is not None
        if again and dirty.statement.kind in ("bind", "block"):
            impact = batch.effects.of(dirty.view.node(dirty.index), dirty.view.module)
            self._takes = impact.what == "next"
            own = {(dirty.view.module, n) for n in dirty.names.mutates | dirty.names.binds}
            places = [("", m.ns, n) for m, n in impact.touched - own]
            self._before = [(p, s, n, _size(s.get(n))) for p, s, n in (*places, *self._of_methods())]

    def _of_methods(self) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """What the methods that the statement calls name, of their objects and classes."""
        target_of, module = self._batch.resolver.target_of, self._dirty.view.module
        for chain in [c for c in self._dirty.names.calls if len(c) > 1]:
            target, owner = target_of(module, chain), target_of(module, chain[:-1])
            function = behind(target.__func__ if is_a(target, MethodType) else target)
            if not is_a(function, FunctionType) or self._batch.modules.of_namespace(function.__globals__) is None:
                continue
            classes = type.__dict__["__mro__"].__get__(owner if is_a(owner, type) else kind_of(owner))[:-1]
            spaces: list[Mapping[str, Any]] = [getattr_raw(owner, "__dict__") or {}, *(c.__dict__ for c in classes)]
            for space in spaces:
                yield from ((f"{'.'.join(chain[:-1])}.", space, n) for n in function.__code__.co_names if n in space)

    def settle(self) -> None:
        """Say what has more in it than a fresh start gives it."""
        more = {f"{where}{n}" for where, space, n, size in self._before if 0 <= size < _size(space.get(n))}
        for name in sorted(more):
            self._say(f"what it did to {name} before this edit is still there")
        if self._takes:
            self._say("it took what comes next, for what it had taken before this edit is used up")

    def _say(self, what: str) -> None:
        self._batch.findings.say(
            "RLD307",
            f"`{self._dirty.statement.label}` ran again, and {what}. "
            "Restart the process to have it as a fresh start gives it.",
            self._dirty.view.module.path,
            place_of(self._dirty.statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _size(value: Any) -> int:
    """How much is in a container, or what a number has counted up to; -1 for anything else."""
    kind = kind_of(value)
    return len(value) if kind in _ADDED_TO else max(value, 0) if kind is int else -1
