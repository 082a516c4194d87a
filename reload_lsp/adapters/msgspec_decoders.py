"""msgspec: a decoder is compiled for the classes that its type names; one that is held goes on with those of then."""

from __future__ import annotations

import gc
import sys
from types import GenericAlias, UnionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

OPTIONS = ("strict", "dec_hook", "float_hook", "ext_hook")


def renew(work: Work) -> None:
    """Compile again the decoders whose type names a struct in whose place another one stands.

    Not those in whose place another stands as well: what a decoder was compiled from is never given back.
    """
    gone = {id(value) for value in work.replaced()}
    for format_ in ("msgspec.json", "msgspec.msgpack"):
        for decoder in work.instances(sys.modules[format_].Decoder) if format_ in sys.modules else ():
            before, after = decoder.type, _now(decoder.type)
            if after is not before and id(decoder) not in gone:
                work.journal.record(_compile, decoder, before)
                _compile(decoder, after)


def _compile(decoder: Any, kind: Any) -> None:
    decoder.__init__(kind, **{name: getattr(decoder, name) for name in OPTIONS if hasattr(decoder, name)})


def current(struct: type) -> Any:
    """What stands under the name of a struct now."""
    return getattr(sys.modules.get(struct.__module__), struct.__qualname__, struct)


def forget_lookups(work: Work, structs: list[type]) -> None:
    """Which of several structs is meant is looked up in a table, kept for good under the set of them."""
    sets: list[Any] = [r for r in gc.get_referrers(*structs) if type(r) is frozenset]
    tables: list[Any] = [t for t in gc.get_referrers(*sets) if type(t) is dict] if sets else []
    for table in tables:
        for key in [s for s in sets if type(table.get(s)).__module__.partition(".")[0] == "msgspec"]:
            work.journal.del_item(table, key)


def _now(kind: Any, depth: int = 8) -> Any:
    """A type with the structs that stand under their names now."""
    if isinstance(kind, type) and issubclass(kind, sys.modules["msgspec"].Struct):
        found = current(kind)
        return found if isinstance(found, type) else kind
    given: Any = getattr(kind, "__args__", None) or ()
    now = tuple(_now(a, depth - 1) for a in given) if depth else given
    return kind if all(a is b for a, b in zip(now, given, strict=True)) else _with(kind, now)


def _with(kind: Any, arguments: Any) -> Any:
    """`list[User]` or `User | None` of other classes."""
    if hasattr(kind, "copy_with"):
        return kind.copy_with(arguments)
    if isinstance(kind, UnionType):
        result: Any = arguments[0]
        for argument in arguments[1:]:
            result |= argument
        return result
    return GenericAlias(kind.__origin__, arguments)
