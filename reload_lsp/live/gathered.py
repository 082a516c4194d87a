"""What an edited call adds to the objects of a library: `registry.register([IShape], ...)` that registers for `[INamed]` now.

The call runs again, and what it added before the edit is still there. Told by what has more in it than before the run;
a call that sets something (`set_option("rows", 8)`) leaves as much as there was.
"""

from __future__ import annotations

import ast
from collections import deque
from types import FunctionType, MemberDescriptorType, MethodType, ModuleType

from ..source.names import chain_of
from ..source.statement import parse
from .batch import Batch
from .dirty import Dirty
from .kinds import behind, is_a, kind_of
from .reach import getattr_raw
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..source.statement import Statement

    Path = tuple[object, ...]

_CONTAINERS = (dict, list, set, deque, tuple, frozenset)
_PLAIN = (str, bytes, int, float, complex, bool, type(None))
_BESIDE = "beside "  # among what is in force: calls that were edited, and left something of before
_DEPTH = 7
_MANY = 4000  # objects looked at


class _Roots(list["Any"]):
    """A kind of its own, so that it is no registry."""


class Gathered:
    """How much the objects that one call of a library may add to hold; made before an adapter takes anything out."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch = batch
        self._dirty = dirty
        old = dirty.view.old(dirty.index)
        self._old = old if "edited" in dirty.reasons and not dirty.reasons & {"added", "rebuild"} else None
        call = _call_of(dirty.statement)
        if (
            call is None
            or self._old is None
            or self._old.text == dirty.statement.text
            or not _asks_no_more(self._old, call)
        ):
            self._old = None
        self._roots = _Roots(_roots(batch, dirty, call) if self._old is not None and call is not None else ())
        self._before = _sizes(self._roots)

    def withdraw(self) -> None:
        """Let adapters take out what the call did when it ran before."""
        batch = self._batch
        undone, mark = batch.adapting.takes_out(self._dirty), batch.journal.mark()
        batch.adapting.withdraw(self._dirty)
        if undone or batch.journal.mark() > mark:
            self._old = None
        if not undone:
            batch.leftovers.called_again(self._dirty)

    def settle(self) -> None:
        """The call has run: say what has grown."""
        if self._old is None:
            return
        name, known = self._dirty.view.module.name, self._batch.modules.in_force
        key = name, _BESIDE + self._dirty.statement.text
        earlier = (name, _BESIDE + self._old.text) in known
        now = {} if earlier else _sizes(self._roots)
        if earlier or any(now.get(path, 0) > size for path, size in self._before.items()):
            known.add(key)
            self._batch.journal.record(known.discard, key)
            self._say()

    def _say(self) -> None:
        self._batch.findings.say(
            "RLD307",
            f"`{self._dirty.statement.label}` ran again, and what it did before this edit is still in force beside it. "
            "Restart the process to be without it.",
            self._dirty.view.module.path,
            place_of(self._dirty.statement),
            verdict="applied-risk",
            data={"fixes": [{"kind": "restart"}]},
        )


def _call_of(statement: Statement) -> ast.Call | None:
    node = parse(statement) if statement.kind == "effect" else None
    return node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None


def _asks_no_more(old: Statement, call: ast.Call) -> bool:
    """Whether a call names no more than before the edit: one that does may leave more with good reason."""
    before = _call_of(old)
    return before is not None and _leaves(call) <= _leaves(before) and chain_of(call.func) == chain_of(before.func)


def _leaves(call: ast.Call) -> int:
    return sum(isinstance(n, (ast.Name, ast.Constant)) for n in ast.walk(call))


def _roots(batch: Batch, dirty: Dirty, call: ast.Call) -> Iterator[Any]:
    """The object of the call, what it is given by name, and what its function names of its own module."""
    chain = chain_of(call.func)
    if chain is None:
        return
    module = dirty.view.module
    target = batch.resolver.target_of(module, chain)
    function = behind(target.__func__ if is_a(target, MethodType) else target)
    if is_a(function, FunctionType):
        if batch.modules.of_namespace(function.__globals__) is not None:
            return
        yield from (function.__globals__.get(n) for n in function.__code__.co_names)
    if len(chain) > 1:
        yield batch.resolver.target_of(module, chain[:-1])
    for value in (*call.args, *(k.value for k in call.keywords)):
        yield from (module.ns.get(n.id) for n in ast.walk(value) if isinstance(n, ast.Name))


def _sizes(roots: list[Any]) -> dict[Path, int]:
    """How much is in each container that the roots lead to, by the way to it."""
    sizes: dict[Path, int] = {}
    seen: set[int] = set()
    waiting: deque[tuple[Path, Any]] = deque(((i,), root) for i, root in enumerate(roots))
    while waiting and len(seen) < _MANY:
        path, value = waiting.popleft()
        kind = kind_of(value)
        if id(value) in seen or kind in _PLAIN or is_a(value, (FunctionType, MethodType, ModuleType)):
            continue
        seen.add(id(value))
        if kind in _CONTAINERS:
            sizes[path] = _filled(value)
        if len(path) <= _DEPTH:
            waiting.extend(((*path, key), part) for key, part in _parts(value, kind, len(path) == 1))
    return sizes


def _filled(value: Any) -> int:
    """How much is in a container, empty containers apart: what an adapter took out may leave them."""
    inner: list[Any] = list(value.values() if is_a(value, dict) else value)  # pyright: ignore[reportUnknownArgumentType]
    return sum(kind_of(part) not in _CONTAINERS or len(part) > 0 for part in inner)


def _parts(value: Any, kind: type, first: bool) -> Iterator[tuple[object, Any]]:
    if kind is dict:
        yield from ((_known(key), part) for key, part in list(value.items()))
    elif kind in (list, tuple, deque):
        yield from enumerate(list(value))
    elif is_a(value, type):
        if first:  # what a library wrote into a class; the classes that objects lead to are the program's text
            yield from ((n, v) for n, v in list(type.__dict__["__dict__"].__get__(value).items()) if n[:2] == "__")
    else:
        space = getattr_raw(value, "__dict__")
        yield from list(space.items()) if kind_of(space) is dict else ()
        yield from _slots(value)
        if isinstance(value, (dict, list, deque)) and kind not in _CONTAINERS:
            yield "", _content(value)


def _slots(value: Any) -> Iterator[tuple[object, Any]]:
    for cls in type.__dict__["__mro__"].__get__(kind_of(value))[:-1]:
        for name, member in list(cls.__dict__.items()):
            if kind_of(member) is MemberDescriptorType and "__slots__" in cls.__dict__:
                yield name, getattr_raw(value, name)


def _content(value: Any) -> Any:
    """What is in an object of a subclass of a container, asked of the container itself."""
    base: Any = dict if is_a(value, dict) else list if is_a(value, list) else deque
    content: Any = base.items(value) if is_a(value, dict) else base.__iter__(value)
    made: Any = dict if is_a(value, dict) else list
    return made(content)


def _known(key: Any) -> object:
    return key if kind_of(key) in _PLAIN else id(key)
