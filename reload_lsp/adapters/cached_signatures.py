"""`inspect.Signature` objects that decorators keep beside the function they were made of: made again with its parameters."""

from __future__ import annotations

import gc
import sys
from types import FunctionType

from ..live.kinds import kind_of
from ..live.reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


class CachedSignatures:
    """Attributes of objects, and of wrappers, that hold a function with new parameters."""

    library = "inspect"
    tested = "Python 3.10 to 3.14"

    def settle(self, work: Work) -> None:
        if not work.functions:
            return
        for space in _spaces(gc.get_referrers(*work.functions)):
            kept = [(k, v) for k, v in list(space.items()) if type(v) is sys.modules["inspect"].Signature]
            for function in _functions_in(work, space) if kept else ():
                for name, signature in kept:
                    _follow(work, space, name, signature, function)


def _spaces(holders: list[Any]) -> list[dict[str, Any]]:
    """The attributes of what holds the functions; since 3.13 objects are found, before that mostly their dictionaries."""
    found: dict[int, dict[str, Any]] = {}
    for holder in holders:
        space: Any = holder if kind_of(holder) is dict else getattr_raw(holder, "__dict__")
        if kind_of(space) is dict and "__builtins__" not in space:
            found[id(space)] = space
    return list(found.values())


def _functions_in(work: Work, space: dict[str, Any]) -> list[FunctionType]:
    held = {id(v) for v in space.values()}
    return [f for f in work.functions if id(f) in held]


def _follow(work: Work, space: dict[str, Any], name: str, signature: Any, function: FunctionType) -> None:
    """What the decorator added to the parameters stays; a signature of something else is left alone."""
    before = work.code_before(function)
    count = before.co_argcount + before.co_kwonlyargcount + bool(before.co_flags & 4) + bool(before.co_flags & 8)
    own = set(before.co_varnames[:count])
    if not own <= signature.parameters.keys():
        return
    fresh = sys.modules["inspect"].signature(function)
    added = [p for n, p in signature.parameters.items() if n not in own and n not in fresh.parameters]
    parameters = [p for p in fresh.parameters.values() if p.kind != p.VAR_KEYWORD or not _takes_all(added)]
    parameters = sorted([*parameters, *added], key=lambda p: p.kind)
    made = signature.replace(parameters=parameters, return_annotation=fresh.return_annotation)
    if made != signature:
        work.journal.set_item(space, name, made)


def _takes_all(parameters: list[Any]) -> bool:
    return any(p.kind == p.VAR_KEYWORD for p in parameters)


ADAPTER = CachedSignatures()
