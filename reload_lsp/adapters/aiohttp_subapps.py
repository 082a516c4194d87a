"""aiohttp: an application inside of another has its prefix in each of its routes, and is taken before the start alone."""

from __future__ import annotations

import re
import sys
from weakref import WeakKeyDictionary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work


class Subapps:
    """While a batch runs: which routes have a prefix already, and `add_subapp` for applications that have started."""

    def __init__(self, work: Work, apps: list[Any], prefixes: WeakKeyDictionary[Any, str]) -> None:
        self._work = work
        self._apps = [a for a in apps if a._pre_frozen]
        self._prefixes = prefixes  # by what has one, or had one: routes keep it outside of the other application
        self._mounted: dict[int, tuple[Any, Any, str]] = {}  # by the application inside
        for app in self._apps:
            for entry in [r for r in app._router._resources if _is_mount(r)]:
                self._mounted[id(entry._app)] = app, entry, entry._prefix
                self._prefixes.update(dict.fromkeys(entry._app._router._resources, entry._prefix))
            app.__dict__["add_subapp"] = _Adding(self, app)

    def path_of(self, resource: Any) -> str:
        """The path of a resource as its own application knows it."""
        return str(resource.canonical).removeprefix(self._prefixes.get(resource, ""))

    def mount(self, app: Any, prefix: str, inner: Any) -> Any:
        """Give an application that has started another one, or one that it has with another prefix or routes."""
        before = [r for r in app._router._resources if _is_mount(r) and r._app is inner]
        place = app._router._resources.index(before[0]) if before else len(app._router._resources)
        self._work.journal.record(setattr, app._router, "_resources", list(app._router._resources))
        for entry in before:
            app._router._resources.remove(entry)
            app._router.unindex_resource(entry)
        for resource in list(inner._router._resources):
            self._strip(inner._router, resource)
        kind: Any = sys.modules["aiohttp.web_urldispatcher"].PrefixedSubAppResource
        entry = kind(prefix.rstrip("/"), inner)
        self._prefixes.update(dict.fromkeys(inner._router._resources, entry._prefix))
        self._mounted[id(inner)] = app, entry, entry._prefix
        app._router.register_resource(entry)
        app._router._resources.remove(entry)
        app._router._resources.insert(place, entry)
        if inner not in app._subapps:
            app._subapps.append(inner)
        self._start(app, inner)
        return entry

    def unmount(self, app: Any, inner: Any) -> None:
        """`app.add_subapp(...)` is gone: its routes are what they were without."""
        for entry in [r for r in app._router._resources if _is_mount(r) and r._app is inner]:
            self._work.journal.record(setattr, app._router, "_resources", list(app._router._resources))
            app._router._resources.remove(entry)
            app._router.unindex_resource(entry)
            self._work.journal.record(app._router.index_resource, entry)
            for resource in list(inner._router._resources):
                self._strip(inner._router, resource)

    def _start(self, app: Any, inner: Any) -> None:
        if inner._pre_frozen:
            return
        begins = len(inner._on_startup) > 1 or len(inner._cleanup_ctx) > 0  # one is aiohttp's own
        inner.pre_freeze()
        inner._set_loop(app._loop)
        inner.freeze()
        if begins:
            self._work.say(
                "RLD704",
                "An application that this edit puts inside of one that has started answers requests; what it does at its start "
                "was not done. Restart the server.",
            )

    def _strip(self, router: Any, resource: Any) -> None:
        """Take the prefix off a resource, as if it had never been inside of another application."""
        prefix = self._prefixes.pop(resource, "")
        if not prefix:
            return
        self._work.journal.record(resource.__dict__.update, dict(resource.__dict__))
        router.unindex_resource(resource)
        for name in ("_path", "_prefix", "_prefix2", "_formatter"):
            value = getattr(resource, name, None)
            if isinstance(value, str):
                setattr(resource, name, value.removeprefix(prefix))
        if hasattr(resource, "_pattern"):
            resource._pattern = re.compile(resource._pattern.pattern.removeprefix(re.escape(prefix)))
        router.index_resource(resource)

    def settle(self) -> None:
        """Routes that came while an application was inside of another have its prefix."""
        for app, entry, prefix in self._mounted.values():
            if any(r is entry for r in app._router._resources):
                for resource in [r for r in entry._app._router._resources if r not in self._prefixes]:
                    entry._app._router.unindex_resource(resource)
                    resource.add_prefix(prefix)
                    entry._app._router.index_resource(resource)
                    self._prefixes[resource] = prefix

    def close(self) -> None:
        for app in self._apps:
            app.__dict__.pop("add_subapp", None)


class _Adding:
    """In the place of `add_subapp` of an application that has started."""

    def __init__(self, subapps: Subapps, app: Any) -> None:
        self._subapps = subapps
        self._app = app

    def __call__(self, prefix: str, subapp: Any) -> Any:
        return self._subapps.mount(self._app, prefix, subapp)


def _is_mount(resource: Any) -> bool:
    kind: Any = sys.modules["aiohttp.web_urldispatcher"].PrefixedSubAppResource
    return isinstance(resource, kind)
