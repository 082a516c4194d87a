"""Flask: `extension.init_app(app)` runs again where the application was made again, to which it has given nothing yet."""

from __future__ import annotations

from .werkzeug_rules import drop_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class Extensions:
    """The applications that a batch made again, each with the endpoints it has of the one before."""

    def __init__(self) -> None:
        self._made: list[tuple[Any, set[str]]] = []

    def begin(self) -> None:
        self._made = []

    def made_again(self, app: Any, carried: set[str]) -> None:
        self._made.append((app, carried))

    def repeats(self, definition: Definition) -> bool:
        return bool(self._of(definition))

    def withdraw(self, work: Work, definition: Definition) -> None:
        """The rules that were carried over lead to methods of the extension, which is about to add them."""
        call = definition.call()
        for app, carried in self._of(definition):
            views: dict[str, Any] = app.view_functions
            mine = {n for n in carried if call is not None and getattr(views.get(n), "__self__", None) is call.owner}
            drop_rules(work, app.url_map, lambda rule, mine=mine: rule.endpoint in mine)
            for name in mine:
                work.journal.del_item(views, name)

    def _of(self, definition: Definition) -> list[tuple[Any, set[str]]]:
        call = definition.call() if definition.statement.kind == "effect" else None
        given = call.arguments if call is not None and call.chain[-1] == "init_app" else []
        return [(app, carried) for app, carried in self._made if any(a is app for a in given)]
