"""Typer: applications keep what decorators and `add_typer` gave them in lists."""

from __future__ import annotations

import sys

from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class TyperApps:
    """Applications that live."""

    library = "typer"
    tested = "0.29"

    def repeats(self, work: Work, definition: Definition) -> bool:
        """A command, or another application, that was given once: it can be taken out."""
        if definition.statement.kind == "effect":
            return bool(self._given(definition))
        return any(definition.made(c.callback) for a in self._apps(work) for c in a.registered_commands)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        places = Places(work)
        if definition.statement.kind == "effect":
            for app, entry in self._given(definition):
                places.take(app.registered_groups, lambda e, it=entry: e is it)
        elif definition.statement.kind == "function":
            for app in self._apps(work):
                places.take(app.registered_commands, lambda c: definition.made(c.callback))
                if app.registered_callback is not None and definition.made(app.registered_callback.callback):
                    work.journal.set_attr(app, "registered_callback", None)
        return places if places and not definition.removed else None

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """An application made with other arguments; the statements of its module fill it again."""
        if not isinstance(before, sys.modules["typer"].Typer) or type(before) is not type(after):
            return False
        work.journal.replace_content(before.__dict__, after.__dict__)
        return True

    def _given(self, definition: Definition) -> list[tuple[Any, Any]]:
        """What `app.add_typer(other, ...)` gave."""
        call = definition.call()
        if call is None or call.chain[-1] != "add_typer" or not isinstance(call.owner, sys.modules["typer"].Typer):
            return []
        other = call.named.get("typer_instance") or [*call.arguments, None][0]
        mine = [(call.owner, e) for e in call.owner.registered_groups if e.typer_instance is other]
        return mine if len(mine) == 1 else [(a, e) for a, e in mine if e.name == call.named.get("name")]

    def _apps(self, work: Work) -> list[Any]:
        return work.instances(sys.modules["typer"].Typer)


ADAPTER = TyperApps()
