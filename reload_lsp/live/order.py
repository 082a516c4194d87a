"""The order of names: what looks through `globals()` or `vars(cls)` sees a new name where a fresh start would put it.

Names are moved in one C call, so that no thread sees one missing.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Sequence
from itertools import repeat
from types import GetSetDescriptorType, MemberDescriptorType

from .journal import Journal
from .kinds import is_a
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHOLE = re.compile(r"\b(?:globals|vars|locals|__dict__)\b").search


def put_in_order(view: View, index: int, journal: Journal) -> None:
    """Move the names that statements after `index` bind behind the one that it has just added.

    Only where the module's text looks at its own names.
    """
    if not _WHOLE(view.edit.text if view.edit else view.module.text):
        return
    earlier = {n for i in range(index + 1) for n in view.names(i).binds}
    later = {n for i in range(index + 1, len(view.statements)) for n in view.names(i).binds} - earlier
    behind = [n for n in view.ns if n in later]
    if behind:
        journal.record(_names_to_end, view.ns, list(view.ns))
        _names_to_end(view.ns, behind)


def put_items_in_order(view: View, index: int, journal: Journal) -> None:
    """Move the items that statements after `index` set behind the one that it has just added to a dictionary."""
    name, key = _item(view.node(index))
    table = view.ns.get(name)
    if type(table) is not dict or next(reversed(table), None) != key:  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        return
    later = [i for i in view.mentioning(name) if i > index and view.statements[i].kind == "effect"]
    behind = [k for n, k in (_item(view.node(i)) for i in later) if n == name and k != key and k in table]
    if behind:
        journal.record(_names_to_end, table, list(table))  # pyright: ignore[reportUnknownArgumentType]
        _names_to_end(table, behind)  # pyright: ignore[reportUnknownArgumentType]


def _item(node: ast.stmt) -> tuple[str, object]:
    """The name and the key of `name[key] = value`, where the key is spelled out."""
    target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        return target.value.id, target.slice.value if isinstance(target.slice, ast.Constant) else None
    return "", None


def _names_to_end(ns: dict[Any, Any], names: list[Any]) -> None:
    there = [n for n in names if n in ns]
    deque(map(ns.__setitem__, there, map(ns.pop, there)), maxlen=0)


def put_members_in_order(cls: type, wanted: Sequence[str], journal: Journal) -> None:
    """Give the attributes of `cls` the order of `wanted`; those that it does not name come last, as they were."""
    current = [n for n, v in _members(cls).items() if _movable(n, v)]
    known = set(wanted)
    order = [n for n in dict.fromkeys(wanted) if n in set(current)] + [n for n in current if n not in known]
    same = next((i for i, (a, b) in enumerate(zip(current, order, strict=True)) if a != b), len(order))
    if same < len(order) and _takes_plain_members(cls):
        journal.record(_members_to_end, cls, current)
        _members_to_end(cls, order[same:])


def _takes_plain_members(cls: type) -> bool:
    """Whether attributes of the class can be set as those of others: a metaclass of an extension module may not allow it."""
    try:
        type.__delattr__(cls, "<none of this name>")
    except AttributeError:
        return True
    except TypeError:
        return False
    return True


def _movable(name: str, value: object) -> bool:
    special = name.startswith("__") and name.endswith("__")
    return not special and name != "_abc_impl" and not is_a(value, (GetSetDescriptorType, MemberDescriptorType))


def _members_to_end(cls: type, names: list[str]) -> None:
    there = _members(cls)
    names = [n for n in names if n in there]
    taken = map(type.__delattr__, repeat(cls), names)
    given = map(type.__setattr__, repeat(cls), names, [there[n] for n in names])
    deque(zip(taken, given, strict=False), maxlen=0)


def _members(cls: type) -> dict[str, Any]:
    return dict(type.__dict__["__dict__"].__get__(cls))
