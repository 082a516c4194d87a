"""Live objects that lack what only the new `__init__` gives: said after the edit, and with further edits until none does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..findings.values import Count, Range
from .batch import Batch
from .edit import ModuleEdit
from .heap import survey
from .reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(slots=True)
class Gained:
    """The attributes that objects made before may lack, those that they have (`had`), and where the first is given."""

    edit: ModuleEdit
    names: set[str]
    had: set[str]
    line: int


def say_lacking(batch: Batch) -> None:
    """Say which live objects lack an attribute that some text reads."""
    gained = {cls: found for edit in batch.edits for cls, found in _in_file(batch, edit)}
    if not gained:
        return
    heap, remembered = survey((), gained), batch.modules.lacking
    for cls, found in gained.items():
        names = {n for n in found.names if _is_read(batch, cls, n)}
        objects = heap.instances.get(cls, ())
        lacking = [o for o in objects if any(not _has(o, n) for n in names) and _was_made(o, found.had)]
        key = (found.edit.module.name, cls.__qualname__)
        remembered.pop(key, None)
        if lacking:
            remembered[key] = (names, found.had)
            _say(batch, cls, Gained(found.edit, names, found.had, found.line), Count(len(lacking), heap.exact))


def _in_file(batch: Batch, edit: ModuleEdit) -> Iterator[tuple[type, Gained]]:
    for index, before in enumerate(edit.pairing.old_of):
        name = edit.new[index].name
        if before is None or edit.new[index].kind != "class" or edit.old[before].kind != "class":
            continue
        known = batch.modules.lacking.get((edit.module.name, name))
        held = batch.steps.get((edit.module.name, index))
        if known is None and (edit.old[before].text == edit.new[index].text or (held and held.ending == "held")):
            continue
        cls, view = edit.module.ns.get(name), batch.view_of(edit.module)
        old, new = view.old_node(index), view.node(index)
        if isinstance(cls, type) and isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef):
            found = _gained(edit, old, new, cls, known or (set(), set()))
            if found.names:
                yield cls, found


def _gained(
    edit: ModuleEdit, old: ast.ClassDef, new: ast.ClassDef, cls: type, known: tuple[set[str], set[str]]
) -> Gained:
    """What the new text gives to objects; `known` are the attributes that some lack since an earlier edit, and had then."""
    before, after = _attributes(old), _attributes(new)
    names = {n for n in after if (n not in before or n in known[0]) and not hasattr_static(cls, n)}
    line = min((after[n] for n in names), default=new.lineno) - 1
    return Gained(edit, names, known[1] or set(before), line)


def _say(batch: Batch, cls: type, found: Gained, count: Count) -> None:
    listed = ", ".join(sorted(found.names))
    batch.findings.say(
        "RLD106",
        f"{_counted(count.n, cls)} {'lack' if count.n > 1 else 'lacks'} "
        f"{listed}, made before this edit. Give the class a default, write `__reload_instance__`, or make them again.",
        found.edit.module.path,
        Range.of(found.line, 0, found.line, 200),
        count=count,
        data={"class": cls.__qualname__, "fields": sorted(found.names), "fixes": [{"kind": "migrate"}]},
    )


def _counted(count: int, cls: type) -> str:
    return f"{count} live {cls.__qualname__} object{'s' if count > 1 else ''}"


def _was_made(target: Any, had: set[str]) -> bool:
    """Whether the old `__init__` ran for an object: one that lacks all of its attributes was never initialised."""
    state = getattr_raw(target, "__dict__")
    if type(state) is dict:
        if not state and any("__init__" in c.__dict__ for c in type(target).__mro__[1:-1]):
            return False
        return not had or any(n in state for n in had)
    return not had or any(_has(target, n) for n in had)


def _is_read(batch: Batch, cls: type, name: str) -> bool:
    """Whether any text of the program reads the attribute: one that nobody reads is missed by nobody."""
    if name in getattr(cls, "__dataclass_fields__", ()):
        return True
    read = re.compile(rf"\.{re.escape(name)}\b(?!\s*(?::[^=\n]*)?=[^=])")
    return any(read.search(e.text) for e in batch.edits) or any(read.search(m.text) for m in batch.modules.all())


def _attributes(node: ast.ClassDef) -> dict[str, int]:
    found: dict[str, int] = {}
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and member.name in ("__init__", "__post_init__"):
            for part in filter(_sets_on_self, ast.walk(member)):
                assert isinstance(part, ast.Attribute)
                found.setdefault(part.attr, part.lineno)
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            found.setdefault(member.target.id, member.lineno)
    return found


def _sets_on_self(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
        return False
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def hasattr_static(cls: type, name: str) -> bool:
    """Whether a class or its bases hold `name`, slots apart."""
    return any(name in c.__dict__ and type(c.__dict__[name]).__name__ != "member_descriptor" for c in cls.__mro__)


def _has(target: Any, name: str) -> bool:
    try:
        object.__getattribute__(target, name)
    except AttributeError:
        return False
    except Exception:  # noqa: BLE001, RUF100 - a property of the user's may raise anything: then the attribute is there
        return True
    return True
