"""What an edited statement changes through functions that it calls: it did so before the edit, and does it once more."""

from __future__ import annotations

import ast
import sys
from collections import deque
from types import FunctionType, MethodType

from ..plan.impact import PURE, Effect
from ..source.names import chain_of
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
        follows = bool(dirty.reasons & {"edited", "input", "derived"}) and dirty.view.old(dirty.index) is not None
        self._takes = follows and "rebuild" not in dirty.reasons and dirty.statement.kind == "bind" and self._draws()
        self._before: list[tuple[str, Mapping[str, Any], str, float | None]] = []
        again = "edited" in dirty.reasons and "rebuild" not in dirty.reasons and dirty.view.old(dirty.index) is not None
        impact = batch.effects.of(dirty.view.node(dirty.index), dirty.view.module) if again else PURE
        counts = again and (impact.effect == Effect.GLOBAL or self._in_a_chain())
        if dirty.statement.kind == "effect" and counts:  # containers are looked at by `Grown`
            named = [("", m.ns, n) for m, n in impact.touched if n == impact.what]
            counted = [(p, s, n, _size(s.get(n))) for p, s, n in (*named, *self._of_methods())]
            self._before = [c for c in counted if is_a(c[1].get(c[2]), (int, float)) or self._in_a_chain()]
        elif again and dirty.statement.kind in ("bind", "block"):
            self._takes = self._takes or impact.what == "next"
            own = {(dirty.view.module, n) for n in dirty.names.mutates | dirty.names.binds}
            places = [p for m, n in impact.touched - own for p in _in_class("", m.ns, n)]
            self._before = [(p, s, n, _size(s.get(n))) for p, s, n in (*places, *self._of_methods())]

    def _in_a_chain(self) -> bool:
        """`stack.push(1).push(2)`: `Grown` looks at what one call adds to."""
        node = self._dirty.view.node(self._dirty.index)
        call = node.value if isinstance(node, ast.Expr) else None
        return isinstance(call, ast.Call) and chain_of(call.func) is None

    def _draws(self) -> bool:
        """Whether the statement asks a generator of random numbers that begins with a seed."""
        random, module = sys.modules.get("random"), self._dirty.view.module
        chains = self._dirty.names.calls if random is not None else ()
        for chain in (c for c in chains if len(c) > 1 and c[-1] != "Random"):
            owner = self._batch.resolver.target_of(module, chain[:-1])
            if owner is random or is_a(owner, random.Random if random is not None else ()):
                return owner is not random or "seed(" in module.text
        return False

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
        more = {f"{where}{n}" for where, space, n, size in self._before if _is_more(size, space.get(n))}
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


def _in_class(where: str, space: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """A name, and the numbers and containers of the class that it stands for."""
    yield where, space, name
    cls = space.get(name)
    for attribute in list(cls.__dict__) if is_a(cls, type) else ():
        yield f"{where}{name}.", cls.__dict__, attribute


def _size(value: Any) -> float | None:
    """How much is in a container, or what a number stands at; None for anything else."""
    kind = kind_of(value)
    return len(value) if kind in _ADDED_TO else value if kind in (int, float) else None


def _is_more(before: float | None, value: Any) -> bool:
    """Whether a container has more in it now, or a number stands elsewhere."""
    now = _size(value)
    return (
        before is not None and now is not None and (now != before if kind_of(value) in (int, float) else now > before)
    )
