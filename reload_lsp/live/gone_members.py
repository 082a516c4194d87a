"""Members that an edit took out of an Enum and the program still holds: a fresh start has none of them."""

from __future__ import annotations

import sys

from ..findings.values import Count
from .batch import Batch
from .enums import is_enum
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def enum_members(cls: Any) -> dict[int, Any]:
    """The members of an Enum by identity, those that were composed of others (`F.A | F.B`) too; none of another class."""
    if not is_enum(cls):
        return {}
    return {id(m): m for m in (*cls._member_map_.values(), *cls._value2member_map_.values())}


class GoneMembers:
    """What edits took out of Enums, for as long as somebody else holds it: a member that comes back is the one that was."""

    __slots__ = ("batch",)

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def note(self, cls: type, before: dict[int, Any]) -> None:
        """Note which members of an Enum are none any more."""
        module, now = self.batch.modules.named(cls.__module__), enum_members(cls)
        for member in (m for key, m in before.items() if key not in now):
            self.batch.gone_members.append((cls, member))
            if module is not None:
                module.bury(_place(cls, member._name_), member)

    def of(self, cls: type) -> dict[str, Any]:
        """The members that were taken out of an Enum and are still held, by name."""
        module, start = self.batch.modules.named(cls.__module__), _place(cls, "")
        buried = module.buried() if module is not None else {}
        return {
            place.removeprefix(start): m for place, m in buried.items() if place.startswith(start) and type(m) is cls
        }


def _place(cls: type, name: str) -> str:
    return f"{cls.__qualname__}.{name}"


def say_gone_members(batch: Batch) -> None:
    """When nothing of the batch holds them any more: which members live on without their Enum."""
    gone, batch.gone_members = batch.gone_members, []
    held: dict[Any, dict[str, int]] = {}
    while gone:
        entry = gone.pop()
        holders = sys.getrefcount(entry[1]) - _OWN - (not entry[0].__weakrefoffset__)
        cls, member = entry
        if holders > 0 and id(member) not in enum_members(cls):
            held.setdefault(cls, {})[str(member._name_ or member._value_)] = holders
    for cls, names in held.items():
        _say(batch, cls, names)


_OWN = 2  # the entry, and the call that counts; where there are no weak references, the module holds it, too


def _say(batch: Batch, cls: Any, held: dict[str, int]) -> None:
    module = batch.modules.named(cls.__module__)
    named = [s for s in module.statements() if s.name == cls.__qualname__.partition(".")[0]] if module else []
    if module is None or not named:
        return
    names, places = ", ".join(sorted(held)), sum(held.values())
    batch.findings.say(
        "RLD110",
        f"{names} {'are' if len(held) > 1 else 'is'} gone from {cls.__qualname__}, but the program still holds "
        f"{'them' if len(held) > 1 else 'it'} in {places} place{'s' if places > 1 else ''}: no comparison, look-up or loop over "
        f"{cls.__qualname__} finds {'them' if len(held) > 1 else 'it'}. Put a member of now there, or restart the process.",
        module.path,
        place_of(named[0]),
        verdict="stale",
        severity="warning",
        count=Count(places, False),
        data={"class": cls.__qualname__, "fixes": [{"kind": "restart"}, {"kind": "undo"}]},
    )
