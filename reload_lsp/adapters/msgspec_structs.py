"""msgspec: a struct that was decoded once has the members of the Enums among its fields in it, where nobody reaches them."""

from __future__ import annotations

import enum
import sys

from .msgspec_decoders import current, forget_lookups, renew

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..live.work import Work

KEPT = "__msgspec_cache__"


class MsgspecStructs:
    """Structs that have an edited Enum among their fields, at any depth: their statements make them again."""

    library = "msgspec"
    tested = "0.22"

    def settle(self, work: Work) -> None:
        stale = [
            s for s in _below(sys.modules[self.library].Struct) if work.module(s.__module__) and current(s) is not s
        ]
        if stale:
            renew(work)
            forget_lookups(work, stale)
        edited: list[type] = [c for c in work.classes if issubclass(c, enum.Enum)]
        for cls in [c for c in edited if KEPT in c.__dict__]:
            delattr(cls, KEPT)  # made again when it is next needed
        if edited:
            for struct in _embedding(edited, list(_below(sys.modules[self.library].Struct))):
                work.rerun(struct, f"{edited[0].__name__} has other members")


def _embedding(edited: list[type], structs: list[Any]) -> list[Any]:
    """The structs that name one of some classes, or a struct that does."""
    known, found = {id(c) for c in edited}, list[object]()
    while more := [s for s in structs if id(s) not in known and any(_names(t, known) for t in _types(s))]:
        known.update(map(id, more))
        found += more
    return found


def _types(struct: Any) -> list[Any]:
    try:
        return list(sys.modules["typing"].get_type_hints(struct).values())
    except Exception:  # noqa: BLE001, RUF100 - a name that is only there for type checkers
        return []


def _names(annotation: Any, classes: set[int], depth: int = 8) -> bool:
    """Whether a type names any of some classes."""
    if id(annotation) in classes:
        return True
    return depth > 0 and any(_names(a, classes, depth - 1) for a in getattr(annotation, "__args__", None) or ())


def _below(cls: type) -> Iterator[type]:
    for sub in type.__subclasses__(cls):
        yield sub
        yield from _below(sub)


ADAPTER = MsgspecStructs()
