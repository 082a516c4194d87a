"""Edits of class statements that a live class cannot follow, or that its live objects lack something after. Pure."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..source.names import chain_of
from .module import ModuleText
from .program import Program

_ENUMS = frozenset(("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"))
_PLAIN_ENUMS = frozenset(("Enum", "Flag", "ReprEnum"))


@dataclass(frozen=True, slots=True)
class Misfit:
    """A class that would keep its old definition: the `code` that says so, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Bases:
    """All classes above one, as far as the texts tell: names of the outside's, class statements of the program's."""

    outside: tuple[str, ...]
    own: tuple[ast.ClassDef, ...]
    known: bool

    def is_enum(self) -> bool:
        return any(name.rpartition(".")[2] in _ENUMS for name in self.outside)


def bases_of(program: Program, scope: ModuleText, node: ast.ClassDef, depth: int = 8) -> Bases:
    """What a class inherits from."""
    outside: list[str] = []
    own: list[ast.ClassDef] = []
    known = True
    for base in node.bases:
        chain = chain_of(base.value if isinstance(base, ast.Subscript) else base)
        place = program.locate(scope, chain) if chain and depth else None
        if place is None:
            known = False
        elif place.module is None:
            outside.append(place.qualified)
        else:
            found = _class_at(place.module, place.name)
            if found is None or found is node:
                known = False
                continue
            above = bases_of(program, place.module, found, depth - 1)
            outside += above.outside
            own += [found, *above.own]
            known = known and above.known
    return Bases(tuple(outside), tuple(own), known)


def _class_at(module: ModuleText, name: str) -> ast.ClassDef | None:
    for index in reversed(module.binders(name)):
        node = module.node(index) if module.statements[index].kind == "class" else None
        return node if isinstance(node, ast.ClassDef) else None
    return None


def misfit(
    before: Program, old_scope: ModuleText, old: ast.ClassDef, after: Program, scope: ModuleText, new: ast.ClassDef
) -> Misfit | None:
    """Why the live class could not become the new one, if it could not."""
    above, below = bases_of(before, old_scope, old), bases_of(after, scope, new)
    if _metaclass(old) != _metaclass(new) or above.is_enum() != below.is_enum():
        return Misfit("RLD104", "its metaclass would be another")
    if _slots(old) != _slots(new):
        return Misfit("RLD101", "its slots would be others")
    if "typing.NamedTuple" in below.outside and _fields(old) != _fields(new):
        return Misfit("RLD112", "the fields of existing tuples are fixed")
    if [ast.dump(b) for b in old.bases] != [ast.dump(b) for b in new.bases]:
        mine, theirs = _layout(above), _layout(below)
        if mine is not None and theirs is not None and mine != theirs:
            return Misfit("RLD102", "its instances would have another memory layout")
    if below.is_enum() and not _only_plain(below) and _changed_members(old, new):
        return Misfit("RLD110", f"the value of {_changed_members(old, new)[0]} is part of the member itself")
    return None


def _metaclass(node: ast.ClassDef) -> str:
    return next((ast.dump(k.value) for k in node.keywords if k.arg == "metaclass"), "")


def _slots(node: ast.ClassDef) -> object:
    for member in node.body:
        if isinstance(member, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "__slots__" for t in member.targets
        ):
            try:
                value = ast.literal_eval(member.value)
            except ValueError:
                return ast.dump(member.value)
            return frozenset([value] if isinstance(value, str) else value)
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and any(k.arg == "slots" for k in decorator.keywords):
            return frozenset(_fields(node))
    return None


def _fields(node: ast.ClassDef) -> list[str]:
    return [n.target.id for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]


