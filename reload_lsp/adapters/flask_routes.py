"""Flask: URL rules, hooks and handlers, which an application takes until its first request and never gives back."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable

from .factories import is_constructed, made_again
from .flask_extensions import Extensions
from .flask_rules import added_rule, closure, withdraw_rule
from .lists import Places, in_order
from .werkzeug_rules import drop_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.work import Work

HOOKS = (
    "before_request_funcs", "after_request_funcs", "teardown_request_funcs", "template_context_processors",
    "url_value_preprocessors", "url_default_functions",
)  # fmt: skip
CALLS = {
    "before_request": HOOKS[0], "after_request": HOOKS[1], "teardown_request": HOOKS[2], "context_processor": HOOKS[3],
    "url_value_preprocessor": HOOKS[4], "url_defaults": HOOKS[5],
}  # fmt: skip
OF_APPLICATIONS = ("teardown_appcontext_funcs", "shell_context_processors")
CHECK = "_check_setup_finished"  # which requests of other threads arm again and again


class FlaskRoutes:
    """Applications and blueprints that live."""

    library = "flask"
    tested = "flask 3.1, werkzeug 3.1"

    def __init__(self) -> None:
        self._open: list[Any] = []
        self._deferred: list[tuple[Any, list[Any]]] = []
        self._remade: list[Any] = []
        self._nested: dict[int, Any] = {}
        self._extensions = Extensions()
        self._shadows: weakref.WeakSet[Any] = (
            weakref.WeakSet()
        )  # what factories made; the application served is one with it

    def begin(self, work: Work) -> None:
        """While a batch runs, applications and blueprints take registrations."""
        self._open, self._deferred, self._remade, self._nested = [], [], [], {}
        self._extensions.begin()
        for target in self._scaffolds(work):
            if CHECK not in target.__dict__:
                work.journal.set_attr(target, CHECK, _allowed)
                self._open.append(target)
            if hasattr(target, "deferred_functions"):
                self._deferred.append((target, _given(target)))
                self._nested.update((id(e), e) for e in target._blueprints)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            self._withdraw_blueprint(work, definition)
            _withdraw_hook(work, definition)
            self._extensions.withdraw(work, definition)
            return withdraw_rule(work, definition)
        places = Places(work)
        for target in self._scaffolds(work):
            _withdraw(work, places, target, definition.made)
        return None if definition.removed else places

    def repeats(self, work: Work, definition: Definition) -> bool:
        """Rules and blueprints: what their first run registered is taken out."""
        call = definition.call() if definition.statement.kind == "effect" else None
        registers = call is not None and call.chain[-1] == "register_blueprint" and _is_scaffold(call.owner)
        return registers or self._extensions.repeats(definition) or added_rule(definition) is not None

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """What was made with other arguments becomes what is served; its module's statements fill it again."""
        if not _is_scaffold(before) or type(before) is not type(after):
            return False
        if isinstance(before, sys.modules["flask"].Flask):
            self._extensions.made_again(before, hand_over(work, before, after))
        else:
            for app in self._scaffolds(work):
                _drop_commands(work, app, before)
            work.journal.replace_content(before.__dict__, {**after.__dict__, CHECK: _allowed})
        return True

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = create_app()`: made again, unless that fails; the application that is served becomes it."""
        before, after = definition.bound(), made_again(definition, sys.modules["flask"].Flask)
        if after is None:
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
        calls = [c for c in (call, definition.call_now()) if c is not None]  # the batch may have run it before
        if hasattr(app, "_blueprints"):
            mine = [e for e in app._blueprints if e[0] is blueprint]
            alike = [e for e in mine if any(_is_with(e[1], c) for c in calls)]
            mine = alike or [e for e in mine if id(e) in self._nested]
            Places(work).take(app._blueprints, lambda entry: any(entry is e for e in mine))
            return
        names = [n for n, b in app.blueprints.items() if b is blueprint]
        own = {c.named.get("name", blueprint.name) for c in calls}
        told = all("name" in c.named or "name" not in c.keywords for c in calls)
        for name in [n for n in names if n in own or not told]:
            _forget_blueprint(work, app, name, blueprint, others=[n for n in names if n != name])

    def settle(self, work: Work) -> None:
        """A blueprint that was registered before it changed is registered again."""
        for target in self._scaffolds(work):
            for entries in _lists(target):
                in_order(work, entries)
        for blueprint, before in self._deferred:
            if _given(blueprint) != before:
                for app in self._scaffolds(work):
                    root = _root(app, blueprint)
                    if root is not None and app not in self._remade and app not in self._shadows:
                        self._register_again(work, app, root)

    def _register_again(self, work: Work, app: Any, blueprint: Any) -> None:
        if work.rerun_call("register_blueprint", app, blueprint, f"blueprint {blueprint.name} changed"):
            for name in [n for n, b in app.blueprints.items() if b is blueprint]:
                _forget_blueprint(work, app, name, blueprint, others=[])
            return
        maker = work.maker_of(app)
        if maker is None or is_constructed(maker) or not self.remakes(work, maker):
            work.say(
                "RLD704",
                f"The blueprint {blueprint.name} was registered inside of a function: what this edit adds to it or takes from it "
                "is not in the application. Restart the server.",
            )

    def finish(self, work: Work) -> None:
        for target in self._open:
            work.journal.del_attr(target, CHECK)
        self._open, self._deferred, self._nested = [], [], {}

    def _scaffolds(self, work: Work) -> list[Any]:
        return work.instances(_scaffold())


def _allowed(name: str) -> None:
    """In the place of Flask's check that no setup method is called after the first request."""


def _is_scaffold(value: Any) -> bool:
    return isinstance(value, _scaffold())


def _scaffold() -> type:
    """What applications and blueprints are made of; it stands elsewhere until Flask 2.2."""
    found: type = (sys.modules.get("flask.sansio.scaffold") or sys.modules["flask.scaffold"]).Scaffold
    return found


def _is_with(options: dict[str, Any], call: Call) -> bool:
    """Whether a blueprint was registered with the arguments of a call."""
    return options.keys() == call.keywords and all(options[n] == v for n, v in call.named.items())


def _root(app: Any, blueprint: Any) -> Any:
    """The blueprint that was registered with an application, where another is or stands inside of it; else None."""
    names = [name for name, one in getattr(app, "blueprints", {}).items() if one is blueprint]
    return app.blueprints.get(names[0].partition(".")[0], blueprint) if names else None


def _given(blueprint: Any) -> list[Any]:
    """What an application takes from a blueprint when it is registered."""
    hooks = [f for name in HOOKS for functions in getattr(blueprint, name).values() for f in functions]
    handlers = [f for codes in blueprint.error_handler_spec.values() for by in codes.values() for f in by.values()]
    inner = [x for child, options in blueprint._blueprints for x in (child, repr(options), *_given(child))]
    return [*blueprint.deferred_functions, *hooks, *handlers, *inner]


def _withdraw(work: Work, places: Places, target: Any, mine: Callable[[Any], bool]) -> None:
    endpoints = places.drop(target.view_functions, mine)
    if hasattr(target, "url_map"):
        drop_rules(work, target.url_map, lambda rule: rule.endpoint in endpoints)
    for entries in _lists(target):
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


def _lists(target: Any) -> list[list[Any]]:
    """The lists of hooks of an application or blueprint."""
    hooks = [entries for name in HOOKS for entries in getattr(target, name, {}).values()]
    return [*hooks, *(getattr(target, name) for name in OF_APPLICATIONS if hasattr(target, name))]


class _Holds:
    """Whether a function that a blueprint calls when it is registered has something of a statement in its closure."""

    def __init__(self, mine: Callable[[Any], bool]) -> None:
        self.mine = mine

    def __call__(self, function: Any) -> bool:
        return any(self.mine(v) for v in closure(function))


class _Command:
    def __init__(self, mine: Callable[[Any], bool]) -> None:
        self.mine = mine

    def __call__(self, command: Any) -> bool:
        return self.mine(command) or self.mine(getattr(command, "callback", None))


def _withdraw_hook(work: Work, definition: Definition) -> None:
    """`app.before_request(f)`, `app.register_error_handler(404, f)` run again, or are gone."""
    call = definition.call()
    if call is None or not call.arguments or not _is_scaffold(call.owner):
        return
    what, given, places = call.chain[-1], call.arguments[-1], Places(work)
    for entries in getattr(call.owner, CALLS.get(what, ""), {}).values():
        places.take(entries, lambda hook: hook is given or definition.made(hook))
    for handlers in [h for codes in call.owner.error_handler_spec.values() for h in codes.values()]:
        if what == "register_error_handler":
            places.drop(handlers, lambda handler: handler is given or definition.made(handler))


def _drop_commands(work: Work, app: Any, blueprint: Any) -> None:
    """The commands that an application has of a blueprint, as a group or one by one."""
    mine = [blueprint.cli, *blueprint.cli.commands.values()]
    Places(work).drop(app.cli.commands, lambda command: any(command is m for m in mine))


def _forget_blueprint(work: Work, app: Any, name: str, blueprint: Any, others: list[str]) -> None:
    """Take out what a registration gave; what a blueprint gives the application itself stays while another stands."""
    own = {n for n in app.view_functions if n.startswith(f"{name}.")}
    for endpoint in own:
        work.journal.del_item(app.view_functions, endpoint)
    drop_rules(work, app.url_map, lambda rule: rule.endpoint in own)
    for hooks in (*(getattr(app, h) for h in HOOKS), app.error_handler_spec):
        for key in [k for k in hooks if k is not None and (k == name or k.startswith(f"{name}."))]:
            work.journal.del_item(hooks, key)
    for key in [k for k in app.blueprints if k == name or k.startswith(f"{name}.")]:
        work.journal.del_item(app.blueprints, key)
    _drop_commands(work, app, blueprint)
    if others:
        return
    given = [v for function in blueprint.deferred_functions for v in closure(function)]
    places = Places(work)
    for hook in HOOKS:
        places.take(getattr(app, hook).get(None, []), _OneOf(given))


class _OneOf:
    def __init__(self, values: list[Any]) -> None:
        self.ids = {id(v) for v in values}

    def __call__(self, value: Any) -> bool:
        return id(value) in self.ids


def hand_over(work: Work, before: Any, after: Any) -> set[str]:
    """Both are the new application from now on; rules that others added to the one before are added again: their endpoints."""
    carried: set[str] = set()
    texts = work.old_texts()
    for rule in before.url_map.iter_rules():
        view = before.view_functions.get(rule.endpoint)
        ours = rule.endpoint.rpartition(".")[0] in ("", *before.blueprints) and "." in rule.endpoint
        name = getattr(view, "__qualname__", "<locals>")
        if view is None or ours or "<locals>" in name or rule.endpoint in after.view_functions:
            continue
        if not any(name in text or rule.rule in text for text in texts):
            after.add_url_rule(rule.rule, rule.endpoint, view, methods=rule.methods)
            carried.add(rule.endpoint)
    provider = after.__dict__.get("json")
    if hasattr(provider, "_app"):
        provider._app = weakref.proxy(before)  # it knew the application that was made on the way, weakly
    state = before.__dict__
    for name in (CHECK, "_got_first_request"):
        if name in state:
            after.__dict__[name] = state[name]
    work.journal.record(setattr, before, "__dict__", state)
    before.__dict__ = after.__dict__
    return carried


ADAPTER = FlaskRoutes()
