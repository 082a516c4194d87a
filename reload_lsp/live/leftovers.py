"""After a batch: what earlier runs of statements left with somebody whom no edit reaches.

A definition that was registered again while its earlier registration stands, or was removed and is still registered; an
object that was made again while somebody holds the one before. Told by who holds it, so nothing of any library is known here.
"""

from __future__ import annotations

import gc
import sys
from types import FrameType, FunctionType, ModuleType
from weakref import ref

from ..findings.values import Count, Range
from .adapter import Definition, definition_of
from .cycles import holds_itself_alone
from .functions import is_forwarder
from .heap import survey
from .kinds import is_a, kind_of
from .owned import is_owned
from .registrations import registrations
from .speak import place_of
from .values import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..source.statement import Statement
    from .batch import Batch
    from .dirty import Dirty
    from .view import View

_CHANGED = "was changed"  # a call: others may have registered the same object


class _Refs(list["ref[Any]"]):
    """What we hold weakly: a kind of its own, so that it is no registry."""


class Watched:
    """A definition that may be registered somewhere: weakly what it made, and how often each container held it before."""

    __slots__ = ("before", "label", "made", "path", "place", "removed")

    def __init__(self, view: View, statement: Statement, place: Range, made: list[Any], removed: str = "") -> None:
        self.path = view.module.path
        self.label = statement.label
        self.place = place
        self.made = _Refs(r for value in made if (r := _weak(value)) is not None)
        self.before = {} if removed not in ("", _CHANGED) else registrations(self.made, made, removed == _CHANGED)
        self.removed = removed  # what became of the statement that registered it


