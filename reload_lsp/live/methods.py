"""Methods whose code was swapped: who called them while modules were loading may have got another result."""

from __future__ import annotations

import builtins
from collections.abc import Set
from functools import singledispatchmethod
from operator import attrgetter, methodcaller
from types import CodeType, FunctionType

from ..plan.effects import CONSTRUCTORS
from ..source.codes import walk
from ..source.names import Chain, Names
from ..source.spelled import of_nameless, spelled, spells
from .acting import Acting
from .batch import Batch
from .cached import drop_attributes, empty_methods
from .classes import members_of
from .dirty import Dirty
from .family import by_computed_name, codes_of_member, inherited_methods, methods_in, with_callers, written_by_libraries
from .heap import subclasses
from .kinds import behind, is_a, kind_of
from .operators import operators_changed, subscripted
from .product import Reader, is_data
from .rehash import HASHING, hashes, rehash
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def follow_methods(batch: Batch, dirty: Dirty) -> None:
    """Look again at the statements, and at the functions, that called an edited method of the class of a statement."""
    cls = dirty.view.ns.get(dirty.statement.name)
    methods = [m for body in dirty.view.codes(dirty.index) for m in methods_in(body)]
    edited = {m.co_name: m for m in methods if any(id(c) in batch.own_codes for c in walk(m))}
    if is_a(cls, type):
        decorated = with_edited_functions(batch, cls)
        names = (
            {*edited} | dirty.generated | {n for n, codes in decorated.items() if any(map(batch.ran.may_have, codes))}
        )
        came_or_went = {n for n in dirty.members if n in _WITHOUT_A_NAME or _is_implicit(cls, n)}
        names |= came_or_went - written_by_libraries(cls)
        otherwise = names | {*decorated}
        if not (otherwise or dirty.members):
            return
        if hashes(cls) and not HASHING.isdisjoint(_acting_otherwise(batch, dirty, cls, methods, otherwise)):
            rehash(batch, cls)
        if not (names or dirty.members):
            return
        acting = Acting(f"{cls.__name__}.{min(names or dirty.members)} was edited")
        ran = names - {n for n, m in edited.items() if not any(id(c) in batch.own_codes for c in batch.ran.within([m]))}
        followed(batch, dirty, cls, _acting_otherwise(batch, dirty, cls, methods, ran, ran=True), acting)
        follow_subclasses(batch, cls, acting)


def follow_given_methods(batch: Batch, dirty: Dirty) -> None:
    """The same for functions that a statement puts into classes: `C.f = lambda self: 1`, `setattr(C, name, function)`."""
    names = dirty.names
    for name in {chain[0] for chain in names.reads} | names.mutates:
        cls: Any = dirty.view.ns.get(name)
        given = {*with_edited_functions(batch, cls)} if is_a(cls, type) else set[str]()
        if given:
            followed(batch, dirty, cls, given, Acting(f"{cls.__name__}.{min(given)} was edited"))


def _acting_otherwise(
    batch: Batch, dirty: Dirty, cls: type, methods: list[CodeType], edited: set[str], *, ran: bool = False
) -> set[str]:
    """Edited methods and whoever calls them, and those that use other members of the class that are others now."""
    edited = edited | by_factories(edited)
    edited |= _registered_with(cls, edited)
    using = with_callers(batch, cls, methods, {*dirty.members}, ran=ran) - dirty.members
    names = with_callers(batch, cls, methods, edited | by_computed_name(batch, methods, ran), ran=ran)
    return names | {n for n in using if n[:2] != "__" or n not in _NEVER_IMPLICIT}


def with_edited_functions(batch: Batch, cls: type) -> dict[str, list[CodeType]]:
    """The members in which edited functions are that are no methods of the class: a `lambda`, a decorator's wrapper."""
    own = {n: [c for c in codes_of_member(m) if id(c) in batch.own_codes] for n, m in members_of(cls).items()}
    return {n: codes for n, codes in own.items() if codes}


def by_factories(edited: set[str]) -> set[str]:
    """A `lambda` in a class body may be what makes a field of every new object (`default_factory`)."""
    return {"__init__"} if "<lambda>" in edited else set()


def follow_subclasses(batch: Batch, cls: type, acting: Acting) -> None:
    """Methods of bases that ask for their subclasses (`{s.key: s for s in cls.__subclasses__()}`) give something else."""
    for base in type.__dict__["__mro__"].__get__(cls)[1:]:
        module = batch.modules.named(str(base.__dict__.get("__module__")))
        functions = ((n, behind(m)) for n, m in members_of(base).items())
        names = {n for n, f in functions if is_a(f, FunctionType) and "__subclasses__" in f.__code__.co_names}
        for index in batch.view_of(module).binders(base.__name__) if module is not None and names else ():
            assert module is not None
            followed(batch, Dirty(batch.view_of(module), index), base, names, acting)


