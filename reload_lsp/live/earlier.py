"""Names that a module binds more than once: a statement between two bindings sees the earlier one, not what stands now."""

from __future__ import annotations

import gc
from types import FunctionType

from ..plan.impact import Effect
from ..source.codes import nested, walk, within
from .batch import Batch
from .dirty import Dirty
from .journal import MISSING
from .kinds import is_a
from .product import BINDING
from .speak import place_of
from .values import plain
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any


def overridden(batch: Batch, view: View, index: int, name: str) -> bool:
    """Whether a statement after `index` binds the same name: then its value is the one that stands."""
    for later in view.binders(name):
        if later <= index or view.statements[later].kind not in BINDING:
            continue
        names = view.names(later)
        if name in names.rebinds:
            continue
        pending = (view.module.name, later) in batch.pending
        if pending or (name not in names.mutates and name in view.ns):
            return True
    return False


def made_by(dirty: Dirty) -> Any:
    """The function of a statement whose name another one has bound since: found by its code, MISSING where nobody holds it."""
    view, old = dirty.view, dirty.view.old(dirty.index)
    codes = view.codes(dirty.index)
    if old is not None:
        codes = [*codes, *within(nested(view.module.loaded_code()), old.line, old.end_line)]
    known = {id(c) for c in codes if c.co_name == dirty.statement.name}
    holders = gc.get_referrers(*codes) if codes else []
    return next((h for h in holders if is_a(h, FunctionType) and id(h.__code__) in known), MISSING)


def seen_between(batch: Batch, dirty: Dirty, name: str) -> None:
    """A binding changed that a later one replaces: only the statements between the two see it."""
    view = dirty.view
    for index in range(dirty.index + 1, len(view.statements)):
        statement = view.statements[index]
        if name not in statement.text or statement.kind in ("dead", "text"):
            continue
        names = view.names(index)
        if any(chain[0] == name for chain in names.reads | names.calls):
            batch.mark(view, index, "input", f"{name} changed")
        if name in names.binds and statement.kind in BINDING:
            return


class Earlier:
    """The values that a statement sees of names which a later statement has bound again since."""

    def __init__(self, batch: Batch, dirty: Dirty, code: CodeType) -> None:
        self.batch = batch
        self.view = dirty.view
        self.values: dict[str, Any] = {}
        for name in sorted({chain[0] for chain in dirty.names.reads | dirty.names.calls}):
            if _is_seen_earlier(batch, dirty.view, dirty.index, name):
                value = _made_before(batch, dirty.view, dirty.index, name)
                if value is MISSING:
                    _say_seen_as_it_is(batch, dirty, name)
                else:
                    self.values[name] = value
        inner = {n for c in walk(code) if c is not code for n in c.co_names}
        self._swapped = {n: v for n, v in self.values.items() if n in inner}
        self._stood: dict[str, Any] = {}

    def __enter__(self) -> dict[str, Any]:
        """The statement's own scope; what functions in it read while it runs stands in the module."""
        for name, value in self._swapped.items():
            self._stood[name] = self.view.ns.get(name, MISSING)
            self.view.ns[name] = value
        return dict(self.values)

    def __exit__(self, *_: object) -> None:
        for name, value in self._stood.items():
            self.view.ns[name] = value

    def made(self, scope: dict[str, Any]) -> dict[str, Any]:
        """What the statement itself bound."""
        return {n: v for n, v in scope.items() if n not in self.values or self.values[n] is not v}


def _is_seen_earlier(batch: Batch, view: View, index: int, name: str) -> bool:
    if view.module.text.count(name) < 3 and view.edit is None:
        return False
    return any(i < index for i in view.binders(name)) and overridden(batch, view, index, name)


def _made_before(batch: Batch, view: View, index: int, name: str) -> Any:
    """The value of the last binding before `index`, made again; MISSING where that would do more than make it."""
    binder = max(i for i in view.binders(name) if i < index)
    node = view.node(binder)
    if view.statements[binder].kind != "import" and batch.effects.of(node, view.module).effect > Effect.LOCAL:
        return MISSING
    code = view.compiled(node, binder)
    earlier = Earlier(batch, Dirty(view, binder), code)
    with earlier as scope:
        exec(code, view.ns, scope)
    value = scope.get(name, MISSING)
    again = view.statements[binder].kind == "import" or plain(value) or is_a(value, FunctionType)
    return value if again else MISSING


def _say_seen_as_it_is(batch: Batch, dirty: Dirty, name: str) -> None:
    batch.findings.say(
        "RLD311",
        f"`{dirty.statement.label}` ran again and saw {name} as a later line leaves it; a fresh start sees what the line "
        "before it made. Use two names, or restart the process.",
        dirty.view.module.path,
        place_of(dirty.statement),
        data={"fixes": [{"kind": "restart"}]},
    )
