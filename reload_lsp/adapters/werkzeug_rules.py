"""Werkzeug: rules hold the patterns of their URL converters and options of their map, which never gives a rule back."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType
    from typing import Any

    from ..live.work import Work


OPTIONS = ("strict_slashes", "merge_slashes", "default_subdomain")
"""What a rule takes from its map when it is added, and cannot be told then from what it was given itself."""


class WerkzeugRules:
    """Rules that use an edited converter, or stand in a map with other options."""

    library = "werkzeug.routing"
    tested = "werkzeug 3.1"

    def __init__(self) -> None:
        self._options: list[tuple[Any, dict[str, Any]]] = []

    def begin(self, work: Work) -> None:
        if any(name in text for text in work.texts() for name in OPTIONS):
            maps = work.instances(sys.modules[self.library].Map)
            self._options = [(m, {name: getattr(m, name) for name in OPTIONS}) for m in maps]

    def settle(self, work: Work) -> None:
        routing: Any = sys.modules[self.library]
        options, self._options = self._options, []
        for url_map, before in options:
            _say_options(work, url_map, before)
        made = {*work.classes, *(owner for f in work.swapped() if (owner := _owner(f)) is not None)}
        converters = [c for c in made if issubclass(c, routing.BaseConverter)]
        for url_map in work.instances(routing.Map) if converters else ():
            _compile(work, url_map, converters)


def _owner(function: FunctionType) -> type | None:
    """The class whose method makes its objects."""
    name, _, method = function.__qualname__.rpartition(".")
    owner = function.__globals__.get(name) if method in ("__init__", "__new__") else None
    return owner if isinstance(owner, type) else None


def _say_options(work: Work, url_map: Any, before: dict[str, Any]) -> None:
    for name, value in before.items():
        rules = [r for r in url_map.iter_rules() if getattr(r, name.removeprefix("default_")) == value]
        if getattr(url_map, name) != value and rules:
            work.say(
                "RLD704",
                f"{len(rules)} URL rules were added while {name} was {value!r}, and keep that. Restart the server.",
                count=len(rules),
            )


def _compile(work: Work, url_map: Any, converters: list[Any]) -> None:
    """The pattern is part of a rule's own."""
    names = [
        n for n, c in url_map.converters.items() if any(issubclass(c, e) for e in converters if isinstance(c, type))
    ]
    rules = [r for r in url_map.iter_rules() if any(f"<{n}:" in r.rule or f"<{n}(" in r.rule for n in names)]
    for rule in rules:
        work.journal.record(rule.__dict__.update, dict(rule.__dict__))
        rule.bind(url_map, rebind=True)
    if rules:
        _match_again(work, url_map)


def drop_rules(work: Work, url_map: Any, gone: Callable[[Any], bool]) -> bool:
    """Take rules out of a map; whether there were any."""
    table = url_map._rules_by_endpoint
    kept = {e: [r for r in rules if not gone(r)] for e, rules in table.items()}
    if all(len(kept[e]) == len(rules) for e, rules in table.items()):
        return False
    work.journal.replace_content(table, {e: rules for e, rules in kept.items() if rules})
    _match_again(work, url_map)
    return True


def _match_again(work: Work, url_map: Any) -> None:
    """The matcher is filled with the rules that there are now."""
    matcher = type(url_map._matcher)(url_map.merge_slashes)
    for rules in url_map._rules_by_endpoint.values():
        for rule in rules:
            if not rule.build_only:
                matcher.add(rule)
    work.journal.set_attr(url_map, "_matcher", matcher)
    url_map._remap = True


ADAPTER = WerkzeugRules()
