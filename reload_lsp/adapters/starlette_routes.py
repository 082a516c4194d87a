"""Starlette and FastAPI: routes are objects made of the endpoint and its signature; they stand in lists of routers.

A route's statement that runs again puts its route where the earlier one stood. What a route derived from the functions it
depends on is derived again by running its statement. An application made again hands its state to the one that is served.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work

KEPT = frozenset(("state", "dependency_overrides"))


class StarletteRoutes:
    """Routes, middleware stacks and schemas."""

    library = "starlette"
    tested = "starlette 1.10, fastapi 0.165"

    def __init__(self) -> None:
        self._carried: list[tuple[Any, list[Any], list[Any], dict[Any, Any]]] = []

    def derives(self, work: Work, value: Any, function: FunctionType) -> bool:
        return any(_unwrapped(r.endpoint) is function for r in self._routes(work) if _is_api(r))

    def repeats(self, work: Work, definition: Definition) -> bool:
        """Routes of functions, and routers that were included once: their earlier registration can be told and taken out."""
        if definition.statement.kind == "function":
            return any(definition.made(getattr(r, "endpoint", None)) for r in self._routes(work))
        call = definition.call() if definition.statement.kind == "effect" else None
        if call is None or call.chain[-1] != "include_router" or not call.arguments or call.arguments[0] is None:
            return False
        included = [(w, r) for w in self._routers(work) for r in w.routes if _included(r) is not None]
        return any(_serves(call.owner, w) and _included(r) is call.arguments[0] for w, r in included)

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = create_app()`: made again, unless that fails; the application that is served becomes it."""
        before = definition.bound()
        if not isinstance(before, sys.modules["starlette.applications"].Starlette):
            return False
        try:
            after = definition.evaluate()
        except Exception:  # noqa: BLE001, RUF100 - a factory that runs only once in a process: the statement is held
            return False
        return after is not before and self.merge(work, before, after)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            return self._withdraw_included(work, definition)
        _forget_analysis()
        places: list[tuple[Any, int]] = []
        for router in self._routers(work):
            mine = [r for r in router.routes if definition.made(getattr(r, "endpoint", None))]
            if mine:
                places.append((router, router.routes.index(mine[0])))
                work.journal.replace_content(router.routes, [r for r in router.routes if r not in mine])
                _touched(work, router)
        self._withdraw_handlers(work, definition)
        return _Back(work, places) if places and not definition.removed else None

    def _withdraw_included(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        """`app.include_router(router, prefix=...)` runs again: what it included goes."""
        call = definition.call()
        if call is None or call.chain[-1] != "include_router" or not call.arguments or call.arguments[0] is None:
            return None
        prefix = call.constants.get("prefix", "")
        included: Any = call.arguments[0]
        router: Any
        for router in self._routers(work):
            mine = [r for r in router.routes if _included(r) is included]
            mine = [r for r in mine if r.include_context.prefix.endswith(prefix)] if len(mine) > 1 else mine
            if len(mine) == 1 and _serves(call.owner, router):
                place = _Back(work, [(router, router.routes.index(mine[0]))])
                work.journal.replace_content(router.routes, [r for r in router.routes if r is not mine[0]])
                place.remember()
                _touched(work, router)
                return None if definition.removed else place
        return None

    def _withdraw_handlers(self, work: Work, definition: Definition) -> None:
        for app in self._apps(work):
            for key, handler in list(app.exception_handlers.items()):
                if definition.made(handler):
                    work.journal.del_item(app.exception_handlers, key)
                    _restacked(work, app)
            gone = [m for m in app.user_middleware if any(definition.made(v) for v in m.kwargs.values())]
            if gone:
                work.journal.replace_content(app.user_middleware, [m for m in app.user_middleware if m not in gone])
                _restacked(work, app)

    def begin(self, work: Work) -> None:
        """A middleware can be added only to an application without a stack; the next request builds it then."""
        self._carried = []
        if any("middleware" in text or "exception_handler" in text for text in work.texts()):
            for app in self._apps(work):
                _restacked(work, app)

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """An application or router made with other arguments; what others than its module's statements added is carried over."""
        app: Any = sys.modules["starlette.applications"].Starlette
        router: Any = sys.modules["starlette.routing"].Router
        if not isinstance(before, (app, router)) or type(before) is not type(after):
            return False
        if isinstance(before, app):
            self._carried.append(
                (before, list(before.router.routes), list(before.user_middleware), dict(before.exception_handlers))
            )
        kept = {n: v for n, v in before.__dict__.items() if n in KEPT}
        work.journal.replace_content(before.__dict__, {**after.__dict__, **kept})
        return True

    def settle(self, work: Work) -> None:
        for app, routes, middleware, handlers in self._carried:
            _carry_over(work, app, routes, middleware, handlers)
        self._carried = []
        functions = {id(f) for f in work.functions}
        classes = {id(c) for c in work.classes}
        for route in self._routes(work) if functions or classes else ():
            if _is_api(route) and any(id(c) in functions or id(c) in classes for c in _calls(route.dependant)):
                self._again(work, route)
        self._in_order(work)
        if classes or functions:
            _forget_analysis()
            for app in self._apps(work):
                if getattr(app, "openapi_schema", None) is not None:
                    work.journal.set_attr(app, "openapi_schema", None)
                _touched(work, app.router)

    def _in_order(self, work: Work) -> None:
        """Of the routes that the statements of a module made one by one, the one that stands first is asked first."""
        for router in self._routers(work) if any(map(_names_routes, work.texts())) else ():
            for module in work.edited:
                at = [
                    i
                    for i, r in enumerate(router.routes)
                    if work.decorated_line(getattr(r, "endpoint", None), module) >= 0
                ]
                mine = [router.routes[i] for i in at]
                mine.sort(key=lambda route: work.decorated_line(route.endpoint, module))
                content = list(router.routes)
                for index, route in zip(at, mine, strict=True):
                    content[index] = route
                if any(a is not b for a, b in zip(content, router.routes, strict=True)):
                    work.journal.replace_content(router.routes, content)
                    _touched(work, router)

    def _again(self, work: Work, route: Any) -> None:
        if id(_unwrapped(route.endpoint)) in {id(f) for f in work.functions}:
            return  # its own statement has run
        if not work.rerun(route.endpoint, "what it depends on has another signature"):
            work.say(
                "RLD704",
                f"The route {route.path} was made from a signature that this edit changed, and not by a statement of a module: "
                "it asks for the parameters from before. Restart the server.",
            )

    def _apps(self, work: Work) -> list[Any]:
        return work.instances(sys.modules["starlette.applications"].Starlette) if _has("applications") else []

    def _routers(self, work: Work) -> list[Any]:
        return work.instances(sys.modules["starlette.routing"].Router) if _has("routing") else []

    def _routes(self, work: Work) -> Iterator[Any]:
        for router in self._routers(work):
            yield from list(router.routes)


class _Back:
    """Puts the routes that a statement made in its second run where those of its first stood."""

    def __init__(self, work: Work, places: list[tuple[Any, int]]) -> None:
        self.work = work
        self.at = places
        self.remember()

    def remember(self) -> None:
        """What stands in the routers before the second run."""
        self.places = [(router, index, list(router.routes)) for router, index in self.at]

    def __call__(self) -> None:
        for router, index, before in self.places:
            new = [r for r in router.routes if r not in before]
            rest = [r for r in router.routes if r in before]
            self.work.journal.replace_content(router.routes, [*rest[:index], *new, *rest[index:]])
            _touched(self.work, router)


def _included(route: Any) -> Any:
    """The router that an entry of another router stands for."""
    return getattr(route, "original_router", None)


def _serves(owner: Any, router: Any) -> bool:
    """Whether `owner` is the router, or the application in front of it."""
    return owner is router or getattr(owner, "router", None) is router


def _has(name: str) -> bool:
    return f"starlette.{name}" in sys.modules


def _is_api(route: Any) -> bool:
    return hasattr(route, "dependant") and hasattr(route, "endpoint")


def _names_routes(text: str) -> bool:
    return any(
        f".{word}(" in text for word in ("get", "post", "put", "delete", "patch", "api_route", "route", "websocket")
    )


def _forget_analysis() -> None:
    """What FastAPI has found out about functions (whether they are coroutines, say) is kept by their identity."""
    for name in ("models", "utils"):
        module = sys.modules.get(f"fastapi.dependencies.{name}")
        for value in list(vars(module).values()) if module is not None else ():
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()


def _unwrapped(value: Any) -> Any:
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value


def _calls(dependant: Any) -> Iterator[Any]:
    """The functions and classes that a route depends on, itself first."""
    yield _unwrapped(dependant.call)
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _touched(work: Work, router: Any) -> None:
    """FastAPI's own word for: look at the routes again; what other routers have made of them is let go of at once."""
    kind: Any = sys.modules["starlette.routing"].Router
    for entry in [r for w in work.instances(kind) for r in w.routes if _included(r) is router]:
        if hasattr(entry, "_effective_candidates_version"):
            entry._effective_candidates, entry._effective_candidates_version = [], None
    if hasattr(router, "_routes_version"):
        work.journal.set_attr(router, "_routes_version", router._routes_version + 1)


def _carry_over(work: Work, app: Any, routes: list[Any], middleware: list[Any], handlers: dict[Any, Any]) -> None:
    """Give an application that was made again what others than the edited modules gave to the one before."""
    texts = work.old_texts()
    there = {_identity(r) for r in app.router.routes}
    lost = [(i, r) for i, r in enumerate(routes) if _identity(r) not in there and not _mentioned(texts, _stands_for(r))]
    content = list(app.router.routes)
    for index, route in lost:
        content.insert(index, route)
    if lost:
        work.journal.replace_content(app.router.routes, content)
    known = {m.cls for m in app.user_middleware}
    more = [m for m in middleware if m.cls not in known and not _mentioned(texts, m.cls)]
    work.journal.replace_content(app.user_middleware, [*app.user_middleware, *more])
    others = {k: h for k, h in handlers.items() if not _mentioned(texts, h)}
    work.journal.replace_content(app.exception_handlers, others | app.exception_handlers)
    _restacked(work, app)


def _mentioned(texts: list[str], value: Any) -> bool:
    """Whether the edited modules may have given `value`: they name it, or it was made inside of a function."""
    name = getattr(_unwrapped(value), "__qualname__", "")
    return "<locals>" in name or (name != "" and any(name in text for text in texts))


def _stands_for(route: Any) -> Any:
    """The router, function or application that a route stands for."""
    found = (getattr(route, n, None) for n in ("original_router", "endpoint", "app"))
    return next((v for v in found if v is not None), route)


def _identity(route: Any) -> tuple[Any, ...]:
    """What tells a route from others, whatever else it was made with."""
    inner = _stands_for(route)
    function = _unwrapped(inner)
    if hasattr(function, "__code__"):
        return function.__module__, function.__qualname__
    return (id(inner) if _included(route) is not None else type(inner).__name__), getattr(route, "path", "")


def _restacked(work: Work, app: Any) -> None:
    if app.middleware_stack is not None:
        work.journal.set_attr(app, "middleware_stack", None)


ADAPTER = StarletteRoutes()