def _layout(bases: Bases) -> tuple[object, ...] | None:
    """What the memory of instances looks like, as far as CPython compares it; None where the texts do not tell."""
    if not bases.known or any(not name.startswith("builtins.") for name in bases.outside):
        return None
    kinds = [getattr(builtins, name.partition(".")[2], None) for name in bases.outside]
    types = [k for k in kinds if isinstance(k, type) and k is not object]
    largest = max(types, key=lambda k: k.__basicsize__, default=object)
    heap = bool(bases.own or types)  # `object` itself lets no class change to another base
    return largest.__basicsize__, largest.__itemsize__, heap


def _only_plain(bases: Bases) -> bool:
    return all(name.rpartition(".")[2] in _PLAIN_ENUMS for name in bases.outside)


def _changed_members(old: ast.ClassDef, new: ast.ClassDef) -> list[str]:
    before, after = _assigned(old), _assigned(new)
    return [name for name, value in after.items() if name in before and before[name] != value]


def _assigned(node: ast.ClassDef) -> dict[str, str]:
    return {
        target.id: ast.dump(member.value)
        for member in node.body
        if isinstance(member, ast.Assign)
        for target in member.targets
        if isinstance(target, ast.Name) and not target.id.startswith("_")
    }


def is_plain(program: Program, scope: ModuleText, node: ast.ClassDef) -> bool:
    """Whether a class is made by nothing but its body, so that its members can be set one by one."""
    if node.decorator_list or node.keywords:
        return False
    above = bases_of(program, scope, node)
    if any(not name.startswith("builtins.") for name in above.outside) or "builtins.tuple" in above.outside:
        return False
    return not any("__init_subclass__" in _methods(c) or c.keywords for c in above.own)


def class_head(node: ast.ClassDef) -> str:
    """Decorators, bases and keywords: equal where only the body differs."""
    return ast.dump(ast.ClassDef(node.name, node.bases, node.keywords, [], node.decorator_list))


def _methods(node: ast.ClassDef) -> set[str]:
    return {n.name for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}


@dataclass(frozen=True, slots=True)
class Gained:
    """Attributes that only the new text gives to objects, and the 0-based line that gives the first."""

    names: tuple[str, ...]
    line: int


def gained(program: Program, scope: ModuleText, old: ast.ClassDef, new: ast.ClassDef) -> Gained | None:
    """What objects made before the edit would lack, where any text reads it."""
    before, after = _attributes(old), _attributes(new)
    own = set(_class_level(new)).union(*(_class_level(c) for c in bases_of(program, scope, new).own))
    if "__reload_instance__" in own:
        return None  # it sees to that
    names = [n for n in after if n not in before and n not in own and _is_read(program, n, new)]
    return Gained(tuple(sorted(names)), min(after[n] for n in names)) if names else None


def _attributes(node: ast.ClassDef) -> dict[str, int]:
    found: dict[str, int] = {}
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and member.name in ("__init__", "__post_init__"):
            for part in filter(_sets_on_self, ast.walk(member)):
                assert isinstance(part, ast.Attribute)
                found.setdefault(part.attr, part.lineno - 1)
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            found.setdefault(member.target.id, member.lineno - 1)
    return found


def _sets_on_self(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
        return False
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _class_level(node: ast.ClassDef) -> Iterator[str]:
    """The attributes that the class itself has, so that an object without them finds them there."""
    yield from _assigned(node)
    yield from _methods(node)
    for member in node.body:
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name) and _is_default(member.value):
            yield member.target.id


def _is_default(value: ast.expr | None) -> bool:
    """A plain default stays in the class; `field(default_factory=...)` does not."""
    if isinstance(value, ast.Call) and (chain_of(value.func) or ("",))[-1] == "field":
        return any(k.arg == "default" for k in value.keywords)
    return value is not None


def _is_read(program: Program, name: str, node: ast.ClassDef) -> bool:
    if node.decorator_list and name in _fields(node):
        return True
    return any(_reads_attribute(module.text, name) for module in program.all())


def _reads_attribute(text: str, name: str) -> bool:
    return re.search(rf"\.{re.escape(name)}\b(?!\s*(?::[^=\n]*)?=[^=])", text) is not None