class _Strong:
    """In the place of a weak reference, to an object that has none: it is there while anybody else holds it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self) -> Any:
        held = sys.getrefcount(self.value) > 2 and not holds_itself_alone(self)
        return self.value if held else None


class Replaced:
    """An object in whose place its statement bound another one, and the texts that made both."""

    __slots__ = ("before", "label", "made_by", "path", "place", "text")

    def __init__(self, dirty: Dirty, before: ref[Any] | _Strong) -> None:
        old = dirty.view.old(dirty.index)
        self.before = before
        self.made_by = old.text if old is not None else ""
        self.text = dirty.statement.text
        self.label = dirty.statement.name or dirty.statement.label
        self.path = dirty.view.module.path
        self.place = place_of(dirty.statement)


def _given(definition: Definition) -> list[Any]:
    """The objects that a call at the top level was given by name, also in a list or as `key=object`."""
    call = definition.call()
    return [v for v in call.given if not plain(v) or is_a(v, (FunctionType, type))] if call is not None else []


def _made_in(definition: Definition) -> list[Any]:
    """The objects that a call made for its arguments, `bus.add(Handler())`: where a class has one object, it is this one."""
    call = definition.call()
    classes = call.constructed if call is not None else []
    found = survey((), classes).instances if classes else {}
    return [v[0] for cls in classes if len(v := [x for x in found.get(cls, ()) if kind_of(x) is cls]) == 1]


class Leftovers:
    """What is looked at once the batch has let go of everything."""

    def __init__(self) -> None:
        self._watched: list[Watched] = []
        self._replaced: list[Replaced] = []

    def again(self, dirty: Dirty, made: list[Any]) -> None:
        """A decorated definition is about to be made again because it was edited."""
        if dirty.view.old(dirty.index) is not None and dirty.reasons & {"edited"}:
            self._watched.append(Watched(dirty.view, dirty.statement, place_of(dirty.statement), made))

    def called_again(self, dirty: Dirty) -> None:
        """An edited call at the top level is about to run again: what it was given may be registered."""
        if "edited" not in dirty.reasons or dirty.view.old(dirty.index) is None:
            return
        now = Definition(dirty.view.module, dirty.statement, dirty.statement, (), ())
        kept = {id(v) for v in _given(now)}
        given = _given(definition_of(dirty.view, dirty.index))
        self.left(dirty, [v for v in given if id(v) not in kept], _CHANGED)
        given[:] = [v for v in given if id(v) in kept]  # in place: a second list of them would look like a registry
        self.left(dirty, _made_in(definition_of(dirty.view, dirty.index)), _CHANGED)
        if given:
            self.again(dirty, given)

    def left(self, dirty: Dirty, values: list[Any], how: str) -> None:
        """A statement no longer registers some objects."""
        if values:
            self._watched.append(Watched(dirty.view, dirty.statement, place_of(dirty.statement), values, how))

    def twins(self, pairs: list[tuple[Any, Any]]) -> None:
        """New objects that were merged into old ones: a registry may have taken them up all the same."""
        for one in self._watched:
            known = {id(v) for r in one.made if (v := r()) is not None}
            one.made += [weak for new, old in pairs if id(old) in known and (weak := _weak(new)) is not None]

    def removed(self, view: View, statement: Statement, value: Any) -> None:
        """A decorated definition left the text."""
        if statement.kind == "function" and statement.text.lstrip()[:1] == "@":
            first = view.statements[0] if view.statements else statement
            self._watched.append(Watched(view, statement, place_of(first), [value], "was removed"))

    def replaced(self, batch: Batch) -> None:
        """Remember, weakly, what this batch made again."""
        for before, dirty in batch.replaced:
            kind = dirty.statement.kind
            wrapper = kind == "function" and "added" not in dirty.reasons
            if is_a(before, (type, ModuleType)) or (is_a(before, FunctionType) and not wrapper):
                continue
            if is_a(before, FunctionType) and is_forwarder(before.__code__):
                continue  # it calls what was made in its place
            if kind_of(before).__module__ == "logging":
                continue  # loggers are kept by name, for whoever asks
            if kind in ("bind", "function"):
                self._replaced.append(Replaced(dirty, _weak(before) or _Strong(before)))

    def superseded(self, dirty: Dirty, cls: type) -> None:
        """A class that could not become the new one was replaced by it."""
        self._replaced.append(Replaced(dirty, ref(cls)))

    def say(self, batch: Batch) -> None:
        """Look who is left, and say it."""
        if any(is_a(r.before(), type) for r in self._replaced):
            forget_typing()
        watched = [w for w in self._watched if any(r() is not None for r in w.made)]
        self._replaced += [e for now in self._replaced for e in _from_earlier(batch, now)]
        replaced = self._replaced = [r for r in self._replaced if r.before() is not None]  # lets go of the others
        if any(map(_suspicious, watched)) or replaced:
            gc.collect()
        for one in watched:
            self._say_registered(batch, one)
        for one in replaced:
            self._say_held(batch, one)
            if is_a(one.before, ref):
                batch.modules.left.setdefault((one.path, one.label), []).append(one)

    def _say_registered(self, batch: Batch, one: Watched) -> None:
        if not _suspicious(one):
            return
        what = (
            f"{one.label} {one.removed}, but what it registered is still in force"
            if one.removed
            else f"{one.label} was registered again, and its registration from before this edit is still in force"
        )
        _say(batch, "RLD307", one.path, one.place, f"{what}. Restart the process to be without it.")

    def _say_held(self, batch: Batch, one: Replaced) -> None:
        before = one.before()
        if before is None or any(f.path == one.path and f.range == one.place for f in batch.findings.items):
            return
        if batch.adapting.keeps(before) and not is_owned(batch, before):
            return
        code = "RLD206" if is_a(before, type) else "RLD204"
        count = max(1, sum(1 for h in gc.get_referrers(before) if kind_of(h) is not FrameType))
        del before
        _say(
            batch, code, one.path, one.place,
            f"{one.label} was made again, and the one before is still held elsewhere, where it goes on as it was. "
            "Make its holders take the new one, or restart the process.",
            count,
        )  # fmt: skip


def _from_earlier(batch: Batch, now: Replaced) -> list[Replaced]:
    """What earlier batches made again and somebody still holds, made by another text than the one that is live."""
    earlier = [e for e in batch.modules.left.pop((now.path, now.label), []) if e.before() is not None]
    for one in earlier:
        one.place = now.place
    batch.modules.left[now.path, now.label] = [e for e in earlier if e.made_by == now.text]
    return [e for e in earlier if e.made_by != now.text]


def collect(made_classes: bool, stuck: list[ref[type]]) -> None:
    """Have classes that were made only to be merged go: their bases list them until then."""
    if made_classes:
        gc.collect(1)
    if any(cls() is not None for cls in stuck):
        forget_typing()
        gc.collect()


def forget_typing() -> None:
    """`list[Point]` and the like are kept by typing; nobody else may hold the class."""
    typing: Any = sys.modules.get("typing")
    for clear in getattr(typing, "_cleanups", ()):
        clear()


def _say(batch: Batch, code: str, path: str, place: Range, message: str, count: int = 0) -> None:
    batch.findings.say(
        code, message, path, place, verdict="applied-risk" if code == "RLD307" else None,
        count=Count(count, False) if count else None, data={"fixes": [{"kind": "restart"}]},
    )  # fmt: skip


def _weak(value: Any) -> ref[Any] | None:
    try:
        return ref(value)
    except TypeError:
        return None


def _suspicious(one: Watched) -> bool:
    now = registrations(one.made, one, one.removed == _CHANGED)
    if one.removed == _CHANGED:  # what it was given may stand there for others, too; the call has put more there
        return any(now.get(holder, 0) > size for holder, size in one.before.items())
    if one.removed:
        return bool(now) and sum(now.values()) >= sum(one.before.values())
    stood = sum(min(n, now.get(holder, 0)) for holder, n in one.before.items())
    return bool(one.before) and stood >= sum(one.before.values()) and sum(now.values()) > stood
