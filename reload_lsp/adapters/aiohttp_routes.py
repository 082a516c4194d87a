"""aiohttp: routes are copied from tables and calls into a router that takes no more once the application has started."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from weakref import WeakKeyDictionary

from ..source.statement import parse
from .aiohttp_subapps import Subapps
from .factories import made_again, no_longer_set
from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work

MADE = ("_router", "_middlewares", "_handler_args", "_client_max_size", "_subapps")


class AiohttpRoutes:
    """Applications that live, and the route tables that they were given."""

    library = "aiohttp.web_app"
    tested = "3.14"

    def __init__(self) -> None:
        self._open: list[Any] = []
        self._given: list[tuple[Any, Any]] = []
        self._remade: list[Any] = []
        self._subapps: Subapps | None = None
        self._prefixes: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def begin(self, work: Work) -> None:
        """While a batch runs, routers take routes."""
        apps = self._apps(work)
        self._open = [a._router for a in apps if a._router._frozen]
        for router in self._open:
            work.journal.set_attr(router, "_frozen", False)
        self._subapps = Subapps(work, apps, self._prefixes)
        tables = work.instances(sys.modules["aiohttp.web_routedef"].RouteTableDef) if apps else []
        self._given = [(t, a) for t in tables for a in apps if any(self._has(a._router, d) for d in t)]
        self._remade = []

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """An application made with other arguments becomes the one that is served."""
        if not isinstance(before, sys.modules[self.library].Application) or type(before) is not type(after):
            return False
        for name in MADE:
            work.journal.set_attr(before, name, after.__dict__[name])
        gone = no_longer_set(work, before._state)
        kept = {n: v for n, v in before._state.items() if n not in gone}
        work.journal.replace_content(before._state, {**kept, **after._state})
        if before._pre_frozen:
            self._remade.append(before)
        return True

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = make_app()`: made again, unless that fails."""
        after = made_again(definition, sys.modules[self.library].Application)
        return after is not None and self.merge(work, definition.bound(), after)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            self._withdraw_call(work, definition)
            return None
        for app in self._apps(work):
            _drop(work, app._router, lambda route: definition.made(route.handler))
        places = Places(work)
        for table in {id(t): t for t, _ in self._given}.values():
            places.take(table._items, lambda item: definition.made(getattr(item, "handler", None)))
        return places if places and not definition.removed else None

    def repeats(self, work: Work, definition: Definition) -> bool:
        """Routes that a call gave are taken out before it runs again."""
        return self._called(definition) is not None

    def _withdraw_call(self, work: Work, definition: Definition) -> None:
        """`app.add_routes([...])`, `app.router.add_get(...)`: the routes to the handlers and paths that it names."""
        app = self._called(definition)
        call = definition.call()
        if app is None or call is None:
            return
        if call.chain[-1] == "add_subapp":
            if self._subapps is not None and definition.removed and len(call.arguments) == 2:
                self._subapps.unmount(app, call.arguments[1])
            return
        items = {id(item.handler) for v in call.given for item in getattr(v, "_items", ()) if hasattr(item, "handler")}
        names, paths = _named(parse(definition.before))
        handlers = {id(definition.module.ns[n]) for n in names if n in definition.module.ns}
        _drop(
            work,
            app._router,
            lambda r: id(r.handler) in items or (id(r.handler) in handlers and self._path(r) in paths),
        )

    def _called(self, definition: Definition) -> Any:
        """The application to which a call at the top level gave routes."""
        call = definition.call() if definition.statement.kind == "effect" else None
        app = definition.module.ns.get(call.chain[0]) if call is not None and call.chain[-1][:4] == "add_" else None
        return app if isinstance(app, sys.modules[self.library].Application) else None

    def settle(self, work: Work) -> None:
        """What tables have that their applications lack."""
        for table, app in self._given:
            for item in [d for d in table if not self._has(app._router, d)]:
                work.journal.record(_restore, app._router, _content(app._router))
                item.register(app._router)
        if self._subapps is not None:
            self._subapps.settle()

    def finish(self, work: Work) -> None:
        for router in self._open:
            work.journal.set_attr(router, "_frozen", True)
        for app in self._remade:
            _start(work, app)
        if self._subapps is not None:
            self._subapps.close()
        self._open, self._given, self._remade, self._subapps = [], [], [], None

    def _apps(self, work: Work) -> list[Any]:
        return work.instances(sys.modules[self.library].Application)

    def _has(self, router: Any, item: Any) -> bool:
        """Whether a router has the route that an item of a table stands for; static files are not looked at."""
        handler = getattr(item, "handler", None)
        return handler is None or any(
            r.handler is handler and r.method == item.method and self._path(r) == item.path for r in _routes(router)
        )

    def _path(self, route: Any) -> str:
        return self._subapps.path_of(route.resource) if self._subapps is not None else str(route.resource.canonical)


def _routes(router: Any) -> list[Any]:
    """The routes of a router itself; those of applications inside of its own are theirs."""
    return [r for resource in router._resources if hasattr(resource, "_any_route") for r in resource]


def _drop(work: Work, router: Any, gone: Callable[[Any], bool]) -> None:
    """A router never gives a route back."""
    routes = [r for r in _routes(router) if gone(r)]
    if routes:
        work.journal.record(_restore, router, _content(router))
    for route in routes:
        resource = route.resource
        work.journal.set_attr(route, "_handler", _gone)  # the last request of an open connection holds its route
        resource._routes.pop(route.method, None)
        resource._allowed_methods.discard(route.method)
        if resource._any_route is route:
            resource._any_route = None
        if not resource._routes:
            router.unindex_resource(resource)
            router._resources.remove(resource)
            router._named_resources.pop(resource.name, None)


async def _gone(request: Any) -> Any:
    """In the place of the handler of a route that is in no router any more."""
    raise sys.modules["aiohttp.web"].HTTPNotFound


def _content(router: Any) -> tuple[Any, ...]:
    resources = list(router._resources)
    routes = [
        (r, dict(r._routes), set(r._allowed_methods), r._any_route) for r in resources if hasattr(r, "_any_route")
    ]
    index = {k: list(v) for k, v in router._resource_index.items()}
    return resources, dict(router._named_resources), index, routes


def _restore(router: Any, content: tuple[Any, ...]) -> None:
    router._resources, router._named_resources, router._resource_index = content[:3]
    for resource, routes, methods, any_route in content[3]:
        resource._routes, resource._allowed_methods, resource._any_route = routes, methods, any_route


def _start(work: Work, app: Any) -> None:
    """What starting an application does to its router and middleware; it answers requests already."""
    app._router.freeze()
    app._middlewares.freeze()
    work.journal.set_attr(app, "_middlewares_handlers", tuple(app._prepare_middleware()))
    work.journal.set_attr(
        app, "_run_middlewares", bool(app._middlewares) or any(a._run_middlewares for a in app._subapps)
    )
    sys.modules["aiohttp.web_app"]._cached_build_middleware.cache_clear()


def _named(statement: ast.AST) -> tuple[set[str], set[str]]:
    """The names and the texts in a statement."""
    nodes = list(ast.walk(statement))
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {n.id for n in nodes if isinstance(n, ast.Name)}, texts


ADAPTER = AiohttpRoutes()
