"""Flask: URL rules, hooks and handlers, which an application takes until its first request and never gives back."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Iterator

from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work

HOOKS = (
    "before_request_funcs", "after_request_funcs", "teardown_request_funcs", "template_context_processors",
    "url_value_preprocessors", "url_default_functions",
)  # fmt: skip
CHECK = "_check_setup_finished"  # which requests of other threads arm again and again


class FlaskRoutes:
    """Applications and blueprints that live."""

    library = "flask"
    tested = "flask 3.1, werkzeug 3.1"

    def __init__(self) -> None:
        self._open: list[Any] = []
        self._deferred: list[tuple[Any, list[Any]]] = []
        self._remade: list[Any] = []
        self._shadows: weakref.WeakSet[Any] = (
            weakref.WeakSet()
        )  # what factories made; the application served is one with it

    def begin(self, work: Work) -> None:
        """While a batch runs, applications and blueprints take registrations."""
        self._open, self._deferred, self._remade = [], [], []
        for target in self._scaffolds(work):
            if CHECK not in target.__dict__:
                work.journal.set_attr(target, CHECK, _allowed)
                self._open.append(target)
            if hasattr(target, "deferred_functions"):
                self._deferred.append((target, list(target.deferred_functions)))

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            self._withdraw_blueprint(work, definition)
            return _withdraw_rule(work, definition)
        places = Places(work)
        for target in self._scaffolds(work):
            _withdraw(work, places, target, definition.made)
        return None if definition.removed else places

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = create_app()`: made again, unless that fails; the application that is served becomes it."""
        before = definition.bound()
        if not isinstance(before, sys.modules["flask"].Flask):
            return False
        try:
            after = definition.evaluate()
        except Exception:  # noqa: BLE001, RUF100 - a factory that runs only once in a process: the statement is held
            return False
        if type(after) is not type(before) or after is before:
            return False
        hand_over(work, before, after)
        self._remade.append(before)
        self._shadows.add(after)
        return True

    def _withdraw_blueprint(self, work: Work, definition: Definition) -> None:
        """`app.register_blueprint(bp, ...)` runs again."""
        call = definition.call()
        if call is None or call.chain[-1] != "register_blueprint" or not call.arguments:
            return
        app, blueprint = call.owner, call.arguments[0]
        for name in [n for n, b in app.blueprints.items() if b is blueprint]:
            _forget_blueprint(work, app, name, blueprint)

    def settle(self, work: Work) -> None:
        """A blueprint that was registered before it changed is registered again."""
        for blueprint, before in self._deferred:
            if list(blueprint.deferred_functions) != before:
                for app in self._scaffolds(work):
                    if (
                        blueprint in getattr(app, "blueprints", {}).values()
                        and app not in self._remade
                        and app not in self._shadows
                    ):
                        self._register_again(work, app, blueprint)

    def _register_again(self, work: Work, app: Any, blueprint: Any) -> None:
        if work.rerun_call("register_blueprint", app, blueprint, f"blueprint {blueprint.name} changed"):
            return
        maker = work.maker_of(app)
        if maker is None or not self.remakes(work, maker):
            work.say(
                "RLD704",
                f"The blueprint {blueprint.name} was registered inside of a function: what this edit adds to it or takes from it "
                "is not in the application. Restart the server.",
            )

    def finish(self, work: Work) -> None:
        for target in self._open:
            work.journal.del_attr(target, CHECK)
        self._open, self._deferred = [], []

    def _scaffolds(self, work: Work) -> list[Any]:
        return work.instances(sys.modules["flask.sansio.scaffold"].Scaffold)


def _withdraw_rule(work: Work, definition: Definition) -> Callable[[], None] | None:
    """`blueprint.add_url_rule("/rule", ...)` runs again, or is gone."""
    call = definition.call()
    rule = call.arguments[0] if call is not None and call.chain[-1] == "add_url_rule" and call.arguments else None
    if call is None or not isinstance(rule, str) or not hasattr(call.owner, "deferred_functions"):
        return None
    places = Places(work)
    places.take(call.owner.deferred_functions, _Holds(lambda value: value == rule))
    return None if definition.removed else places


def _allowed(name: str) -> None:
    """In the place of Flask's check that no setup method is called after the first request."""


