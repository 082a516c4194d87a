"""Starlette and FastAPI: what calls at the top level of modules gave to an application or a router.

A call that runs again, or is gone, first loses what it gave: an included router, a mounted application, a route, a middleware.
"""

from __future__ import annotations

import sys

from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.work import Work

ADDS = frozenset(("mount", "host", "add_route", "add_websocket_route", "add_api_route", "add_api_websocket_route"))


def is_registered(work: Work, definition: Definition) -> bool:
    """Whether what the call gave when it ran before can be told."""
    call = definition.call()
    if call is None:
        return False
    if call.chain[-1] == "add_middleware":
        return len(_middleware(call)) == 1
    return len(_given(work, call)) == 1


def withdraw_call(work: Work, definition: Definition) -> Callable[[], None] | None:
    """Take out what the call gave; what it gives when it has run again takes the same place."""
    call = definition.call()
    if call is None:
        return None
    if call.chain[-1] == "add_middleware":
        return _withdraw_middleware(work, call, definition.removed)
    given = _given(work, call)
    if len(given) != 1:
        return None
    router, route = given[0]
    place = Back(work, [(router, router.routes.index(route))])
    work.journal.replace_content(router.routes, [r for r in router.routes if r is not route])
    place.remember()
    touched(work, router)
    return None if definition.removed else place


def _given(work: Work, call: Call) -> list[tuple[Any, Any]]:
    """The routes that a call made, each with the router that has it."""
    kind: Any = getattr(sys.modules.get("starlette.routing"), "Router", None)
    routers = [r for r in work.instances(kind) if _serves(call.owner, r)] if kind is not None else []
    if call.chain[-1] == "include_router":
        return _includes(call, [(w, r) for w in routers for r in w.routes])
    if call.chain[-1] not in ADDS:
        return []
    path, target = [*call.arguments, None, None][:2]
    path = call.named.get("path", call.named.get("host", path))
    target = call.named.get("endpoint", call.named.get("app", target))
    every = [(w, r) for w in routers for r in w.routes if target is None or _leads_to(r) is target]
    named = [(w, r) for w, r in every if isinstance(path, str) and path.rstrip("/") == _path(r).rstrip("/")]
    return named or ([] if isinstance(path, str) or target is None else every)


def _includes(call: Call, routes: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    router = call.named.get("router") or [*call.arguments, None][0]
    mine = [(w, r) for w, r in routes if router is not None and included(r) is router]
    prefix = call.named.get("prefix", "")
    whole = f"{getattr(call.owner, 'prefix', '')}{prefix}"
    exact = [(w, r) for w, r in mine if r.include_context.prefix == whole]
    before = [(w, r) for w, r in mine if not _of_this_batch(r)]
    return exact or [(w, r) for w, r in before if not before[1:] or r.include_context.prefix.endswith(prefix)]


_known: set[int] | None = (
    None  # the included routers from before a batch: what its statements add is not of their first runs
)


def remember_included(work: Work | None) -> None:
    """Before a batch: which routers are included; with None, nothing is known any more."""
    global _known
    kind: Any = getattr(sys.modules.get("starlette.routing"), "Router", None)
    routers: list[Any] = work.instances(kind) if work is not None and kind is not None else []
    _known = {id(r) for w in routers for r in w.routes if included(r) is not None} if work is not None else None


def _of_this_batch(route: Any) -> bool:
    return _known is not None and id(route) not in _known


def _withdraw_middleware(work: Work, call: Call, removed: bool) -> Callable[[], None] | None:
    mine = _middleware(call)
    if len(mine) != 1:
        return None
    places = Places(work)
    places.take(call.owner.user_middleware, lambda m: m is mine[0])
    restacked(work, call.owner)
    return None if removed else places


def _middleware(call: Call) -> list[Any]:
    """The entries that `app.add_middleware(cls, ...)` may have made: of several, those with the same arguments."""
    kind = call.named.get("middleware_class") or [*call.arguments, None][0]
    mine = [m for m in getattr(call.owner, "user_middleware", ()) if kind is not None and m.cls is kind]
    if len(mine) > 1:
        mine = [m for m in mine if all(m.kwargs.get(n, v) == v for n, v in call.named.items())]
    return mine


def _leads_to(route: Any) -> Any:
    inner = getattr(route, "endpoint", None)
    return inner if inner is not None else getattr(route, "app", None)


def _path(route: Any) -> str:
    return str(getattr(route, "path", getattr(route, "host", "")))


class Back:
    """Puts the routes that a statement made in its second run where those of its first stood."""

    def __init__(self, work: Work, places: list[tuple[Any, int]], given: list[list[Any]] | None = None) -> None:
        """`given` are the routes that others made of the function, `Route("/", home)`: where it makes none, they stay."""
        self.work = work
        self.at = places
        self.given = given or [[] for _ in places]
        self.remember()

    def remember(self) -> None:
        """What stands in the routers before the second run."""
        self.places = [(router, index, list(router.routes)) for router, index in self.at]

    def __call__(self) -> None:
        for (router, index, before), given in zip(self.places, self.given, strict=True):
            new = [r for r in router.routes if r not in before] or given
            rest = [r for r in router.routes if r in before]
            self.work.journal.replace_content(router.routes, [*rest[:index], *new, *rest[index:]])
            touched(self.work, router)


def included(route: Any) -> Any:
    """The router that an entry of another router stands for."""
    return getattr(route, "original_router", None)


def _serves(owner: Any, router: Any) -> bool:
    """Whether `owner` is the router, or the application in front of it."""
    return owner is router or getattr(owner, "router", None) is router


def touched(work: Work, router: Any) -> None:
    """FastAPI's own word for: look at the routes again; what other routers have made of them is let go of at once."""
    kind: Any = sys.modules["starlette.routing"].Router
    for entry in [r for w in work.instances(kind) for r in w.routes if included(r) is router]:
        if hasattr(entry, "_effective_candidates_version"):
            entry._effective_candidates, entry._effective_candidates_version = [], None
    if hasattr(router, "_routes_version"):
        work.journal.set_attr(router, "_routes_version", router._routes_version + 1)


def restacked(work: Work, app: Any) -> None:
    if app.middleware_stack is not None:
        work.journal.set_attr(app, "middleware_stack", None)