def _registered_with(cls: type, edited: set[str]) -> set[str]:
    """The `singledispatchmethod` members of a class that hand over to an edited method."""
    found: set[str] = set()
    for name, member in members_of(cls).items():
        if is_a(member, singledispatchmethod):
            table: Any = member.dispatcher.registry  # pyright: ignore[reportUnknownMemberType]
            if any(getattr(behind(f), "__name__", "") in edited for f in table.values()):
                found.add(name)
    return found


def followed(batch: Batch, dirty: Dirty, cls: type, names: set[str], acting: Acting) -> None:
    if names:
        batch.loose.note_members([n for n in names if n[:2] != "__"], acting)
        drop_attributes(batch, dirty.view.module, cls, names)
        empty_methods(batch, cls, names)
        _Callers(batch, dirty, cls, acting, names).visit()
    if "__class_getitem__" in names:
        subscripted(batch, dirty.view.module, cls, acting)
    if any(_is_implicit(cls, n) for n in names):
        operators_changed(batch, dirty.view.module, cls, acting, names)


def _is_implicit(cls: type, name: str) -> bool:
    """Whether Python itself may call a member; what a metaclass keeps under such a name (`__commands__`) is data."""
    special = name.startswith("__") and name.endswith("__") and name not in _NEVER_IMPLICIT
    member = members_of(cls).get(name)
    return special and (member is None or callable(member) or hasattr(kind_of(member), "__get__"))


_DEFINED = ("function", "class")
# Called by name alone, when an object is made, or when a class is.
_NEVER_IMPLICIT = CONSTRUCTORS | {"__init_subclass__", "__set_name__", "__class_getitem__", "__prepare__", "__del__"}
_WITHOUT_A_NAME = CONSTRUCTORS | {"__class_getitem__"}
_OF_BUILTINS = frozenset(n for kind in (str, bytes, list, dict, set, int, float) for n in dir(kind))


