"""Functions that a statement wrote, called and let go: `TOTAL = reduce(lambda a, b: a + b, ROWS)`.

Nobody holds such a `lambda` any more. To swap its code changes nothing: what it made is what the statement made.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType

from ..source.codes import nested
from .heap import objects_of
from .kinds import is_a
from .view import View


def let_go(view: View, index: int) -> bool:
    """Whether nobody holds any of the functions without a name that a statement wrote."""
    if view.statements[index].kind not in ("bind", "effect") or "lambda" not in view.statements[index].text:
        return False
    written = list(_written(view.codes(index)))
    return bool(written) and held_lambdas().isdisjoint(written)


def called_edited(codes: Iterable[CodeType], edited: set[int], lines: range | None = None) -> bool:
    """Whether a statement of these codes called a `lambda` of its own that is edited, and let it go: of the ids of `edited`."""
    written = [c for c in _written(codes) if (lines is None or c.co_firstlineno in lines) and _is_edited(c, edited)]
    if not written:
        return False
    held = held_lambdas()
    return any(_is_over(c, edited, held) for c in written)


def held_lambdas() -> set[CodeType]:
    """The codes of all functions without a name that somebody holds, or that run."""
    found = {f.__code__ for f in objects_of((FunctionType,)) if f.__name__ == _NAME or f.__code__.co_name == _NAME}
    for frame in sys._current_frames().values():
        at = frame
        while at is not None:
            found.add(at.f_code)
            at = at.f_back
    return found


def _is_over(code: CodeType, edited: set[int], held: set[CodeType]) -> bool:
    if code in held:
        return False
    inner = [c for c in code.co_consts if is_a(c, CodeType)]
    return id(code) in edited or any(_is_over(c, edited, held) for c in inner)


def _is_edited(code: CodeType, edited: set[int]) -> bool:
    return id(code) in edited or any(_is_edited(c, edited) for c in nested(code))


def _written(codes: Iterable[CodeType]) -> Iterator[CodeType]:
    """The functions without a name that run, or are made, with the statement itself."""
    for code in codes:
        if code.co_name == _NAME:
            yield code
        elif not code.co_flags & _OPTIMIZED or code.co_name[:1] == "<":
            yield from _written(nested(code))


_NAME = "<lambda>"
_OPTIMIZED = 0x1
