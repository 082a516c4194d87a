"""A statement that a batch must bring to an end."""

from __future__ import annotations

from ..source.names import Names
from ..source.statement import Statement
from ..values import dataclass, field
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Key = tuple[str, int]


@dataclass(slots=True)
class Dirty:
    """A statement that this batch must bring to an end.

    `reasons`: edited, added; input (what it reads changed), called (the code of a function it calls), derived (what such a
    function reads), rebuild (what it changes in place was made again),
    base (its base class was), default (a field of the class of an object that it makes has another one).
    `members` are the attributes of a class that are others now, `generated` its methods that a decorator or base wrote anew.
    """

    view: View
    index: int
    reasons: set[str] = field(default_factory=set[str])
    why: str = ""
    revived: list[Any] = field(default_factory=list["Any"])
    stored: frozenset[tuple[Any, str]] = frozenset()
    members: set[str] = field(default_factory=set[str])
    generated: set[str] = field(default_factory=set[str])

    @property
    def key(self) -> Key:
        return self.view.module.name, self.index

    @property
    def statement(self) -> Statement:
        return self.view.statements[self.index]

    @property
    def names(self) -> Names:
        return self.view.names(self.index)
