"""Names and attributes that a statement sets under computed names (`globals()[name] = …`, `setattr(cls, name, …)`).

Nothing in the text says which. So the text of before is run on a copy of the module's names, with what it read before, and
the text of now likewise: what only the first one set goes.
"""

from __future__ import annotations

import ast

from ..plan.impact import Effect
from .attributes import members_changed
from .batch import Batch
from .classes import del_member, members_of
from .dirty import Dirty
from .kinds import is_a
from .product import Product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Sets = dict[tuple[int, str], tuple[Any, str]]

_SETTERS = ("globals", "vars", "setattr")


class Dynamic:
    """One run of a statement; `settle` must follow."""

    def __init__(self, batch: Batch, dirty: Dirty) -> None:
        self._batch, self._dirty = batch, dirty
        old = dirty.view.old(dirty.index)
        sets = old is not None and dirty.statement.kind in ("block", "effect") and any(w in old.text for w in _SETTERS)
        before = dirty.view.old_node(dirty.index) if sets else None
        self._before = self._tried(before, earlier=True) if before is not None else {}
        owners = [owner for owner, _ in (self._before or {}).values() if is_a(owner, type)]
        self._members = [(owner, members_of(owner)) for owner in {id(o): o for o in owners}.values()]

    def settle(self) -> None:
        """Take away what the statement would set no more."""
        for owner, members in self._members:
            other = {n for n, v in members_of(owner).items() if n in members and members[n] is not v}
            module = self._batch.modules.named(str(owner.__module__))
            if other and module is not None:
                members_changed(self._batch, module, owner.__name__, other)
        now = self._tried(self._dirty.view.node(self._dirty.index)) if self._before else None
        if now is None or not self._before:
            return
        for key in self._before.keys() - now.keys():
            owner, name = self._before[key]
            if owner is None:
                self._unbind(name)
            elif is_a(owner, type) and name in members_of(owner):
                del_member(owner, name, self._batch.journal)
                module = self._batch.modules.named(str(owner.__module__))
                if module is not None:
                    members_changed(self._batch, module, owner.__name__, {name})

    def _unbind(self, name: str) -> None:
        view = self._dirty.view
        if name in view.ns and not view.binders(name):
            before = view.ns[name]
            self._batch.journal.del_item(view.ns, name)
            self._batch.changed(Product(view.module, name, "removed"), before, before)

    def _tried(self, node: ast.stmt, *, earlier: bool = False) -> Sets | None:
        """What a run of `node` sets, None where it cannot be tried."""
        view = self._dirty.view
        if self._batch.effects.of(node, view.module).effect > Effect.STORE:
            return None
        noted: Sets = {}
        names = _Noting(view.ns, noted)
        names.update_quietly(self._inputs() if earlier else {})
        names.update_quietly({"setattr": _Setting(noted)})
        try:
            exec(view.raw(node), names)
        except Exception:
            return None
        bound = view.module.names(self._dirty.statement).binds
        return {key: pair for key, pair in noted.items() if pair[0] is not None or pair[1] not in bound}

    def _inputs(self) -> dict[str, Any]:
        """What the names that changed in this batch stood for before it."""
        found: dict[str, Any] = {}
        for (module, name), change in self._batch.changes.items():
            if module == self._dirty.view.module.name:
                found[name] = self._batch.journal.content_before(change.before)
        return found


class _Noting(dict[str, "Any"]):
    """A copy of a module's names that notes what is set under computed ones; plain assignments go past it."""

    def __init__(self, names: dict[str, Any], noted: Sets) -> None:
        super().__init__(names)
        self._noted = noted

    def update_quietly(self, values: dict[str, Any]) -> None:
        super().update(values)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self._noted[0, name] = None, name

    def update(self, *args: Any, **kwargs: Any) -> None:
        for name, value in dict(*args, **kwargs).items():
            self[name] = value


class _Setting:
    """Stands for `setattr` in a trial: it only notes."""

    def __init__(self, noted: Sets) -> None:
        self._noted = noted

    def __call__(self, owner: Any, name: str, value: Any) -> None:
        self._noted[id(owner), name] = owner, name
