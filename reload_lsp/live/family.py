"""The methods of a class and of its relatives: which of them call which, and what a library's base gives."""

from __future__ import annotations

from types import CodeType, FunctionType

from ..source.codes import nested
from .batch import Batch
from .classes import members_of
from .heap import subclasses
from .kinds import behind, is_a
from .reach import functions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def methods_in(body: CodeType) -> list[CodeType]:
    """The functions of a class body; those of generic classes stand one level deeper (PEP 695)."""
    inner = nested(body)
    return [c for top in inner for c in nested(top)] if body.co_name[:1] == "<" else inner


def with_callers(
    batch: Batch, cls: type, methods: Iterable[CodeType], edited: set[str], *, ran: bool = False
) -> set[str]:
    """The names of edited methods, and of those of the class, its bases and its subclasses that call them.

    `ran`: only through methods that may have run while modules were loading.
    """
    codes = [*methods, *(c for relative in _relatives(batch, cls) for c in _codes_of(relative))]
    codes = [c for c in codes if batch.ran.may_have(c)] if ran else codes
    while True:
        more = {m.co_name for m in codes if not edited.isdisjoint(m.co_names)} - edited
        if not more:
            return edited
        edited |= more


def _relatives(batch: Batch, cls: type) -> list[type]:
    """Bases, subclasses, and the metaclass with its bases: their methods run on the class, or its objects, too."""
    kinds = (cls, type(cls))
    bases = (c for kind in kinds for c in type.__dict__["__mro__"].__get__(kind))
    return [c for c in (*bases, *subclasses(cls)) if batch.modules.named(str(c.__dict__.get("__module__")))]


def _codes_of(cls: type) -> Iterable[CodeType]:
    return (code for member in members_of(cls).values() for code in codes_of_member(member))


def codes_of_member(member: Any) -> Iterable[CodeType]:
    """The functions that a member of a class is, or that its decorators hold."""
    if type(member) is FunctionType and not (member.__closure__ or member.__dict__):
        return (member.__code__,)  # most are, and lead nowhere
    return () if is_a(member, type) else (f.__code__ for f in functions_of([member], ""))


def inherited_methods(batch: Batch, cls: type) -> set[str]:
    """The public methods that a class has from a library's base: they may call any method of the class."""
    found: set[str] = set()
    for base in type.__dict__["__mro__"].__get__(cls):
        if base is not object and not batch.modules.named(str(base.__dict__.get("__module__"))):
            found |= {n for n, v in members_of(base).items() if n[:1] != "_" and is_a(behind(v), FunctionType)}
    return found
