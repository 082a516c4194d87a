"""Methods whose code was swapped: who called them while modules were loading may have got another result."""

from __future__ import annotations

from types import CodeType, FunctionType

from ..plan.effects import CONSTRUCTORS
from ..source.codes import nested, walk
from ..source.names import Chain
from ..source.spelled import dotted, spelled
from .batch import Batch, Dirty
from .classes import members_of
from .heap import subclasses
from .kinds import behind, is_a, kind_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def follow_methods(batch: Batch, dirty: Dirty) -> None:
    """Look again at the statements, and at the functions, that called an edited method of the class of a statement."""
    cls = dirty.view.ns.get(dirty.statement.name)
    methods = [m for body in dirty.view.codes(dirty.index) for m in _functions_in(body)]
    edited = [m.co_name for m in methods if any(id(c) in batch.own_codes for c in walk(m))]
    if is_a(cls, type) and edited:
        names = _with_callers(methods, set(edited))
        _Callers(batch, dirty, cls, f"{cls.__name__}.{edited[0]}", names).visit()
        if any(n.startswith("__") and n.endswith("__") and n not in _NEVER_IMPLICIT for n in names):
            _operators_changed(batch, dirty, cls, f"{cls.__name__}.{edited[0]} was edited")


# Called by name alone, when an object is made, or when a class is.
_NEVER_IMPLICIT = CONSTRUCTORS | {"__init_subclass__", "__set_name__", "__class_getitem__", "__prepare__", "__del__"}


def _operators_changed(batch: Batch, dirty: Dirty, cls: type, why: str) -> None:
    """Operators, `str()`, `with` and the like call methods that no text names: whatever uses the class or its objects may."""
    batch.code_changed(dirty.view.module, cls.__name__, why)
    kinds = {cls, *subclasses(cls)}
    for module in batch.resolver.candidates(dirty.view.module):
        for name, value in list(module.ns.items()):
            if kind_of(value) in kinds:
                batch.code_changed(module, name, why)


def _with_callers(methods: list[CodeType], edited: set[str]) -> set[str]:
    """The names of edited methods, and of those of the same class that call them."""
    while True:
        more = {m.co_name for m in methods if not edited.isdisjoint(m.co_names)} - edited
        if not more:
            return edited
        edited |= more


def _functions_in(body: CodeType) -> list[CodeType]:
    """The functions of a class body; those of generic classes stand one level deeper (PEP 695)."""
    inner = nested(body)
    return [c for top in inner for c in nested(top)] if body.co_name[:1] == "<" else inner


class _Callers:
    """Who calls the methods `names` of `cls`: `Cls.m()`, `instance.m()`, `Cls().m`, `Cls()`."""

    def __init__(self, batch: Batch, dirty: Dirty, cls: type, label: str, names: set[str]) -> None:
        self.batch = batch
        self.dirty = dirty
        self.cls = cls
        self.label = label
        self.names = names
        members = members_of(cls)
        self.members = {id(o) for n in names if n in members for o in (members[n], behind(members[n]))}
        self.constructs = not names.isdisjoint(CONSTRUCTORS)
        self.words: set[str] = {n for n in names if n not in CONSTRUCTORS}
        if self.constructs:
            self.words.add(cls.__name__)

    def visit(self) -> None:
        for view, index in self.batch.resolver.with_words(self.words):
            if (view.module.name, index) == self.dirty.key or view.statements[index].kind == "import":
                continue
            if not self._may_use(view, view.statements[index].text):
                continue
            names = view.names(index)
            if any(self._used(view, c, index) for c in names.reads | names.calls):
                self.batch.mark(view, index, "called", f"{self.label} was edited")
            elif view.statements[index].kind == "function" and self._used_late(view, index):
                self._function(view, index)

    def _may_use(self, view: View, text: str) -> bool:
        """Whether a text, not parsed yet, spells a method, or the class where one of them may follow."""
        target_of = self.batch.resolver.target_of
        for name in self.names:
            if any(c is None or self._is_member(target_of(view.module, c)) for c in spelled(text, name)):
                return True
        if not self.constructs and not any(f".{n}" in text for n in self.names):
            return False
        return any(self._is_class(target_of(view.module, tuple(c.split(".")))) for c in dotted(text))

    def _is_class(self, target: Any) -> bool:
        return is_a(target, type) and self.cls in type.__dict__["__mro__"].__get__(target)

    def _used(self, view: View, chain: Chain, index: int) -> bool:
        target: Any = self.batch.resolver.target_of(view.module, chain)
        if chain[-1] in self.names and len(chain) > 1:
            handed_over = is_a(behind(target), FunctionType) and chain not in view.names(index).calls
            return not handed_over and self._is_member(target)
        if not self._is_class(target):
            return False
        text = view.statements[index].text
        return chain in view.names(index).calls and (self.constructs or any(f".{n}" in text for n in self.names))

    def _used_late(self, view: View, index: int) -> bool:
        words: set[str] = {*self.words, self.cls.__name__}
        late = {c for word in words for chains in view.late(index, word) for c in chains}
        text = view.statements[index].text
        for chain in late:
            target: Any = self.batch.resolver.target_of(view.module, chain)
            if chain[-1] in self.names and len(chain) > 1:
                if self._is_member(target):
                    return True
            elif target is self.cls and (self.constructs or any(f".{n}" in text for n in self.names)):
                return True
        return False

    def _is_member(self, target: Any) -> bool:
        return id(target) in self.members or id(behind(target)) in self.members

    def _function(self, view: View, index: int) -> None:
        name = view.statements[index].name
        if (view.module.name, name) not in self.batch.changes:
            self.batch.code_changed(view.module, name, f"{name} uses {self.label}")
