"""Members that are read off something that no name stands for: `item.price()` of a parameter, `self.team.title`.

Nothing tells whether that something is of the class that was edited. So these ways are followed last, and only data that can be
made again without a trace is: should it be the same, nothing was done.
"""

from __future__ import annotations

import re
from collections import Counter
from types import CodeType

from ..source.codes import walk
from ..source.late import loose_attributes
from .acting import Acting
from .aside import Aside
from .batch import Batch
from .dirty import Dirty
from .evidence import makes_data_of_it
from .family import methods_in, with_callers
from .held_functions import follow_contained
from .kinds import is_a
from .methods import followed
from .users import follow_users
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def follow_unnamed(batch: Batch) -> bool:
    """Look again at data that may have been made with members which changed; True where anything is to be done."""
    with Aside(batch, _is_made_of_nothing_else):
        while batch.loose and batch.loose.begin(_WAVES):
            follow_contained(batch, batch.loose.functions())
            _follow(batch, batch.loose.members())
            follow_users(batch)
    batch.loose.clear()
    return bool(batch.pending)


_WAVES = 4  # ways of ways that no name tells lead everywhere
_COMMON = 24  # statements with a word that says nothing: `join`, `get`


def _is_made_of_nothing_else(batch: Batch, view: View, index: int) -> bool:
    """Whether a statement that has not run yet makes data alone, of what changed."""
    return (view.module.name, index) not in batch.steps and makes_data_of_it(batch, view, index)


def _follow(batch: Batch, names: dict[str, Acting]) -> None:
    words = {*names, "get_type_hints"} if _NOTES in names else {*names}
    candidates = list(batch.resolver.with_words(words)) if names else []
    seen = Counter(n for view, index in candidates for n in names if _is_word(n, view.statements[index].text))
    names = {n: acting for n, acting in names.items() if seen[n] <= _COMMON}
    for view, index in candidates if names else ():
        kind = view.statements[index].kind
        if kind == "function":
            _function(batch, view, index, names)
        elif kind == "class":
            _class(batch, view, index, names)
        elif kind in ("bind", "block"):
            text = view.statements[index].text
            found = [n for n in names if n in text and (view.has_attributes(index, [n]) or _spells_in_quotes(text, n))]
            if found:
                names[found[0]].mark(batch, view, index)


def _is_word(name: str, text: str) -> bool:
    return name in text and re.search(rf"\b{re.escape(name)}\b", text) is not None


def _spells_in_quotes(text: str, name: str) -> bool:
    """`map(methodcaller("run"), items)`."""
    asks = any(way in text for way in ("methodcaller", "attrgetter", "getattr"))
    return asks and (f"'{name}'" in text or f'"{name}"' in text)


def _function(batch: Batch, view: View, index: int, names: dict[str, Acting]) -> None:
    found = {n for code in batch.ran.within(view.codes(index)) for n in _asked(code, False) if n in names}
    name = view.statements[index].name
    if found and (view.module.name, name) not in batch.changes:
        names[min(found)].tell(batch, view.module, name)


def _class(batch: Batch, view: View, index: int, names: dict[str, Acting]) -> None:
    cls = view.ns.get(view.statements[index].name)
    if not is_a(cls, type):
        return
    methods = [m for body in view.codes(index) for m in methods_in(body)]
    for name, acting in names.items():
        using = {m.co_name for m in methods if batch.ran.may_have(m) and name in _read_off_others(m)}
        if using:
            followed(batch, Dirty(view, index), cls, with_callers(batch, cls, methods, using, ran=True), acting)


def _read_off_others(method: CodeType) -> Iterator[str]:
    for code in walk(method):
        yield from _asked(code, code is method)


_NOTES = "__annotations__"


def _asked(code: CodeType, method: bool) -> set[str]:
    """The attributes that a code asks something without a name for; annotations are asked for in several ways."""
    notes = _NOTES in code.co_names or _NOTES in code.co_consts or "get_type_hints" in code.co_names
    return loose_attributes(code, method) | ({_NOTES} if notes else set())
