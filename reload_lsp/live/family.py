"""The methods of a class and of its relatives: which of them call which, and what a library's base gives."""

from __future__ import annotations

from types import CellType, CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType

from ..source.codes import nested
from .batch import Batch
from .classes import members_of
from .heap import subclasses
from .kinds import behind, is_a
from .reach import cell_content, functions_of

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
    codes = [*methods, *_codes_of(_relatives(batch, cls))]
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


def _codes_of(classes: Iterable[type]) -> Iterable[CodeType]:
    """The functions that the members of classes are or hold; what several of them hold is looked into once."""
    deeper: list[Any] = []
    for member in (m for cls in classes for m in members_of(cls).values()):
        if _is_plain(member):
            yield member.__code__
        elif type(member) not in _DATA and not is_a(member, type):
            deeper.append(member)
    yield from (f.__code__ for f in functions_of(deeper, ""))


def codes_of_member(member: Any) -> Iterable[CodeType]:
    """The functions that a member of a class is, or that its decorators hold."""
    if _is_plain(member):
        return (member.__code__,)
    return () if type(member) in _DATA or is_a(member, type) else (f.__code__ for f in functions_of([member], ""))


def _is_plain(member: Any) -> bool:
    """Whether a member is a function that leads nowhere, as most are."""
    return type(member) is FunctionType and not member.__dict__ and _holds_classes(member.__closure__)


def _holds_classes(closure: tuple[CellType, ...] | None) -> bool:
    """Whether a closure is that of a method that asks `super()`, if it has one at all."""
    return closure is None or all(is_a(cell_content(cell), type) for cell in closure)


_DATA = frozenset((str, int, float, bool, bytes, type(None), GetSetDescriptorType, MemberDescriptorType))


def inherited_methods(batch: Batch, cls: type) -> set[str]:
    """The public methods that a class has from a library's base: they may call any method of the class."""
    found: set[str] = set()
    for base in type.__dict__["__mro__"].__get__(cls):
        if base is not object and not batch.modules.named(str(base.__dict__.get("__module__"))):
            found |= {n for n, v in members_of(base).items() if n[:1] != "_" and is_a(behind(v), FunctionType)}
    return found


def by_computed_name(batch: Batch, methods: list[CodeType], ran: bool) -> set[str]:
    """The methods that may call any other, or see that it came or went: `getattr(self, "do_" + name)()`, `dir(cls)`."""
    looking = [m for m in methods if not _LOOKS.isdisjoint(m.co_names) and m.co_name[:2] != "__"]
    return {m.co_name for m in looking if not ran or batch.ran.may_have(m)}


_LOOKS = frozenset(("getattr", "hasattr", "dir", "vars", "__dict__", "getmembers"))


def written_by_libraries(cls: type) -> set[str]:
    """The methods that a library wrote for a class (`<attrs generated init ...>`): which of them differ is told by their code."""
    functions = {n: m for n, m in members_of(cls).items() if is_a(m, FunctionType)}
    return {n for n, f in functions.items() if f.__code__.co_filename[:1] == "<"}
