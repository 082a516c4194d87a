"""SQLAlchemy: columns that mapped classes have of classes that are not mapped; they were copied when the mapping was made."""

from __future__ import annotations

import sys

from .living import living

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


class Mixins:
    """What mixins gave to mappings, from before a batch."""

    def __init__(self) -> None:
        self._given: dict[type, dict[str, Any]] = {}
        self._made_of: dict[type, str] = {}

    def begin(self) -> None:
        self._given = {m: _given_by(m) for m in _mixins()}

    def say(self, work: Work) -> None:
        """What is another column, or is computed otherwise, now; not where the text is again that of the mapping."""
        given, self._given = self._given, {}
        codes = {id(f.__code__): work.code_before(f) for f in work.swapped()}
        if codes:  # which are swapped before `begin`
            known = given or {m: _given_by(m) for m in _mixins()}
            given = {m: {n: codes.get(id(v), v) for n, v in found.items()} for m, found in known.items()}
        for mixin, before in given.items():
            now = _given_by(mixin)
            names = sorted(n for n, v in before.items() if now.get(n) is not v)
            texts = work.texts_of(mixin) if names else None
            if texts is None:
                continue
            if self._made_of.setdefault(mixin, texts[0]) == texts[1]:
                del self._made_of[mixin]
                continue
            what = f"What was mapped with {mixin.__qualname__} still has {', '.join(names)} from before this edit"
            work.say(
                "RLD703", f"{what}. Restart the process, and migrate where it has to change.", mixin, verdict="held"
            )


def _mixins() -> set[Any]:
    orm: Any = sys.modules.get("sqlalchemy.orm")
    mappers = [m for r in living(orm.registry) for m in r.mappers] if orm is not None else []
    bases = {b for m in mappers for b in m.class_.__mro__[1:-1]}
    return {b for b in bases if "__mapper__" not in vars(b) and "registry" not in vars(b)}


def _given_by(mixin: type) -> dict[str, Any]:
    """Columns and relationships, and the code of what computes one."""
    kinds: Any = sys.modules["sqlalchemy.orm"]
    own = (sys.modules["sqlalchemy"].Column, kinds.MappedColumn, kinds.interfaces.MapperProperty)
    found = {n: v for n, v in vars(mixin).items() if isinstance(v, own)}
    computed = {n: v for n, v in vars(mixin).items() if type(v).__module__ == "sqlalchemy.orm.decl_api"}
    return found | {n: v.fget.__code__ for n, v in computed.items() if hasattr(v, "fget")}
