"""A class statement run in part: only the members that changed, over the live class."""

from __future__ import annotations

import abc
import ast
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import CellType, CodeType, FunctionType

from ..source.codes import nested
from ..source.diff import pair, passed
from ..source.fingerprint import same_shell
from ..source.names import binds_of, chain_of, names_of
from ..source.statement import Statement
from ..source.table import statements_of
from .classes import members_of
from .enums import is_enum
from .view import View, graft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Entry = tuple[Statement, ast.stmt]


class MemberDiff:
    """What differs between two texts of a class body. `dirty` are names to make again, `unchanged` keep their live value.

    `steps` where a statement differs that is no member of its own: a loop, a condition, `del`, a call.
    `reordered` where members that are more than methods passed others: fields, members of an Enum.
    """

    __slots__ = ("added", "annotated", "dirty", "new", "only_functions", "removed", "reordered", "steps", "unchanged")

    def __init__(self, old: Sequence[Entry], new: Sequence[Entry], owner: str, again: bool = False) -> None:
        self.new = list(new)
        pairing = pair([s for s, _ in old], [s for s, _ in new])
        changed = [
            i
            for i, before in enumerate(pairing.old_of)
            if before is None or not _equal_shell(old[before], new[i]) or (again and _is_annotated(new[i][1]))
        ]
        touched = [*(new[i] for i in changed), *(old[i] for i in pairing.removed)]
        bound = partial(member_names, owner)
        self.dirty = {n for entry in (new[i] for i in changed) for n in bound(entry[1])}
        self.dirty |= {n for i in pairing.removed for n in bound(old[i][1]) if any(n in bound(e[1]) for e in new)}
        self.steps = any(is_step(node) for _, node in touched)
        filled = {mangled(owner, n) for _, node in touched if is_step(node) for n in names_of(node).mutates}
        self.dirty |= filled & {n for _, node in new for n in bound(node)}
        gone = {n for i in pairing.removed for n in bound(old[i][1])}
        self.removed = gone - {n for _, node in new for n in bound(node)}
        self.added = {n for i in changed if pairing.old_of[i] is None for n in bound(new[i][1])}
        self.dirty |= _registering({n for _, node in touched for n in _given_to(node)}, [node for _, node in new])
        self.unchanged = {n for _, node in new for n in bound(node)} - self.dirty
        self.annotated = any(isinstance(node, ast.AnnAssign) for _, node in (new if again else touched))
        self.reordered = False
        self._passed(pairing.old_of, bound)
        self.only_functions = not self.reordered and all(_plain_method(node) for _, node in touched)

    def _passed(self, old_of: Sequence[int | None], bound: Callable[[ast.stmt], set[str]]) -> None:
        """Members that passed each other: those that have to do with each other are made again."""
        kept = [i for i, before in enumerate(old_of) if before is not None and not _is_text(self.new[i][1])]
        for one, other in passed([old_of[i] or 0 for i in kept]):
            first, second = self.new[kept[one]][1], self.new[kept[other]][1]
            if _plain_method(first) and _plain_method(second) and bound(first).isdisjoint(bound(second)):
                continue
            self.reordered = True
            self.annotated = self.annotated or (isinstance(first, ast.AnnAssign) and isinstance(second, ast.AnnAssign))
            if _concern(first, second):
                self.dirty |= bound(first) | bound(second)
                self.steps = self.steps or is_step(first) or is_step(second)

    @property
    def empty(self) -> bool:
        return not (self.dirty or self.removed or self.annotated or self.reordered)


def _given_to(node: ast.stmt) -> set[str]:
    """The names whose decorators a method is given to: `m` of `@m.register(int)`."""
    chains = (chain_of(d.func if isinstance(d, ast.Call) else d) for d in getattr(node, "decorator_list", ()))
    return {c[0] for c in chains if c is not None and len(c) > 1} - {getattr(node, "name", "")}


def _registering(asked: set[str], nodes: Sequence[ast.stmt]) -> set[str]:
    """The methods among `asked` that others of the class are given to, and those others: they are made again together."""
    methods = {n.name for n in nodes if isinstance(n, ast.FunctionDef) and not _plain_method(n)} & asked
    return methods | {n for node in nodes if _given_to(node) & methods for n in binds_of(node)}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _concern(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether one statement binds what the other binds or reads."""
    a, b = names_of(first), names_of(second)
    reads = [{chain[0] for chain in n.reads | n.calls} | n.mutates for n in (a, b)]
    return bool(a.binds & (b.binds | reads[1]) or b.binds & reads[0])


def is_step(node: ast.stmt) -> bool:
    """A statement of a class body that is no member of its own: it may make several, take some away, or fill others."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign) and any(isinstance(t, ast.Subscript) for t in node.targets):
        return True  # `vars()["name"] = 1`
    return isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.Delete, ast.AugAssign))


def steps_on(node: ast.stmt, owner: str) -> set[str]:
    """The members that a step makes or deletes."""
    if isinstance(node, ast.Delete):
        return {mangled(owner, t.id) for t in node.targets if isinstance(t, ast.Name)}
    return member_names(owner, node) if is_step(node) else set()


def entries_of(node: ast.ClassDef, text: str) -> list[Entry]:
    """The statements of a class body; `text` is the whole file's."""
    return statements_of(node.body, text)


