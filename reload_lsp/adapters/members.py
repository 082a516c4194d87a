"""Classes that a library must not see executed a second time: their plain members are set, the others are its adapter's."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable

from ..source.statement import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit
    from ..live.work import Work


def follow_members(
    work: Work, edit: ClassEdit, fixed: Iterable[str], is_own: Callable[[Any], bool]
) -> tuple[dict[str, Any], set[str]]:
    """Set what of an edited class is plain Python. What the library has a word in comes back: new values, and changed names.

    `fixed` are the names the library has made something of already, `is_own` recognises values that it makes something of.
    """
    known = set(fixed)
    before, now = _nodes(edit)
    stuck = (edit.dirty_names | edit.removed | (_annotated(before) - _annotated(now))) & known
    if _documented(before) != _documented(now):
        work.journal.set_attr(edit.cls, "__doc__", _documented(now))
    if edit.annotated and sys.version_info >= (3, 14):
        stuck.add("annotations")  # functions of the whole class body there
    made = edit.run(edit.dirty_names - stuck)
    annotations: dict[str, Any] = made.pop("__annotations__", None) or {}
    own: dict[str, Any] = {}
    for name, value in made.items():
        if is_own(value):
            own[name] = value
        else:
            work.set_member(edit.cls, name, value)
    for name in edit.removed - stuck:
        work.del_member(edit.cls, name)
    known |= set(vars(edit.cls).get("__annotations__") or ())
    own.update({n: a for n, a in annotations.items() if n not in known and n not in made})
    work.annotate(edit.cls, {n: a for n, a in annotations.items() if n not in stuck})
    return own, stuck


def _nodes(edit: ClassEdit) -> list[ast.ClassDef | None]:
    """The class in the text before the edit, and now."""
    old = edit.dirty.view.old(edit.dirty.index)
    texts = (old, edit.dirty.statement)
    found = ([n for n in ast.walk(parse(s)) if isinstance(n, ast.ClassDef)] if s is not None else [] for s in texts)
    return [next((n for n in nodes if n.name == edit.cls.__name__), None) for nodes in found]


def _annotated(node: ast.ClassDef | None) -> set[str]:
    """The names that a class body annotates."""
    body = node.body if node is not None else []
    return {s.target.id for s in body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)}


def _documented(node: ast.ClassDef | None) -> str | None:
    return ast.get_docstring(node, clean=sys.version_info >= (3, 13)) if node is not None else None


class Stuck:
    """What of edited classes cannot be changed in a running process: said until the text is again what the class was made of."""

    def __init__(self, code: str, message: str) -> None:
        self._code = code
        self._message = message
        self._made_of: dict[type, str] = {}

    def say(self, work: Work, edit: ClassEdit, names: Iterable[str]) -> None:
        view, index = edit.dirty.view, edit.dirty.index
        before, text = view.old(index), view.statements[index].text
        edited = before is not None and before.text != text  # else it reads something that changed
        if before is not None and self._made_of.setdefault(edit.cls, before.text) == text and edited:
            del self._made_of[edit.cls]
            return
        what = self._message.format(cls=edit.cls.__qualname__, names=", ".join(sorted(names)))
        work.say(self._code, what, edit.dirty, verdict="held")


class Added:
    """Members that an edit adds to classes and that a library makes something of, once all statements have run."""

    def __init__(self) -> None:
        self._members: list[tuple[ClassEdit, str, Any]] = []

    def begin(self) -> None:
        self._members = []

    def add(self, edit: ClassEdit, name: str, value: Any) -> None:
        self._members.append((edit, name, value))

    def take(self) -> list[tuple[ClassEdit, str, Any]]:
        """All of them, once."""
        taken, self._members = self._members, []
        return taken
