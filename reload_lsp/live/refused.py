"""An edited call that runs again and changes nothing: a registry that has an entry of its name already keeps that one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType, MethodType

from ..source.names import chain_of
from ..values import dataclass
from .batch import Batch
from .dirty import Dirty
from .kinds import behind, is_a, kind_of
from .reach import getattr_raw
from .speak import place_of
from .values import plain, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FUNCTIONS = 40  # looked into for one call


@dataclass(frozen=True, slots=True)
class Entry:
    """What stood in a table under a key that the call names, and the attributes that it had."""

    name: str
    table: dict[Any, Any]
    key: str
    value: Any
    state: dict[str, Any]


class Refused:
    """One run of an edited call: the tables of the program that it may reach, with what they hold under its words."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch = batch
        self._dirty = dirty
        self._entries: list[Entry] = []
        before = dirty.view.old_node(dirty.index) if "edited" in dirty.reasons else None
        chain, words = _call(dirty.view.node(dirty.index))
        if before is not None and dirty.statement.kind == "effect":
            words &= _call(before)[1]
            self._entries = [*self._under(words, chain)] if words and chain else []

    def _under(self, words: set[str], chain: tuple[str, ...]) -> Iterator[Entry]:
        for name, table in self._tables(chain):
            for word in words & {k for k in list(table) if is_a(k, str)}:
                if not plain(table[word]) and not is_a(table[word], (FunctionType, type)):
                    yield Entry(name, table, word, table[word], dict(getattr_raw(table[word], "__dict__") or {}))

    def settle(self) -> None:
        """Say so where every one of them is what it was, and as it was."""
        refused = self._entries and all(_is_untouched(e) for e in self._entries)
        made_by, old = self._batch.modules.refused, self._dirty.view.old(self._dirty.index)
        texts = [made_by.pop((e.name, e.key), old.text if old else "") for e in self._entries]
        if refused and texts[0] != self._dirty.statement.text:  # else the edit that it refused is taken back
            one = self._entries[0]
            made_by[one.name, one.key] = texts[0]
            self._batch.findings.say(
                "RLD307",
                f"`{self._dirty.statement.label}` ran again, and what it put into {one.name} as {one.key!r} before this edit "
                "is still there. Restart the process to have the new one.",
                self._dirty.view.module.path,
                place_of(self._dirty.statement),
                verdict="applied-risk",
                data={"fixes": [{"kind": "restart"}]},
            )

    # what a call reaches ---------------------------------------------------------------------------------------
    def _tables(self, chain: tuple[str, ...]) -> Iterator[tuple[str, dict[Any, Any]]]:
        """The dictionaries of the objects of the program whose methods the call runs, and of its modules."""
        target_of, module = self._batch.resolver.target_of, self._dirty.view.module
        owner = target_of(module, chain[:-1]) if len(chain) > 1 else None
        waiting: list[tuple[Any, Any]] = [(target_of(module, chain), owner)]
        seen: set[int] = set()
        while waiting and len(seen) < _FUNCTIONS:
            target, owner = waiting.pop(0)
            function = behind(target.__func__ if is_a(target, MethodType) else target)
            if not is_a(function, FunctionType) or id(function) in seen or not self._is_ours(function.__module__):
                continue
            seen.add(id(function))
            words = function.__code__.co_names
            prefix, attributes = f"{kind_of(owner).__name__}.", getattr_raw(owner, "__dict__")
            spaces: list[tuple[str, Any]] = [("", function.__globals__), (prefix, attributes or {})]
            spaces += [(prefix, base.__dict__) for base in self._classes(owner)]
            for prefix, space in spaces:
                for name in [n for n in words if n in space]:
                    if kind_of(space[name]) is dict:
                        yield f"{prefix}{name}", space[name]
                    waiting += self._called(space[name], words)
            waiting += [
                (getattr_raw(kind_of(owner), n), owner) for n in words if self._is_ours(kind_of(owner).__module__)
            ]

    def _called(self, value: Any, words: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
        if is_a(value, FunctionType):
            yield value, None
        else:
            yield from self._methods(value, words)

    def _methods(self, owner: Any, words: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
        for base in self._classes(owner):
            yield from ((base.__dict__[n], owner) for n in words if n in base.__dict__)

    def _classes(self, owner: Any) -> list[type]:
        bases = type.__dict__["__mro__"].__get__(kind_of(owner))
        return [b for b in bases if self._is_ours(b.__dict__.get("__module__"))]

    def _is_ours(self, module: object) -> bool:
        return is_a(module, str) and self._batch.modules.named(module) is not None


def _is_untouched(entry: Entry) -> bool:
    now = entry.table.get(entry.key)
    return now is entry.value and same(dict(getattr_raw(now, "__dict__") or {}), entry.state)


def _call(node: ast.stmt) -> tuple[tuple[str, ...], set[str]]:
    """What a statement calls, and the words it gives to that."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return (), set()
    given = [*call.args, *(k.value for k in call.keywords)]
    return tuple(chain_of(call.func) or ()), {
        g.value for g in given if isinstance(g, ast.Constant) and isinstance(g.value, str)
    }
