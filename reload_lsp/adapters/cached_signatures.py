"""`inspect.Signature` objects that decorators keep beside the function they were made of: made again with its parameters."""

from __future__ import annotations

import sys
from types import FunctionType

from ..live.kinds import kind_of
from ..live.reach import cell_content, getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


DEPTH = 8


class CachedSignatures:
    """Attributes of wrappers, functions or other objects, that stand for a function with new parameters."""

    library = "inspect"
    tested = "Python 3.10 to 3.14"

    def settle(self, work: Work) -> None:
        for function in work.functions:
            spaces: dict[int, dict[str, Any]] = {}
            _look(_bound(function), spaces, DEPTH)
            for space in [s for s in spaces.values() if any(v is function for v in s.values())]:
                for name, value in list(space.items()):
                    if type(value) is sys.modules["inspect"].Signature:
                        _follow(work, space, name, value, function)


def _bound(function: FunctionType) -> Any:
    """What stands under the name of a function, in its module or class."""
    value: Any = None
    space: Any = function.__globals__
    for part in function.__qualname__.split("."):
        value = space.get(part) if space is not None else None
        space = getattr_raw(value, "__dict__")
    return value


def _look(value: Any, spaces: dict[int, dict[str, Any]], depth: int) -> None:
    """The attributes of an object, and of what is called behind it."""
    space: Any = getattr_raw(value, "__dict__")
    if not depth or kind_of(space) is not dict or id(space) in spaces or not callable(value):
        return
    spaces[id(space)] = space
    cells = getattr_raw(value, "__closure__") or ()
    for inner in (*list(space.values()), *map(cell_content, cells)):
        _look(inner, spaces, depth - 1)


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
