"""Can Python read a saved text? Of a text that was read before, only the statements that are new are compiled."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Sequence

from ..source.retable import edited_table
from ..source.statement import Statement
from ..source.table import known_table
from .texts import Problem, decoded, problem_in

REMEMBERED = 64  # files


class Checks:
    """Remembers the last good text of each file that was saved lately.

    Says what `texts.problem_in` says but for what only the whole text tells (`global` below a use, for one), which the
    process finds that compiles it for itself.
    """

    def __init__(self) -> None:
        self._good: OrderedDict[str, tuple[str, Sequence[Statement] | None]] = OrderedDict()

    def problem_in(self, data: bytes, path: str) -> Problem | None:
        """What keeps this Python from compiling the bytes of a file."""
        if self._is_good_edit(data, path):
            return None
        problem = problem_in(data, path)
        if problem is None:
            self._remember(path, decoded(data), None)
        return problem

    def _is_good_edit(self, data: bytes, path: str) -> bool:
        if path not in self._good or b"\0" in data:
            return False
        try:
            text = decoded(data)
            before, old = self._good[path]
            old = known_table(before) if old is None else old
            new = edited_table(before, old, text)
            good = _compile_alone(old, new)
        except (SyntaxError, ValueError, LookupError, OverflowError, RecursionError, MemoryError):
            return False
        if good:
            self._remember(path, text, new)
        return good

    def _remember(self, path: str, text: str, statements: Sequence[Statement] | None) -> None:
        self._good[path] = text, statements
        self._good.move_to_end(path)
        if len(self._good) > REMEMBERED:
            self._good.popitem(last=False)


def _compile_alone(old: Sequence[Statement], new: Sequence[Statement]) -> bool:
    """Compile what is new; False where that says nothing about the whole. Raises as `compile` does."""
    known = {statement.text for statement in old}
    fresh = [s for s in new if s.text not in known]
    if any(s.column or s.text[:1] in " \t" for s in fresh) or _futures(old) != _futures(new):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in fresh:
            compile(statement.text, "<statement>", "exec", dont_inherit=True)
    return True


def _futures(statements: Sequence[Statement]) -> list[str]:
    """The statements down to the last `from __future__` import, which no other may stand above."""
    last = max((i for i, s in enumerate(statements) if s.kind == "import" and "__future__" in s.text), default=-1)
    return [statement.text for statement in statements[: last + 1]]
