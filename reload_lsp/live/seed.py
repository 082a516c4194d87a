"""Which statements an edit makes dirty, and how."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from types import CodeType

from ..plan.markers import Markers, markers_at, module_markers
from ..source.codes import nested, walk, within
from ..source.fingerprint import same_shell
from ..source.statement import Statement
from .batch import Batch
from .deletions import undelete
from .dirty import Dirty
from .edit import ModuleEdit
from .kinds import is_a
from .loaded import FUTURE_ANNOTATIONS, LoadedModule
from .moved import mark_moved
from .product import Product
from .remains import opens
from .view import View


def seed(batch: Batch) -> None:
    """Mark every statement that differs between the loaded and the saved text."""
    for edit in batch.edits:
        view = batch.view_of(edit.module)
        _docstring(batch, edit)
        switched = (edit.code.co_flags ^ edit.module.loaded_code().co_flags) & FUTURE_ANNOTATIONS
        if switched:
            batch.reannotated.add(edit.module.name)
        for index, before in enumerate(edit.pairing.old_of):
            if before is None and (view.module.name, index) in batch.steps:
                continue  # it ran ahead
            if before is None:
                _mark(batch, view, index, "added", "it is new")
            elif edit.old[before].text != edit.new[index].text or edit.old[before].kind != edit.new[index].kind:
                _compare(batch, view, index, edit.old[before])
            elif switched and edit.new[index].kind in ("function", "class"):
                _mark(batch, view, index, "edited", "annotations are evaluated in another way")
        _removed(batch, view, edit)
        mark_moved(batch, view, edit.pairing.old_of)


def bodies_alone(batch: Batch) -> bool:
    """Whether nothing but bodies of functions was edited: then no statement will run because of the texts."""
    return all(
        before is not None
        and (edit.old[before].text == new.text or _same_outline(batch.view_of(edit.module), index, edit.old[before]))
        for edit in batch.edits
        for index, (before, new) in enumerate(zip(edit.pairing.old_of, edit.new, strict=True))
    ) and not any(edit.pairing.removed for edit in batch.edits)


def _same_outline(view: View, index: int, old: Statement) -> bool:
    return old.kind == view.statements[index].kind and view.module.outline(old) == view.outline(index)


def seed_file(batch: Batch, module: LoadedModule, path: str) -> None:
    """A data file changed: the statements that name it may read something else now, or the functions that do."""
    batch.data_changed = True
    view = batch.view_of(module)
    name = os.path.basename(path)
    for index, statement in enumerate(view.statements):
        if name not in statement.text or statement.kind in ("dead", "text"):
            continue
        if statement.kind == "function":
            batch.result_changed(module, statement.name, f"{name} changed")
        elif statement.kind != "class":
            batch.mark(view, index, "derived", f"{name} changed")
            for bound in view.names(index).binds:
                if _is_path(view.ns.get(bound)):
                    batch.content_changed(module, bound)


def _is_path(value: object) -> bool:
    return is_a(value, (str, os.PathLike))


def _docstring(batch: Batch, edit: ModuleEdit) -> None:
    before, after = edit.docstrings
    if before != after and edit.module.ns.get("__doc__") == before:
        batch.journal.set_item(edit.module.ns, "__doc__", after)
        batch.changed(Product(edit.module, "__doc__", "identity"), before, after)


def _compare(batch: Batch, view: View, index: int, old: Statement) -> None:
    new = view.statements[index]
    if old.kind == "dead" and new.kind == "dead":
        return
    again = view.module.name in batch.reannotated and new.kind in ("function", "class")
    plain = old.kind == new.kind and not again
    if plain and view.module.outline(old) == view.outline(index) and not _docs_may_matter(view, index, old):
        _only_bodies(batch, view, index)
        return
    node, before = view.node(index), view.old_node(index)
    assert before is not None
    if plain and same_shell(before, node) and not _doc_matters(before, node):
        _only_bodies(batch, view, index)
        return
    if _annotation_only(before, node):
        batch.annotations.append(Dirty(view, index, {"edited"}, "its annotation was edited"))
        return
    _mark(batch, view, index, "edited", "it was edited")


def _only_bodies(batch: Batch, view: View, index: int) -> None:
    if _own_nested(batch, view, index):
        if view.statements[index].name in view.redecorated:
            _mark(batch, view, index, "edited", "a decorator replaces its code")
            return
        if _calls_its_own(batch, view, index):
            _mark(batch, view, index, "edited", "a function that it defines and calls was edited")
            return
        dirty = Dirty(view, index, {"edited"}, "its body was edited")
        batch.end(dirty, "patched")
        batch.bodies.append(dirty)


def _calls_its_own(batch: Batch, view: View, index: int) -> bool:
    """Whether a block calls an edited function that it defines."""
    if view.statements[index].kind != "block":
        return False
    edited = {c.co_name for c in view.codes(index) if any(id(x) in batch.own_codes for x in walk(c))}
    return any((name,) in view.names(index).calls for name in edited)


def _own_nested(batch: Batch, view: View, index: int) -> bool:
    """Whether a function within the statement does something else now, or only stands elsewhere."""
    return any(id(c) in batch.own_codes for top in view.codes(index) for c in walk(top))


def _annotation_only(old: ast.stmt, new: ast.stmt) -> bool:
    """`n: int = 0` to `n: float = 0`: the value is state, only the annotation is evaluated again."""
    if not isinstance(old, ast.AnnAssign) or not isinstance(new, ast.AnnAssign):
        return False
    values = [n.value and ast.dump(n.value) for n in (old, new)]
    return values[0] == values[1] and ast.dump(old.target) == ast.dump(new.target)


def _docs_may_matter(view: View, index: int, old: Statement) -> bool:
    """Whether a decorator may have copied a docstring that is another now, told by the codes: without a syntax tree."""
    if "@" not in view.statements[index].text:
        return False
    before = within(nested(view.module.loaded_code()), old.line, old.end_line)
    return _first_texts(before) != _first_texts(view.codes(index))


def _first_texts(codes: Iterable[CodeType]) -> list[str]:
    """What would be the docstrings of functions, and of those in class bodies."""
    found: list[str] = []
    for code in codes:
        first = code.co_consts[0] if code.co_consts else None
        if not code.co_flags & _OPTIMIZED or code.co_name[:1] == "<":
            found += _first_texts(nested(code))
        elif isinstance(first, str):
            found.append(first)
    return found


_OPTIMIZED = 0x1


def _doc_matters(old: ast.stmt, new: ast.stmt) -> bool:
    """A docstring that a decorator may have copied; the plain ones are set by the swap."""
    if not isinstance(new, (ast.FunctionDef, ast.AsyncFunctionDef)) or not new.decorator_list:
        return isinstance(new, ast.ClassDef) and _docs(old) != _docs(new)
    return _docs(old) != _docs(new)


def _docs(node: ast.stmt) -> list[str | None]:
    """The docstrings of a definition and, for a class, of its decorated methods."""
    if isinstance(node, ast.ClassDef):
        decorated = [
            n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.decorator_list
        ]
        nested = [d for n in node.body if isinstance(n, ast.ClassDef) for d in _docs(n)]
        return [
            ast.get_docstring(node, clean=False),
            *(ast.get_docstring(n, clean=False) for n in decorated),
            *nested,
        ]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [ast.get_docstring(node, clean=False)]
    return []


def _mark(batch: Batch, view: View, index: int, reason: str, why: str) -> None:
    statement = view.statements[index]
    dirty = Dirty(view, index, {reason}, why)
    if statement.kind in ("dead", "text"):
        if statement.kind == "dead":
            batch.end(dirty, "cut-off", "it never runs in this process")
        return
    batch.mark(view, index, reason, why)


def _removed(batch: Batch, view: View, edit: ModuleEdit) -> None:
    undelete(batch, view, edit)
    for index in edit.pairing.removed:
        statement = edit.old[index]
        if statement.kind not in ("dead", "text"):
            batch.removed.append((view, statement))
            _rebuild_owner(batch, view, statement)


def _rebuild_owner(batch: Batch, view: View, statement: Statement) -> None:
    """A removed mutator: the value it helped to build is built again without it, unless that would open something anew."""
    names = view.module.names(statement)
    for name in names.mutates - names.binds:
        kinds = (
            ("bind", "class") if statement.text.startswith("del ") else ("bind",)
        )  # `del Cls.name`: the body makes it
        for index in view.binders(name):
            if view.statements[index].kind in kinds and not opens(batch, view, index):
                batch.mark(view, index, "rebuild", f"{statement.label} was removed")


def markers_of(view: View, index: int) -> Markers:
    """What comments say about a statement, on its lines or for its whole module."""
    lines = (view.edit.text if view.edit else view.module.text).split("\n")
    return markers_at(lines, view.statements[index].line).joined(module_markers(lines))
