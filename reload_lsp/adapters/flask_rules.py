"""Flask: what `add_url_rule` at the top level of a module registered, which goes before the statement runs again."""

from __future__ import annotations

import ast

from ..source.names import chain_of
from ..source.statement import parse
from .lists import Places
from .werkzeug_rules import drop_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.work import Work


def added_rule(definition: Definition) -> Call | None:
    """The call `owner.add_url_rule(...)` that a statement was."""
    call = definition.call() if definition.statement.kind == "effect" else None
    return call if call is not None and call.chain[-1] == "add_url_rule" and call.owner is not None else None


def withdraw_rule(work: Work, definition: Definition) -> Callable[[], None] | None:
    """`app.add_url_rule("/rule", ...)` runs again, or is gone."""
    call = added_rule(definition)
    if call is None:
        return None
    rule = call.arguments[0] if call.arguments else call.named.get("rule")
    if hasattr(call.owner, "deferred_functions"):
        places = Places(work)
        places.take(call.owner.deferred_functions, _Gives(rule))
        return None if definition.removed else places
    if hasattr(call.owner, "url_map"):
        _withdraw(work, call.owner, rule, _endpoint(definition, call))
    return None


def _withdraw(work: Work, app: Any, rule: Any, endpoint: Any) -> None:
    mine = [r for r in app.url_map.iter_rules() if r.endpoint == endpoint and rule in (None, r.rule)]
    if len(mine) != 1:  # nothing tells which of them the statement added
        return
    drop_rules(work, app.url_map, lambda r: r is mine[0])
    if endpoint not in app.url_map._rules_by_endpoint and endpoint in app.view_functions:
        work.journal.del_item(app.view_functions, endpoint)


def _endpoint(definition: Definition, call: Call) -> Any:
    """The endpoint that the rule was given, or takes off its view."""
    given = call.named.get("endpoint") or (call.arguments[1] if len(call.arguments) > 1 else None)
    view = call.named.get("view_func") or (call.arguments[2] if len(call.arguments) > 2 else None)
    return given or getattr(view, "__name__", None) or _named_view(definition)


def _named_view(definition: Definition) -> Any:
    """The name in `View.as_view("name")`."""
    for node in ast.walk(parse(definition.before)):
        if isinstance(node, ast.Call) and (chain_of(node.func) or ("",))[-1] == "as_view" and node.args:
            return node.args[0].value if isinstance(node.args[0], ast.Constant) else None
    return None


class _Gives:
    """Whether a function that a blueprint calls when it is registered adds a certain rule."""

    def __init__(self, rule: Any) -> None:
        self.rule = rule

    def __call__(self, function: Any) -> bool:
        return isinstance(self.rule, str) and any(isinstance(v, str) and v == self.rule for v in closure(function))


def closure(function: Any, depth: int = 3) -> Iterator[Any]:
    """What a function closes over, and what the functions among that do."""
    for cell in getattr(function, "__closure__", None) or ():
        yield cell.cell_contents
        if depth:
            yield from closure(cell.cell_contents, depth - 1)
