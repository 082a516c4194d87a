"""Werkzeug: rules hold the patterns of their URL converters, and a map never gives a rule back."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..live.work import Work


class WerkzeugRules:
    """Rules that use an edited converter."""

    library = "werkzeug.routing"
    tested = "werkzeug 3.1"

    def settle(self, work: Work) -> None:
        routing: Any = sys.modules[self.library]
        converters = [c for c in work.classes if issubclass(c, routing.BaseConverter)]
        for url_map in work.instances(routing.Map) if converters else ():
            _compile(work, url_map, converters)


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
