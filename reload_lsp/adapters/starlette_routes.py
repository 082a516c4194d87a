"""Starlette and FastAPI: routes are objects made of the endpoint and its signature; they stand in lists of routers.

A route's statement that runs again puts its route where the earlier one stood. What a route derived from the functions it
depends on is derived again by running its statement. An application made again hands its state to the one that is served.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from .factories import made_again, no_longer_set
from .starlette_calls import Back, included, is_registered, remember_included, restacked, touched, withdraw_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work

KEPT = frozenset(("state", "dependency_overrides"))
KINDS = 0x20 | 0x80 | 0x100 | 0x200  # generators, coroutines, and both


class StarletteRoutes:
    """Routes, middleware stacks and schemas."""

    library = "starlette"
    tested = "starlette 1.10, fastapi 0.165"

    def __init__(self) -> None:
        self._carried: list[tuple[Any, list[Any], list[Any], dict[Any, Any]]] = []

    def derives(self, work: Work, value: Any, function: FunctionType) -> bool:
        return any(_unwrapped(r.endpoint) is function for r in self._routes(work) if _is_api(r))

    def repeats(self, work: Work, definition: Definition) -> bool:
        """Routes of functions, and calls whose earlier registration can be told and taken out."""
        if definition.statement.kind == "function":
            return any(definition.made(getattr(r, "endpoint", None)) for r in self._routes(work))
        return definition.statement.kind == "effect" and is_registered(work, definition)

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = create_app()`: made again, unless that fails; the application that is served becomes it."""
        after = made_again(definition, sys.modules["starlette.applications"].Starlette)
        return after is not None and self.merge(work, definition.bound(), after)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            return withdraw_call(work, definition)
        _forget_analysis()
        places: list[tuple[Any, int]] = []
        given: list[list[Any]] = []
        makes = _makes_routes(definition)
        for router in self._routers(work):
            mine = [r for r in router.routes if definition.made(getattr(r, "endpoint", None))]
            if mine:
                places.append((router, router.routes.index(mine[0])))
                given.append([] if makes else mine)
                work.journal.replace_content(router.routes, [r for r in router.routes if r not in mine])
                touched(work, router)
        self._withdraw_handlers(work, definition)
        return Back(work, places, given) if places and not definition.removed else None

    def _withdraw_handlers(self, work: Work, definition: Definition) -> None:
        for app in self._apps(work):
            for key, handler in list(app.exception_handlers.items()):
                if definition.made(handler):
                    work.journal.replace_content(app.exception_handlers, _without(app, key))
                    restacked(work, app)
        self._withdraw_from_stacks(work, definition)
        for app in self._apps(work):
            gone = [m for m in app.user_middleware if any(definition.made(v) for v in m.kwargs.values())]
            if gone:
                work.journal.replace_content(app.user_middleware, [m for m in app.user_middleware if m not in gone])
                restacked(work, app)

    def _withdraw_from_stacks(self, work: Work, definition: Definition) -> None:
        """A stack that is no longer used is held all the same: by the task that runs the lifespan."""
        module: Any = sys.modules.get("starlette.middleware.exceptions")
        for stack in work.instances(module.ExceptionMiddleware) if module is not None else ():
            mine = [k for k, h in stack._exception_handlers.items() if definition.made(h)]
            for key in mine:
                work.journal.del_item(stack._exception_handlers, key)

    def begin(self, work: Work) -> None:
        """A middleware can be added only to an application without a stack; the next request builds it then."""
        self._carried = []
        remember_included(work)
        if any("middleware" in text or "exception_handler" in text for text in work.texts()):
            for app in self._apps(work):
                restacked(work, app)

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
        _keep_state(work, before, after)
        kept = {n: v for n, v in before.__dict__.items() if n in KEPT}
        work.journal.replace_content(before.__dict__, {**after.__dict__, **kept})
        return True

    def settle(self, work: Work) -> None:
        for app, routes, middleware, handlers in self._carried:
            _carry_over(work, app, routes, middleware, handlers)
        self._carried = []
        functions = {id(f) for f in (*work.functions, *of_another_kind(work))}
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
                touched(work, app.router)

    def finish(self, work: Work) -> None:
        remember_included(None)

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
                    touched(work, router)

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


def of_another_kind(work: Work) -> Iterator[FunctionType]:
    """The functions that have become generators or coroutines, or are none any more."""
    for function in work.swapped():
        if (work.code_before(function).co_flags ^ function.__code__.co_flags) & KINDS:
            yield function


def _without(app: Any, key: Any) -> dict[Any, Any]:
    """The exception handlers of an application without one, in whose place FastAPI's own stands where there is one."""
    fastapi: Any = sys.modules.get("fastapi")
    handlers: Any = (
        sys.modules.get("fastapi.exception_handlers") if fastapi and isinstance(app, fastapi.FastAPI) else None
    )
    name = {"HTTPException": "http", "RequestValidationError": "request_validation"}.get(
        getattr(key, "__name__", ""), ""
    )
    default = getattr(handlers, f"{name}_exception_handler", None)
    own = [(k, default if k is key else h) for k, h in app.exception_handlers.items()]
    return {k: h for k, h in own if h is not None}


def _keep_state(work: Work, before: Any, after: Any) -> None:
    """Both have the state of the one that is served, with what making the other has set."""
    if hasattr(before, "state") and hasattr(after, "state"):
        state, gone = before.state._state, no_longer_set(work, before.state._state)
        made = {**state, **after.state._state}
        work.journal.replace_content(state, {n: v for n, v in made.items() if n not in gone or n in after.state._state})
        after.state = before.state  # handlers that were made in a factory ask the application that it made


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


def _makes_routes(definition: Definition) -> bool:
    """Whether a decorator of the function is a method of a router or an application."""
    app: Any = sys.modules["starlette.applications"].Starlette
    router: Any = sys.modules["starlette.routing"].Router
    return any(isinstance(call.owner, (app, router)) for call in definition.decorators())


def _unwrapped(value: Any) -> Any:
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value


def _calls(dependant: Any) -> Iterator[Any]:
    """The functions and classes that a route depends on, itself first."""
    yield _unwrapped(dependant.call)
    yield type(dependant.call)
    for inner in dependant.dependencies:
        yield from _calls(inner)


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
    restacked(work, app)


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
    return (id(inner) if included(route) is not None else type(inner).__name__), getattr(route, "path", "")


ADAPTER = StarletteRoutes()
