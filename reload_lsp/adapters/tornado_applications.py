"""Tornado: an application keeps the rules that it was made with, and those that `add_handlers` gave it."""

from __future__ import annotations

import sys

from .factories import made_again
from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class TornadoApplications:
    """Applications that live."""

    library = "tornado.web"
    tested = "6.6"

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """An application made with other arguments becomes the one that is served."""
        if not isinstance(before, sys.modules[self.library].Application) or type(before) is not type(after):
            return False
        for router in (after.default_router, after.wildcard_router):
            for inner in _routers(router):
                inner.application = before
        work.journal.replace_content(before.__dict__, after.__dict__)
        return True

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = make_app()`: made again, unless that fails."""
        after = made_again(definition, sys.modules[self.library].Application)
        return after is not None and self.merge(work, definition.bound(), after)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        """`app.add_handlers(host, rules)` runs again, or is gone: the rules of that host go."""
        call = definition.call() if definition.statement.kind == "effect" else None
        if call is None or call.chain[-1] != "add_handlers" or not call.arguments:
            return None
        if not isinstance(call.owner, sys.modules[self.library].Application):
            return None
        places = Places(work)
        mine = [r for r in call.owner.default_router.rules if _host(r) == call.arguments[0]]
        targets = {id(v) for v in call.given}
        mine = [r for r in mine if any(id(inner.target) in targets for inner in getattr(r.target, "rules", ()))]
        if len(mine) == 1:
            places.take(call.owner.default_router.rules, lambda r: r is mine[0])
        return places if places and not definition.removed else None


def _routers(router: Any) -> list[Any]:
    """A router and those that its rules lead to, which know their application."""
    inner = [r for rule in router.rules if hasattr(rule.target, "rules") for r in _routers(rule.target)]
    return [r for r in (router, *inner) if hasattr(r, "application")]


def _host(rule: Any) -> Any:
    pattern = getattr(getattr(rule.matcher, "host_pattern", None), "pattern", None)
    return pattern[:-1] if isinstance(pattern, str) and pattern.endswith("$") else pattern


ADAPTER = TornadoApplications()
