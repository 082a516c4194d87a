"""Flask: what is read off a class or module once: the methods of class-based views, URL converters' patterns, configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from .living import living

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

ALWAYS = frozenset(("HEAD", "OPTIONS"))
VERBS = frozenset(("get", "post", "head", "options", "delete", "put", "trace", "patch"))


class FlaskViews:
    """Edited `MethodView`s, converters, and the classes and modules that `Config.from_object` copied."""

    library = "flask.views"
    tested = "flask 3.1, werkzeug 3.1"

    def __init__(self) -> None:
        self._views: list[Any] = []
        self._config: list[tuple[Any, str, Any]] = []
        self._files: dict[str, bytes] = {}

    def files(self) -> Iterator[tuple[str, bytes | None]]:
        """Files that `Config.from_envvar` read: they are named in the environment."""
        named = [p for p in os.environ.values() if p.endswith((".cfg", ".conf", ".py", ".toml")) and os.path.isabs(p)]
        read = [p for p in named if os.path.isfile(p)]
        for path in read if read and any(living(sys.modules["flask"].Flask)) else ():
            if path not in self._files:
                with open(path, "rb") as file:
                    self._files[path] = file.read()
            yield path, self._files[path]

    def refresh(self, work: Work, path: str) -> None:
        with open(path, "rb") as file:
            changed = path in self._files and file.read() != self._files[path]
        if changed:
            what = f"{os.path.basename(path)} was read when the application was made"
            work.say_file("RLD702", f"{what}, and what it said then stays. Restart the server.", path)

    def begin(self, work: Work) -> None:
        """What views and configurations were made of, as it is before any statement runs."""
        namespaces = [m.ns for m in work.edited]
        classes = [
            c for ns in namespaces for c in ns.values() if isinstance(c, type) and c.__module__ == ns["__name__"]
        ]
        base: Any = sys.modules["flask.views"].MethodView
        views: list[Any] = [c for c in classes if issubclass(c, base)]
        self._views = [v for v in views if set(v.methods or ()) == _verbs(v)]
        holders: list[Any] = [*namespaces, *classes]
        self._config = [(h, n, v) for h in holders for n, v in list(_names(h).items()) if n.isupper()]

    def settle(self, work: Work) -> None:
        apps = work.instances(sys.modules["flask"].Flask) if self._config or self._views or work.classes else []
        for view in self._views:
            _methods(work, apps, view)
        for holder, name, before in self._config:
            _configured(work, apps, holder, name, before)
        self._views, self._config = [], []
        base: Any = getattr(sys.modules.get("werkzeug.routing"), "BaseConverter", None)
        converters = [c for c in work.classes if base is not None and issubclass(c, base)]
        for app in apps if converters else ():
            _compile(work, app.url_map, converters)


def _names(holder: Any) -> dict[str, Any]:
    return getattr(holder, "__dict__", holder)


def _verbs(cls: Any) -> set[str]:
    """The methods that a view class answers to: those of its bases, and those that it defines."""
    inherited = {m for base in cls.__bases__ for m in getattr(base, "methods", None) or ()}
    return inherited | {v.upper() for v in VERBS if hasattr(cls, v)}


def _methods(work: Work, apps: list[Any], cls: Any) -> None:
    """Views and their rules have the methods of their class from when they were made."""
    after = _verbs(cls)
    if set(cls.methods or ()) != after:
        work.journal.record(setattr, cls, "methods", cls.methods)
        cls.methods = after
    for app in apps:
        for endpoint, view in app.view_functions.items():
            before = set(getattr(view, "methods", None) or ())
            if getattr(view, "view_class", None) is not cls or before == after:
                continue
            work.journal.set_attr(view, "methods", after)
            for rule in app.url_map._rules_by_endpoint.get(endpoint, ()):
                if rule.methods is not None and rule.methods - ALWAYS == before - ALWAYS:
                    work.journal.set_attr(
                        rule, "methods", after | {"OPTIONS"} | ({"HEAD"} if "GET" in after else set())
                    )


def _configured(work: Work, apps: list[Any], holder: Any, name: str, before: Any) -> None:
    missing = object()
    after = _names(holder).get(name, missing)
    for app in apps if after is not before else ():
        if app.config.get(name, missing) is not before:
            continue
        if after is missing:
            work.journal.del_item(app.config, name)
        else:
            work.journal.set_item(app.config, name, after)


def _compile(work: Work, url_map: Any, converters: list[Any]) -> None:
    """Rules that use an edited converter: the pattern is part of their own."""
    names = [
        n for n, c in url_map.converters.items() if any(issubclass(c, e) for e in converters if isinstance(c, type))
    ]
    rules = [r for r in url_map.iter_rules() if any(f"<{n}:" in r.rule or f"<{n}(" in r.rule for n in names)]
    if not rules:
        return
    for rule in rules:
        work.journal.record(rule.__dict__.update, dict(rule.__dict__))
        rule.bind(url_map, rebind=True)
    matcher = type(url_map._matcher)(url_map.merge_slashes)
    for rule in url_map.iter_rules():
        if not rule.build_only:
            matcher.add(rule)
    work.journal.set_attr(url_map, "_matcher", matcher)
    url_map._remap = True


ADAPTER = FlaskViews()
