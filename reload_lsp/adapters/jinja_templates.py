"""Jinja2: an environment without `auto_reload` keeps compiled templates for ever."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .living import living

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


def _environments() -> Iterator[Any]:
    return living(sys.modules["jinja2.environment"].Environment)


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
