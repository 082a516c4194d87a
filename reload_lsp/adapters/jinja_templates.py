"""Jinja2: a compiled template has in it what filters gave for constants, and what extensions and options made of its text.

An environment keeps compiled templates, without `auto_reload` for ever; programs keep some, too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .living import living

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

_TABLES = ("filters", "tests", "extensions", "policies")
_ELSEWHERE = frozenset(("cache", "globals", "loader", "shared", "overlayed", "linked_to", "auto_reload"))
"""What templates ask for each time that they are drawn or loaded."""


class JinjaTemplates:
    """Environments, the templates that they keep, and those that somebody else holds."""

    library = "jinja2.environment"
    tested = "3.1"

    def __init__(self) -> None:
        self._before: dict[int, dict[str, Any]] = {}

    def files(self) -> Iterator[tuple[str, bytes | None]]:
        for environment in _environments():
            for template in _cached(environment):
                if template.filename and not environment.auto_reload:
                    yield template.filename, _text(template)

    def refresh(self, work: Work, path: str) -> None:
        _compile_again(work, [e for e in _environments() if e.cache])

    def begin(self, work: Work) -> None:
        self._before = {id(e): _shape(e) for e in _environments()}

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """An environment made with other arguments, or a template loaded from it, is the one that others hold."""
        jinja: Any = sys.modules[self.library]
        if type(before) is not type(after) or not isinstance(before, (jinja.Environment, jinja.Template)):
            return False
        state: dict[str, Any] = {**after.__dict__}
        if isinstance(before, jinja.Environment):
            state["extensions"] = {name: e.bind(before) for name, e in after.extensions.items()}
        work.journal.replace_content(vars(before), state)
        if isinstance(before, jinja.Template):
            _stands_for(before, after)
        return True

    def settle(self, work: Work) -> None:
        before, self._before = self._before, {}
        stale = [
            e for e in _environments()
            if (work.anything() and _calls_the_programs(e)) or not _is(before.get(id(e)), _shape(e)) or _is_outdated(e)
        ]  # fmt: skip
        _compile_again(work, stale)


def _environments() -> Iterator[Any]:
    return living(sys.modules["jinja2.environment"].Environment)


def _cached(environment: Any) -> list[Any]:
    return list(getattr(environment.cache, "values", list)() if environment.cache else ())


def _shape(environment: Any) -> dict[str, Any]:
    """What templates are compiled with."""
    state: dict[str, Any] = dict(environment.__dict__)
    tables: list[tuple[str, dict[Any, Any]]] = [(name, state.pop(name, {})) for name in _TABLES]
    shape = {name: value for name, value in state.items() if name not in _ELSEWHERE}
    return shape | {f"{name} {key}": value for name, table in tables for key, value in table.items()}


def _is(before: dict[str, Any] | None, after: dict[str, Any]) -> bool:
    """Whether an environment has all that it had; one that was not looked at has compiled nothing that could differ."""
    return before is None or (before.keys() == after.keys() and all(before[n] is after[n] for n in after))


def _calls_the_programs(environment: Any) -> bool:
    """Whether code of the program's may have run while templates were loaded and compiled."""
    jinja: Any = sys.modules["jinja2"]
    plain = type(environment.loader).__module__ == "jinja2.loaders" and not hasattr(environment.loader, "load_func")
    given = (environment.filters.items() - jinja.defaults.DEFAULT_FILTERS.items()) or (
        environment.tests.items() - jinja.defaults.DEFAULT_TESTS.items()
    )
    return bool(given or environment.extensions) or not plain


def _is_outdated(environment: Any) -> bool:
    """Whether a text that is no file, as in a dictionary, is another one: without `auto_reload` nobody looks."""
    return not environment.auto_reload and any(not t.filename and not t.is_up_to_date for t in _cached(environment))


def _compile_again(work: Work, environments: list[Any]) -> None:
    """Templates that are kept are compiled with the next use; those that somebody holds at once, in their place."""
    for environment in environments:
        if environment.cache:
            environment.cache.clear()
    held = work.instances(sys.modules["jinja2.environment"].Template) if environments else []
    for template in held:
        if sys.getrefcount(template) > _UNHELD and any(template.environment is e for e in environments):
            _again(work, template)


_UNHELD = 4 if sys.version_info < (3, 14) else 3
"""A template's own namespace, the list, the variable, the question: since 3.14 calls borrow the references of variables."""


def _again(work: Work, template: Any) -> None:
    if template.name is not None and template.environment.loader is not None:
        made = template.environment.get_template(template.name)
        if made is not template:
            work.journal.replace_content(vars(template), {**vars(made), "globals": template.globals})
            _stands_for(template, made)
        return
    maker = work.maker_of(template)
    if maker is not None:
        work.rerun_name(maker.module, maker.name, "it was compiled as the environment was")


def _stands_for(template: Any, made: Any) -> None:
    """A template that is held is the one that its environment keeps."""
    made.root_render_func.__globals__["__jinja_template__"] = template
    cache = template.environment.cache
    for key in [k for k, kept in cache.items() if kept is made] if cache else ():
        cache[key] = template


def _text(template: Any) -> bytes | None:
    """What was loaded, where it is still what is on disk."""
    if not template.is_up_to_date:
        return None
    try:
        with open(template.filename, "rb") as file:
            return file.read()
    except OSError:
        return None


ADAPTER = JinjaTemplates()