def _withdraw(work: Work, places: Places, target: Any, mine: Callable[[Any], bool]) -> None:
    endpoints = places.drop(target.view_functions, mine)
    if hasattr(target, "url_map"):
        _drop_rules(work, target.url_map, set(endpoints))
    for name in HOOKS:
        for entries in getattr(target, name, {}).values():
            places.take(entries, mine)
    for codes in target.error_handler_spec.values():
        for handlers in codes.values():
            places.drop(handlers, mine)
    if hasattr(target, "deferred_functions"):
        places.take(target.deferred_functions, _Holds(mine))
    environment = target.__dict__.get("jinja_env")
    for table in ("filters", "tests", "globals") if environment is not None else ():
        places.drop(getattr(environment, table), mine)
    places.drop(target.cli.commands, _Command(mine))


class _Holds:
    """Whether a function that a blueprint calls when it is registered has something of a statement in its closure."""

    def __init__(self, mine: Callable[[Any], bool]) -> None:
        self.mine = mine

    def __call__(self, function: Any) -> bool:
        return any(self.mine(v) for v in _closure(function))


class _Command:
    def __init__(self, mine: Callable[[Any], bool]) -> None:
        self.mine = mine

    def __call__(self, command: Any) -> bool:
        return self.mine(command) or self.mine(getattr(command, "callback", None))


def _closure(function: Any, depth: int = 3) -> Iterator[Any]:
    for cell in getattr(function, "__closure__", None) or ():
        yield cell.cell_contents
        if depth:
            yield from _closure(cell.cell_contents, depth - 1)


def _drop_rules(work: Work, url_map: Any, endpoints: set[str]) -> None:
    """Werkzeug adds rules and never removes one: the matcher is filled again with the others."""
    table = url_map._rules_by_endpoint
    if not endpoints & table.keys():
        return
    work.journal.replace_content(table, {e: rules for e, rules in table.items() if e not in endpoints})
    matcher = type(url_map._matcher)(url_map.merge_slashes)
    for rules in table.values():
        for rule in rules:
            if not rule.build_only:
                matcher.add(rule)
    work.journal.set_attr(url_map, "_matcher", matcher)
    url_map._remap = True


def _forget_blueprint(work: Work, app: Any, name: str, blueprint: Any) -> None:
    own = {n for n in app.view_functions if n.startswith(f"{name}.")}
    for endpoint in own:
        work.journal.del_item(app.view_functions, endpoint)
    _drop_rules(work, app.url_map, own)
    for hooks in (*(getattr(app, h) for h in HOOKS), app.error_handler_spec):
        for key in [k for k in hooks if k is not None and (k == name or k.startswith(f"{name}."))]:
            work.journal.del_item(hooks, key)
    for key in [k for k in app.blueprints if k == name or k.startswith(f"{name}.")]:
        work.journal.del_item(app.blueprints, key)
    given = [v for function in blueprint.deferred_functions for v in _closure(function)]
    places = Places(work)
    for hook in HOOKS:
        places.take(getattr(app, hook).get(None, []), _OneOf(given))


class _OneOf:
    def __init__(self, values: list[Any]) -> None:
        self.ids = {id(v) for v in values}

    def __call__(self, value: Any) -> bool:
        return id(value) in self.ids


def hand_over(work: Work, before: Any, after: Any) -> None:
    """Both are the new application from now on; rules that others added to the one before are added again."""
    texts = work.old_texts()
    for rule in before.url_map.iter_rules():
        view = before.view_functions.get(rule.endpoint)
        ours = rule.endpoint.rpartition(".")[0] in ("", *before.blueprints) and "." in rule.endpoint
        name = getattr(view, "__qualname__", "<locals>")
        if view is None or ours or "<locals>" in name or rule.endpoint in after.view_functions:
            continue
        if not any(name in text or rule.rule in text for text in texts):
            after.add_url_rule(rule.rule, rule.endpoint, view, methods=rule.methods)
    state = before.__dict__
    for name in (CHECK, "_got_first_request"):
        if name in state:
            after.__dict__[name] = state[name]
    work.journal.record(setattr, before, "__dict__", state)
    before.__dict__ = after.__dict__


ADAPTER = FlaskRoutes()
