"""Live objects that lack what only the new `__init__` gives: said after the edit, and with further edits until none does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ..findings.values import Count, Range
from ..source.codes import walk
from ..source.statement import Statement
from ..values import dataclass
from .batch import Batch
from .edit import ModuleEdit
from .family import methods_in
from .heap import Survey
from .loaded import LoadedModule
from .reach import getattr_raw
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(slots=True)
class Gained:
    """The attributes that objects made before may lack, those that they have (`had`), and where the first is given."""

    module: LoadedModule
    names: set[str]
    had: set[str]
    line: int


def gained_by(batch: Batch) -> dict[type, Gained]:
    """The classes that give new objects more than those that live may have."""
    gained = {cls: found for edit in batch.edits for cls, found in _in_file(batch, edit)}
    return gained | {cls: found for cls, found in _in_others(batch) if cls not in gained}


def say_lacking(batch: Batch, gained: dict[type, Gained], heap: Survey) -> None:
    """Say which live objects lack an attribute that some text reads; one that nobody reads yet is kept in mind."""
    remembered = batch.modules.lacking
    for cls, found in gained.items():
        objects = [o for o in heap.instances.get(cls, ()) if _was_made(o, found.had)]
        key = (found.module.name, cls.__qualname__)
        remembered.pop(key, None)
        if any(not _has(o, n) for o in objects for n in found.names):
            remembered[key] = (found.names, found.had)
        names = {n for n in found.names if _is_read(batch, cls, n)}
        lacking = [o for o in objects if any(not _has(o, n) for n in names)]
        if lacking:
            _say(batch, cls, Gained(found.module, names, found.had, found.line), Count(len(lacking), heap.exact))


def _in_others(batch: Batch) -> Iterator[tuple[type, Gained]]:
    """Classes of other files of which objects lack what an edited text may read now."""
    edited = {e.module for e in batch.edits}
    for (name, qualname), (names, had) in batch.modules.lacking.items():
        module = batch.modules.named(name)
        if module is None or module in edited or not any(f".{n}" in e.text for e in batch.edits for n in names):
            continue
        cls, line = module.ns.get(qualname), _line_of(batch, module, qualname)
        if isinstance(cls, type):
            yield cls, Gained(module, {n for n in names if not hasattr_static(cls, n)}, had, line)


def _line_of(batch: Batch, module: LoadedModule, name: str) -> int:
    view = batch.view_of(module)
    return next((view.statements[i].line for i in view.binders(name)), 0)


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
        if known is None and not _may_give_more(batch, view, index, edit.old[before]):
            continue
        old, new = view.old_node(index), view.node(index)
        if isinstance(cls, type) and isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef):
            found = _gained(edit, old, new, cls, known or (set(), set()))
            if found.names:
                yield cls, found


def _may_give_more(batch: Batch, view: View, index: int, old: Statement) -> bool:
    """Whether fields or an initialiser were edited: told by text and codes, which costs less than two syntax trees."""
    if view.module.outline(old) != view.outline(index):
        return True
    inner = (m for body in view.codes(index) for m in methods_in(body) if m.co_name in _INITIALISERS)
    return any(id(c) in batch.own_codes for m in inner for c in walk(m))


_INITIALISERS = ("__init__", "__post_init__")


def _gained(
    edit: ModuleEdit, old: ast.ClassDef, new: ast.ClassDef, cls: type, known: tuple[set[str], set[str]]
) -> Gained:
    """What the new text gives to objects; `known` are the attributes that some lack since an earlier edit, and had then."""
    before, after = _attributes(old), _attributes(new)
    names = {n for n in after if (n not in before or n in known[0]) and not hasattr_static(cls, n)}
    line = min((after[n] for n in names), default=new.lineno) - 1
    return Gained(edit.module, names, known[1] or set(before), line)


def _say(batch: Batch, cls: type, found: Gained, count: Count) -> None:
    listed = ", ".join(sorted(found.names))
    batch.findings.say(
        "RLD106",
        f"{_counted(count.n, cls)} {'lack' if count.n > 1 else 'lacks'} "
        f"{listed}, made before this edit. Give the class a default, write `__reload_instance__`, or make them again.",
        found.module.path,
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
    if name in getattr(cls, "__dataclass_fields__", ()) or any(f.name == name for f in _attrs_fields(cls)):
        return True  # by its `__repr__` and `__eq__`
    read = re.compile(rf"\.{re.escape(name)}\b(?!\s*(?::[^=\n]*)?=[^=])")
    return any(read.search(e.text) for e in batch.edits) or any(read.search(m.text) for m in batch.modules.all())


def _attrs_fields(cls: type) -> Sequence[Any]:
    """The fields that attrs knows of a class."""
    found: Sequence[Any] = getattr_raw(cls, "__attrs_attrs__") or ()
    return found


def _attributes(node: ast.ClassDef) -> dict[str, int]:
    found: dict[str, int] = {}
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and member.name in _INITIALISERS:
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