class _Callers:
    """Who calls the methods `names` of `cls`: `Cls.m()`, `instance.m()`, `Cls().m`, `Cls()`; or hands them to a caller.

    A method that a class of a library gives (`feed` of `HTMLParser`) may call any of those that are written for it.
    """

    def __init__(self, batch: Batch, dirty: Dirty, cls: type, acting: Acting, names: set[str]) -> None:
        self.batch = batch
        self.dirty = dirty
        self.cls = cls
        self.acting = acting
        self.names = names
        self.library = inherited_methods(batch, cls)
        self.constructs = not names.isdisjoint(CONSTRUCTORS)
        self.words: set[str] = {n for n in names if n not in CONSTRUCTORS} | {cls.__name__}
        self._family = {id(c): c for c in (cls, *subclasses(cls))}
        self._aliases: dict[str, tuple[set[str], set[str]]] = {}
        self.words |= {relative.__name__ for relative in self._family.values()}
        for module in batch.resolver.candidates(dirty.view.module):
            self.words |= {n for n, v in list(module.ns.items()) if id(kind_of(v)) in self._family}

    def visit(self) -> None:
        for view, index in self.batch.resolver.with_words(self.words, self._may_use):
            if (view.module.name, index) == self.dirty.key or view.statements[index].kind == "import":
                continue
            statement = view.statements[index]
            if statement.kind in _DEFINED and not self._may_matter(view, index):
                continue
            if not self._may_use(view, statement.text, statement.kind in _DEFINED):
                continue
            if self._used_now(view, index):
                self.acting.mark(self.batch, view, index)
            elif view.statements[index].kind == "function" and self._used_late(view, index):
                self._function(view, index)

    def _may_matter(self, view: View, index: int) -> bool:
        """Whether a definition spells any of the words outside of functions, or is a function that may have run."""
        outline = view.outline(index)
        ran = view.statements[index].kind == "function" and self.batch.ran.any_of(view.codes(index))
        return ran or any(word in outline for word in self.words)

    def _used_now(self, view: View, index: int) -> bool:
        """Whether a statement calls a method when it runs, or hands the class to what may."""
        if view.statements[index].kind in _DEFINED and not self._may_use(view, view.outline(index), True):
            return False
        names = view.names(index)
        values = [view.ns.get(n) for n in names.binds]
        if not self.acting.code and values and all(id(kind_of(v)) in self._family for v in values):
            return False  # objects are state; what makes new ones otherwise is said of them
        return any(self._used(view, c, index) for c in names.reads | names.calls) or self._handed(view, index)

    def _may_use(self, view: View, text: str, defined: bool = False) -> bool:
        """Whether a text, not parsed yet, spells a method, the class, or an object of it that is asked by name."""
        for name in view.present(self.names):
            if name not in text:
                continue
            if any(c is None or self._is_method(view, c) for c in spelled(text, name)):
                return True
            if (
                not defined
                and name not in _OF_BUILTINS
                and (of_nameless(text, name) or self._of_unknown(view, text, name))
            ):
                return True
        classes, objects = self._known_as(view)
        return any(spells(text, n) for n in classes | objects)

    def _known_as(self, view: View) -> tuple[set[str], set[str]]:
        """The names that a module has for the class and its subclasses, and for objects of theirs."""
        found = self._aliases.get(view.module.name)
        if found is None:
            classes, objects = {c.__name__ for c in self._family.values()}, set[str]()
            for name, value in list(view.ns.items()):
                if id(kind_of(value)) in self._family:
                    objects.add(name)
                elif id(value) in self._family:
                    classes.add(name)
            found = self._aliases[view.module.name] = classes, objects
        return found

    def _target(self, view: View, chain: Chain) -> Any:
        return self.batch.resolver.target_of(view.module, chain)

    def _is_class(self, target: Any) -> bool:
        return is_a(target, type) and self.cls in type.__dict__["__mro__"].__get__(target)

    def _is_method(self, view: View, chain: Chain) -> bool:
        """Whether a dotted name is one of the methods, got from the class, a subclass, or an object of theirs."""
        return any(self._is_one(view, chain[:n], n == len(chain)) for n in range(2, len(chain) + 1))

    def _is_one(self, view: View, chain: Chain, last: bool) -> bool:
        """Of what a property gives (`obj.name.upper()`) the property alone."""
        if chain[-1] not in self.names or not (last or not is_a(behind(self._target(view, chain)), FunctionType)):
            return False
        owner = self._target(view, chain[:-1])
        if owner is None or self._is_class(owner) or self._is_class(kind_of(owner)):
            return owner is not None
        kind = kind_of(owner)  # `proxy.method()`
        asked = self._target(view, chain) is None and "__getattr__" in kind.__dict__
        return asked and self.batch.modules.named(str(kind.__dict__.get("__module__"))) is not None

    def _used(self, view: View, chain: Chain, index: int) -> bool:
        calls = view.names(index).calls
        if self._is_method(view, chain):
            return chain in calls or not is_a(behind(self._target(view, chain)), FunctionType)
        if chain not in calls or not self._is_class(self._target(view, chain)):
            return False
        return self.constructs or self._spells_method(view.statements[index].text)

    def _spells_method(self, text: str) -> bool:
        return any(f".{n}" in text for n in self.names)

    def _handed(self, view: View, index: int) -> bool:
        """Whether data was made by something that was given the class, or a method, and may have called it."""
        text = view.statements[index].text
        if not is_data(Reader(view, index, "", 0)):
            return False
        nameless = [n for n in self.names - _OF_BUILTINS if of_nameless(text, n) or self._of_unknown(view, text, n)]
        if nameless and view.has_attributes(index, nameless):
            return True
        names = view.names(index)
        targets = [self._target(view, c) for c in names.reads - names.calls]
        if any(self._is_class(t) or self._is_class(kind_of(t)) for t in targets):
            return True
        if any(self._is_class(self._target(view, c)) for c in names.calls):
            return True  # an object that is made for somebody
        if any(self._is_method(view, c) for c in names.reads - names.calls):
            return True
        return self._by_name(view, names) or self._through_library(view, names.calls, view.statements[index].text)

    def _of_unknown(self, view: View, text: str, name: str) -> bool:
        """`[x.name() for x in items]`: a method of something that is no name of the module."""
        chains = (c for c in spelled(text, name) if c is not None and len(c) > 1)
        return any(c[0] not in view.ns and not hasattr(builtins, c[0]) for c in chains)

    def _by_name(self, view: View, names: Names) -> bool:
        """`getattr(x, name)()`, `methodcaller("m")(x)`: a method that no text spells."""
        called = [self._target(view, c) for c in names.calls]
        if not any(t is getattr or is_a(t, (methodcaller, attrgetter)) for t in called):
            return False
        objects = (self._target(view, c) for c in names.reads | names.calls)
        return any(self._is_class(o) or self._is_class(kind_of(o)) for o in objects if o is not None)

    def _through_library(self, view: View, calls: Set[Chain], text: str) -> bool:
        return any(self._is_class(self._target(view, c)) for c in calls) and any(f".{n}(" in text for n in self.library)

    def _used_late(self, view: View, index: int) -> bool:
        text = view.statements[index].text
        late = {c for word in self.words if word in text for chains in view.late(index, word) for c in chains}
        if any(self._is_method(view, c) for c in late):
            return True
        if not any(self._is_class(self._target(view, c)) for c in late):
            return False
        return self.constructs or self._spells_method(text) or any(f".{n}(" in text for n in self.library)

    def _function(self, view: View, index: int) -> None:
        name = view.statements[index].name
        known = (view.module.name, name) in self.batch.changes
        if not known and self.batch.ran.any_of(view.codes(index)):
            self.acting.tell(self.batch, view.module, name)