def class_shell(node: ast.ClassDef) -> str:
    """Decorators, bases, keywords and type parameters: equal where only the body differs."""
    shell = ast.ClassDef(node.name, node.bases, node.keywords, [], node.decorator_list)
    if sys.version_info >= (3, 12):
        shell.type_params = node.type_params
    return ast.dump(shell)


def is_plain(cls: type, node: ast.ClassDef) -> bool:
    """Whether the class is made by nothing but its body: members can be set one by one."""
    if node.decorator_list or node.keywords or type(cls) not in (type, abc.ABCMeta):
        return False
    return not is_enum(cls) and not _has_subclass_hook(cls) and not issubclass(cls, tuple)


def run_members(view: View, index: int, path: Sequence[ast.ClassDef], names: set[str], cls: type) -> dict[str, Any]:
    """Execute the statements that bind `names` in the body of `cls`; `path` are the class nodes from the outermost in."""
    inner = path[-1]
    body: list[ast.stmt] = [n for n in map(partial(_wanted, names, inner.name), inner.body) if n is not None]
    if not body:
        return {}
    unit: ast.stmt = _bare(inner, body)
    for outer in reversed(path[:-1]):
        unit = _bare(outer, [unit])
    whole = _body_code_of(view.codes(index), [n.name for n in path])
    code = _body_code(view.raw(unit), [n.name for n in path])
    if whole is not None:
        code = graft(code, nested(whole)) if code is not None else None
    assert code is not None
    scope = LiveMembers(cls)
    exec(code, view.ns, scope)
    cell = scope.pop("__classcell__", None)
    if isinstance(cell, CellType):
        cell.cell_contents = cls
    return {k: _as_made(k, v) for k, v in scope.items() if k in names or k == "__annotations__"}


def _as_made(name: str, value: Any) -> Any:
    """A member as `type` stores it: these functions are class and static methods without a decorator."""
    wrap = _IMPLICIT.get(name) if type(value) is FunctionType else None
    return wrap(value) if wrap is not None else value


_IMPLICIT: dict[str, Any] = {
    "__new__": staticmethod,
    "__init_subclass__": classmethod,
    "__class_getitem__": classmethod,
}


def member_names(owner: str, node: ast.stmt) -> set[str]:
    """The names that a statement in the body of the class `owner` binds, private ones as the compiler spells them."""
    return {mangled(owner, n) for n in binds_of(node)}


def mangled(owner: str, name: str) -> str:
    """`__x` in a class `_A` is `_A__x` (Language Reference, "Private name mangling")."""
    owner = owner.lstrip("_")
    return f"_{owner}{name}" if owner and name.startswith("__") and not name.endswith("__") else name


def _wanted(names: set[str], owner: str, node: ast.stmt) -> ast.stmt | None:
    """A member that is to be made again; of the others their annotation alone."""
    if member_names(owner, node) & names:
        return node
    if isinstance(node, ast.AnnAssign):
        return ast.copy_location(ast.AnnAssign(node.target, node.annotation, None, node.simple), node)
    return None


class LiveMembers(dict[str, "Any"]):
    """The namespace of a partial class body: what it does not bind is read off the live class."""

    def __init__(self, cls: type) -> None:
        super().__init__()
        self._live = members_of(cls)
        self._live.pop("__annotations__", None)  # the body makes its own

    def __missing__(self, key: str) -> Any:
        return self._live[key]


def _bare(node: ast.ClassDef, body: list[ast.stmt]) -> ast.ClassDef:
    bare = ast.ClassDef(node.name, [], [], body, [])
    if hasattr(node, "type_params"):
        bare.type_params = []  # pyright: ignore[reportAttributeAccessIssue] - 3.12 on
    return ast.copy_location(bare, node)


def _body_code_of(codes: Sequence[CodeType], names: Sequence[str]) -> CodeType | None:
    for code in codes:
        if code.co_name == names[0] and not code.co_flags & 0x2:
            return code if len(names) == 1 else _body_code(code, names[1:])
        if code.co_name == f"<generic parameters of {names[0]}>":
            return _body_code(code, names)
    return None


def _body_code(code: CodeType, names: Sequence[str]) -> CodeType | None:
    """The body of the class `names` (outermost first) within a module code."""
    current: CodeType | None = code
    for name in names:
        if current is None:
            return None
        current = _find(current, name)
    return current


def _find(code: CodeType, name: str) -> CodeType | None:
    for candidate in nested(code):
        if candidate.co_name == name and not candidate.co_flags & 0x2:
            return candidate
        if candidate.co_name == f"<generic parameters of {name}>":
            return _find(candidate, name)
    return None


def _equal_shell(old: Entry, new: Entry) -> bool:
    if old[0].text == new[0].text and not isinstance(new[1], ast.ClassDef):
        return True
    return same_shell(old[1], new[1])


def _is_annotated(node: ast.stmt) -> bool:
    """Whether a member has annotations that `from __future__ import annotations` turns into text."""
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or (
        isinstance(node, ast.AnnAssign) and node.value is None
    )


def _plain_method(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    names = {ast.unparse(d).split(".")[0] for d in node.decorator_list}
    plain = names <= {"property", "staticmethod", "classmethod", node.name}
    return plain and not (node.name.startswith("__") and node.name.endswith("__"))


def _has_subclass_hook(cls: type) -> bool:
    for base in cls.__mro__[1:]:
        if "__init_subclass__" in base.__dict__ and base is not object:
            return base.__module__ not in ("typing",) or base.__name__ not in ("Generic", "Protocol")
    return False
