"""What an edited call at the top level adds to: what it added before the edit is still there, and nobody takes it out."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict, deque
from types import FunctionType, MethodType

from ..source.names import chain_of
from .batch import Batch
from .dirty import Dirty
from .done import read_again
from .journal import fill
from .kinds import behind, is_a, kind_of, pairs_of
from .reach import cell_content, getattr_raw
from .speak import place_of
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SIZED = (list, dict, defaultdict, set, deque)
_FEW = 64
_MANY = 10_000


class Grown:
    """The containers that one call may add to: those of its object, of its class, and of the module of its function."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch = batch
        self._dirty = dirty
        node = dirty.view.node(dirty.index)
        call = node.value if isinstance(node, ast.Expr) else None
        chain = chain_of(call.func) if isinstance(call, ast.Call) else None
        self._chain = chain or ()
        self._cells: list[Any] = []  # what the called function has of the one around it
        self._again = "edited" in dirty.reasons and dirty.view.old(dirty.index) is not None
        self._rebuilt = "rebuild" in dirty.reasons
        runs = self._rebuilt or self._again or "added" in dirty.reasons
        found = self._reached(chain) if chain is not None and runs else ()
        self._sizes = {id(c): (c, len(c), name) for name, c in found}
        tables: list[Any] = [c for c, _, _ in self._sizes.values() if is_a(c, dict)]
        self._within = {id(v) for table in tables for _, v in pairs_of(table)}
        self._contents = [(c, _entries(c)) for c in self._cells]
        self._taken: dict[int, tuple[int, Any]] = {}
        for container, size, _ in self._sizes.values():
            if size < _MANY:
                batch.journal.record(fill, container, container.copy())
                self._take_out(container)

    def _take_out(self, container: Any) -> None:
        """An edited call comes back without the entry of its earlier run: a registry may refuse what it has."""
        rank = self._rank(container)
        if self._again and not self._rebuilt and rank is not None:
            entries = _entries(container)
            self._taken[id(container)] = rank, entries.pop(rank)
            fill(container, entries)

    def _reached(self, chain: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        target_of, module = self._batch.resolver.target_of, self._dirty.view.module
        target = target_of(module, chain)
        owner = target_of(module, chain[:-1]) if len(chain) > 1 else None
        yield from _sized(
            ".".join(chain[:-1]), owner if len(chain) > 2 else None
        )  # `sys.path`; `x.append` alone is built again
        function = behind(target.__func__ if is_a(target, MethodType) else target)
        if is_a(target, type):  # an object that enters itself somewhere: `Room("hall")`
            owner, function = target, behind(getattr_raw(target, "__init__"))
        if not is_a(function, FunctionType):
            return
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self._cells += [content for _, content in _sized(name, cell_content(cell))]
            yield from _sized(name, cell_content(cell))
        if function.__module__ == "warnings":
            yield from _sized("warnings.filters", sys.modules["warnings"].__dict__["filters"])
        if self._batch.modules.of_namespace(function.__globals__) is None:
            return
        for name in function.__code__.co_names:
            if not self._is_made_again(function.__globals__, name):
                yield from _sized(name, function.__globals__.get(name))
        cls = owner if is_a(owner, type) else kind_of(owner)
        classes = [c for c in type.__dict__["__mro__"].__get__(cls)[:-1] if not self._is_made_again_class(c)]
        own = None if self._rebuilt else getattr_raw(owner, "__dict__")
        for space in (own, *(c.__dict__ for c in classes)):
            for name, value in dict(space or {}).items():
                yield from _sized(f"{'.'.join(chain[:-1])}.{name}", value)

    def _is_made_again(self, space: dict[str, Any], name: str) -> bool:
        """Whether a container is built again itself, this call with it."""
        home = self._batch.modules.of_namespace(space) if self._rebuilt else None
        return home is not None and (home.name, name) in self._batch.changes

    def _is_made_again_class(self, cls: type) -> bool:
        module = self._batch.modules.named(str(cls.__dict__.get("__module__")))
        return module is not None and self._is_made_again(module.ns, cls.__name__)

    def settle(self) -> None:
        """Put what was added where its line stands among its like; what cannot be told apart from the rest is said."""
        for container, size, name in self._sizes.values():
            if id(container) in self._taken:
                self._put_in_place(container, size)
            elif len(container) > size:
                rank = self._rank(container) if not self._rebuilt else None
                if rank is not None:
                    entries = _entries(container)
                    fill(container, [*entries[:rank], entries[-1], *entries[rank:-1]])
                elif self._again or self._rebuilt:
                    self._say(name)
        for container, before in self._contents:
            if not same(before, _entries(container)):
                self._read_again(container)

    def _read_again(self, container: Any) -> None:
        """Data that functions gave which share the container with the one that was called."""
        module = self._dirty.view.module
        for name, value in list(module.ns.items()):
            cells = value.__closure__ or () if kind_of(value) is FunctionType else ()
            if any(cell_content(c) is container for c in cells):
                read_again(self._batch, self._dirty, module, name, set())

    def _put_in_place(self, container: Any, size: int) -> None:
        rank, entry = self._taken[id(container)]
        entries = _entries(container)
        if len(entries) == size:
            entry = entries.pop()
        entries.insert(rank, entry)  # the one from before, where the call did not add to this container
        fill(container, entries)

    def _rank(self, container: Any) -> int | None:
        """Which of the entries is this call's, where each is that of one such call; None where that cannot be told."""
        if kind_of(container) not in (list, dict, defaultdict) or id(container) in self._within:
            return None
        view = self._dirty.view
        head = f"{'.'.join(self._chain)}("
        alike = [i for i, s in enumerate(view.statements) if s.kind == "effect" and s.text.startswith(head)]
        done = [i for i in alike if view.old(i) is not None or (view.module.name, i) not in self._batch.pending]
        return done.index(self._dirty.index) if len(container) == len(done) and self._dirty.index in done else None

    def _say(self, name: str) -> None:
        self._batch.findings.say(
            "RLD307",
            f"`{self._dirty.statement.label}` ran again, and what it added to {name} before this edit is still there. "
            "Restart the process to be without it.",
            self._dirty.view.module.path,
            place_of(self._dirty.statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _entries(container: Any) -> list[Any]:
    return pairs_of(container) if is_a(container, dict) else [*container]


def _sized(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A container, and those in a table of them: `SUBSCRIBERS[topic]`."""
    if kind_of(value) in _SIZED:
        yield name, value
        inner = [v for _, v in pairs_of(value)[:_FEW]] if is_a(value, dict) else []
        yield from ((name, v) for v in inner if kind_of(v) in (list, set))
