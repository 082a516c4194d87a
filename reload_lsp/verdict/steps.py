"""What would become of each dirty statement, by its kind."""

from __future__ import annotations

import ast

from ..findings.values import Count, Range
from ..plan.impact import Effect
from ..source.fingerprint import full, same_shell
from .edit import Edit, annotation_only, bodies_only, same_meaning, same_value
from .holds import hold, may_run
from .module import ModuleText
from .planner import Dirty, Planner, place_of
from .running import ask_about_frames
from .shapes import class_head, gained, is_plain, misfit

_TRANSPARENT = frozenset(("staticmethod", "classmethod", "property", "cached_property", "cache", "lru_cache"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def seed(planner: Planner, edit: Edit) -> None:
    """Mark every statement that differs between the loaded and the new text."""
    for index, old in edit.touched:
        statement = edit.new.statements[index]
        dirty = Dirty(edit.new, index, {"edited"}, "it is edited")
        if statement.kind == "text" or (old is not None and old.kind == statement.kind == "dead"):
            continue
        if statement.kind == "dead":
            planner.end(dirty, "skip", "it never runs in this process")
        elif old is None or (node := edit.old_node(index)) is None:
            planner.mark(edit.new, index, "added", "it is new")
        elif not _settled(planner, edit, dirty, node, old.kind == statement.kind):
            planner.mark(edit.new, index, "edited", "it is edited")


def _settled(planner: Planner, edit: Edit, dirty: Dirty, old: ast.stmt, same_kind: bool) -> bool:
    """Edits that need nothing to run: formatting, annotations, bodies of functions."""
    new = edit.new.node(dirty.index)
    if same_meaning(old, new):
        return True
    if annotation_only(old, new):
        planner.end(dirty, "run", "its annotation is edited")
        return True
    if not same_kind or not bodies_only(old, new):
        return False
    planner.end(dirty, "patch", "its body is edited")
    ask_about_frames(planner, dirty, old, new)
    if dirty.statement.kind == "function" and edit.differs_itself(dirty.index):
        planner.changed(dirty.module, dirty.statement.name, "code")
    if isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef):
        _fields(planner, dirty, old, new)
    return True


def perform(planner: Planner, dirty: Dirty) -> None:
    """Decide about one statement."""
    markers = planner.markers(dirty)
    if markers.never or (markers.keep and "added" not in dirty.reasons):
        planner.end(dirty, "keep", "a comment says so")
    elif dirty.statement.kind == "function":
        _function(planner, dirty)
    elif dirty.statement.kind == "class":
        _class(planner, dirty)
    elif may_run(planner, dirty):
        _run(planner, dirty)


def _old_node(planner: Planner, dirty: Dirty) -> ast.stmt | None:
    edit = planner.edits.get(dirty.module.name)
    old = edit.before(dirty.index) if edit is not None and edit.new is dirty.module else dirty.statement
    if edit is None or old is None or old.text == dirty.statement.text:
        return None if old is None else dirty.module.node(dirty.index)
    return edit.old_node(dirty.index)


# definitions ---------------------------------------------------------------------------------------------------


def _function(planner: Planner, dirty: Dirty) -> None:
    node, old = dirty.module.node(dirty.index), _old_node(planner, dirty)
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    if not dirty.reasons & {"edited", "added", "rebuild"} and node.decorator_list:
        impact = planner.effects.of(node, dirty.module)
        if impact.effect > Effect.LOCAL and not ("input" in dirty.reasons and impact.effect == Effect.UNKNOWN):
            hold(planner, dirty, impact)
            return
    if not isinstance(old, (ast.FunctionDef, ast.AsyncFunctionDef)):
        planner.end(dirty, "run")
        planner.changed(dirty.module, node.name, "identity")
        return
    ask_about_frames(planner, dirty, old, node)
    stand = [ast.dump(d) for d in old.decorator_list] == [ast.dump(d) for d in node.decorator_list]
    patched = not node.decorator_list or (stand and all(map(_is_transparent, node.decorator_list)))
    edited = bool(dirty.reasons & {"edited", "added"})
    planner.end(dirty, "patch" if patched and edited else "run" if edited else "rerun")
    planner.changed(dirty.module, node.name, "code" if patched else "identity")


def _is_transparent(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
    return name in _TRANSPARENT


def _class(planner: Planner, dirty: Dirty) -> None:
    node, old = dirty.module.node(dirty.index), _old_node(planner, dirty)
    assert isinstance(node, ast.ClassDef)
    if not isinstance(old, ast.ClassDef):
        planner.end(dirty, "run")
        planner.changed(dirty.module, node.name, "identity")
        return
    edit = planner.edits.get(dirty.module.name)
    scope: ModuleText = edit.old if edit else dirty.module
    wrong = misfit(planner.before, scope, old, planner.after, dirty.module, node)
    if wrong is not None and _has_objects(planner, dirty, node.name):
        _misfit(planner, dirty, node.name, wrong.code, wrong.why)
        return
    if wrong is not None:  # nobody misses the old class: the new one takes its place
        planner.end(dirty, "run")
        planner.changed(dirty.module, node.name, "identity")
        return
    _fields(planner, dirty, old, node)
    ask_about_frames(planner, dirty, old, node)
    made_by_body = is_plain(planner.after, dirty.module, node) and class_head(old) == class_head(node)
    planner.end(dirty, "patch" if made_by_body else "run")
    if _data_changed(old, node) or not dirty.reasons <= {"edited"}:
        _members(planner, dirty, old, node)


def _has_objects(planner: Planner, dirty: Dirty, name: str) -> bool:
    """Has the class live objects? It is taken to have some where the process does not say otherwise."""
    planner.asked.classes.add((dirty.module.name, name))
    live = planner.facts.instances.get((dirty.module.name, name))
    return live is None or live.n > 0


def _misfit(planner: Planner, dirty: Dirty, name: str, code: str, why: str) -> None:
    key = (dirty.module.name, name)
    planner.asked.classes.add(key)
    live = planner.facts.instances.get(key)
    objects = f", and {live.n} live object{'s' if live.n != 1 else ''} with it" if live and live.n else ""
    planner.say(
        code,
        f"class {name} keeps its old definition{objects}: {why}. The process has to be restarted for this edit.",
        dirty.module,
        place_of(dirty.statement),
        verdict="held",
        count=Count(live.n, live.exact) if live else None,
    )
    planner.end(dirty, "hold", why)


def _fields(planner: Planner, dirty: Dirty, old: ast.ClassDef, new: ast.ClassDef) -> None:
    """Objects made before the edit lack what only the new `__init__` sets."""
    found = gained(planner.after, dirty.module, old, new)
    if found is None:
        return
    key = (dirty.module.name, new.name)
    planner.asked.classes.add(key)
    live = planner.facts.instances.get(key)
    if live is not None and live.n == 0:
        return
    listed = ", ".join(found.names)
    most = "up to " if live and not live.exact else ""
    who = f"{most}{live.n} live {new.name} object{'s' if live.n != 1 else ''}" if live else f"{new.name} objects"
    planner.say(
        "RLD106",
        f"{who} made before this edit will lack {listed}. Give the class a default, write `__reload_instance__`, "
        "or make them again.",
        dirty.module,
        Range.of(found.line, 0, found.line, 200),
        count=Count(live.n, live.exact) if live else None,
    )


def _data_changed(old: ast.ClassDef, new: ast.ClassDef) -> bool:
    return not same_shell(old, new)


def _members(planner: Planner, dirty: Dirty, old: ast.ClassDef, new: ast.ClassDef) -> None:
    """Instances follow their class; who reads an attribute of it that changes runs again."""
    before, after = _data(old), _data(new)
    names = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
    for module in planner.after.all():
        for index in module.mentioning(*names) if names else ():
            chains = module.names(index).reads | module.names(index).calls
            for chain in sorted(c for c in chains if len(c) > 1 and c[-1] in names):
                place = planner.after.locate(module, chain[:-1])
                if place and place.module is dirty.module and place.name == new.name:
                    planner.mark(module, index, "input", f"{'.'.join(chain)} changes")


def _data(node: ast.ClassDef) -> dict[str, str]:
    """The attributes of a class that are no functions, with their text."""
    return {
        target.id: full(member)
        for member in node.body
        if isinstance(member, (ast.Assign, ast.AnnAssign))
        for target in (member.targets if isinstance(member, ast.Assign) else [member.target])
        if isinstance(target, ast.Name)
    }


# other statements ----------------------------------------------------------------------------------------------


def _run(planner: Planner, dirty: Dirty) -> None:
    edited = bool(dirty.reasons & {"edited", "added"})
    old = _old_node(planner, dirty) if edited else None
    if (old is not None and same_value(old, dirty.module.node(dirty.index))) or _is_cut_off(planner, dirty):
        planner.end(dirty, "skip", "its value is the same")
        return
    planner.end(dirty, "run" if edited else "rerun")
    names, kept = dirty.names, _kept_imports(planner, dirty) if dirty.statement.kind == "import" else set[str]()
    for name in sorted(names.binds - kept):
        planner.changed(dirty.module, name, "identity")
        _rebuild_after(planner, dirty, name)
    for name in sorted(names.mutates - names.binds):
        planner.changed(dirty.module, name, "content")


def _is_cut_off(planner: Planner, dirty: Dirty) -> bool:
    """Does the change end here, for what the statement makes is what it was?"""
    names = dirty.names
    return dirty.statement.kind == "bind" and len(names.binds) == 1 and planner.comes_out_the_same(dirty, *names.binds)


def _kept_imports(planner: Planner, dirty: Dirty) -> set[str]:
    """The names of an edited import that stand for what they stood for."""
    edit = planner.edits.get(dirty.module.name)
    old = edit.before(dirty.index) if edit and edit.new is dirty.module else None
    if edit is None or old is None or not dirty.reasons <= {"edited"}:
        return set()
    before = {(edit.old.absolute(e), e.name, e.bound) for e in edit.old.names_in(old).imports}
    return {e.bound for e in dirty.names.imports if (edit.new.absolute(e), e.name, e.bound) in before}


def _rebuild_after(planner: Planner, dirty: Dirty, name: str) -> None:
    """Later statements that change in place what is made again run after it."""
    if dirty.statement.kind == "import":
        return
    for index in dirty.module.mentioning(name):
        if index > dirty.index and name in dirty.module.names(index).mutates:
            planner.mark(dirty.module, index, "rebuild", f"{name} is made again")
