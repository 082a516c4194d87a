"""Starlette: a route has the pattern of its path, made of the convertors in it, and how its function is to be called."""

from __future__ import annotations

import sys
from types import FunctionType

from .starlette_routes import of_another_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

PARTS = ("path_regex", "path_format", "param_convertors")


class StarlettePaths:
    """Routes whose path uses a convertor of an edited class, or whose function became a coroutine or is none any more."""

    library = "starlette.routing"
    tested = "starlette 1.10"

    def settle(self, work: Work) -> None:
        base: Any = sys.modules["starlette.convertors"].Convertor
        routing: Any = sys.modules[self.library]
        edited = tuple(c for c in work.classes if issubclass(c, base))
        for router in work.instances(routing.Router) if edited else ():
            for route in router.routes:
                known: dict[str, Any] = getattr(route, "param_convertors", {})
                if any(isinstance(c, edited) for c in known.values()):
                    self._compile(work, routing, route)
        others = {id(f) for f in of_another_kind(work)}
        for router in work.instances(routing.Router) if others else ():
            for route in [r for r in router.routes if type(r) is routing.Route]:
                if id(route.endpoint) in others and isinstance(route.app, FunctionType):
                    work.journal.set_attr(route, "app", routing.request_response(route.endpoint))

    def _compile(self, work: Work, routing: Any, route: Any) -> None:
        """The path as the route has given it to `compile_path` itself."""
        path = f"{route.path}/{{path:path}}" if isinstance(route, routing.Mount) else getattr(route, "path", None)
        if isinstance(path, str):
            for name, value in zip(PARTS, routing.compile_path(path), strict=True):
                work.journal.set_attr(route, name, value)


ADAPTER = StarlettePaths()
