"""Jinja2: an environment without `auto_reload` keeps compiled templates for ever."""

from __future__ import annotations

import gc
import sys
import time
import weakref
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


class JinjaTemplates:
    """Templates that were loaded from files."""

    library = "jinja2.environment"
    tested = "3.1"

    def files(self) -> Iterator[tuple[str, bytes | None]]:
        for environment in _environments():
            for template in list(getattr(environment.cache, "values", list)() if environment.cache else ()):
                if template.filename and not environment.auto_reload:
                    yield template.filename, _text(template)

    def refresh(self, work: Work, path: str) -> None:
        for environment in _environments():
            if environment.cache:
                environment.cache.clear()


FRESH_SECONDS = 5.0  # editors ask often which files are loaded; the heap is not looked through each time
_seen: tuple[float, list[weakref.ref[Any]]] = (-FRESH_SECONDS, [])


def _environments() -> Iterator[Any]:
    global _seen
    kind: Any = sys.modules["jinja2.environment"].Environment
    if time.monotonic() - _seen[0] >= FRESH_SECONDS:
        _seen = (time.monotonic(), [weakref.ref(o) for o in gc.get_objects() if issubclass(type(o), kind)])
    for reference in _seen[1]:
        environment = reference()
        if environment is not None:
            yield environment


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
