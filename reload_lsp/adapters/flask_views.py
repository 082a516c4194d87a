"""Flask: what class-based views and their rules took off their class when they were made: methods, decorators."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

ALWAYS = frozenset(("HEAD", "OPTIONS"))
VERBS = frozenset(("get", "post", "head", "options", "delete", "put", "trace", "patch"))


class FlaskViews:
    """Edited `View`s and `MethodView`s."""

    library = "flask.views"
    tested = "flask 3.1"

    def __init__(self) -> None:
        self._views: list[Any] = []
        self._decorators: dict[Any, list[Any]] = {}

    def begin(self, work: Work) -> None:
        """What views were made of, as it is before any statement runs."""
        views: Any = sys.modules["flask.views"]
        spaces = [m.ns for m in work.edited]
        classes: list[Any] = [
            c for ns in spaces for c in ns.values() if isinstance(c, type) and issubclass(c, views.View)
        ]
        self._views = [v for v in classes if issubclass(v, views.MethodView) and set(v.methods or ()) == _verbs(v)]
        self._decorators = {v: list(v.decorators) for v in classes}

    def settle(self, work: Work) -> None:
        decorated = [v for v, before in self._decorators.items() if list(v.decorators) != before]
        apps = work.instances(sys.modules["flask"].Flask) if self._views or decorated else []
        for view in self._views:
            _methods(work, apps, view)
        for view in decorated:
            _decorate(work, apps, view)
        self._views, self._decorators = [], {}


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
    made = [
        (app, endpoint, view, set(view.methods or ()))  # several applications may have one view
        for app in apps
        for endpoint, view in app.view_functions.items()
        if getattr(view, "view_class", None) is cls and set(view.methods or ()) != after
    ]
    for app, endpoint, view, before in made:
        work.journal.set_attr(view, "methods", after)
        for rule in app.url_map._rules_by_endpoint.get(endpoint, ()):
            if rule.methods is not None and rule.methods - ALWAYS == before - ALWAYS:
                work.journal.set_attr(rule, "methods", after | {"OPTIONS"} | ({"HEAD"} if "GET" in after else set()))


def _decorate(work: Work, apps: list[Any], cls: Any) -> None:
    """Views that `as_view` made with other decorators are made again, of the same arguments."""
    for app in apps:
        for endpoint, view in list(app.view_functions.items()):
            if getattr(view, "view_class", None) is not cls:
                continue
            given = _cells(view)
            if "class_args" in given:
                again = cls.as_view(view.__name__, *given["class_args"], **given["class_kwargs"])
                work.journal.set_item(app.view_functions, endpoint, again)
            else:
                what = f"The view {endpoint} was made with the decorators of {cls.__qualname__} from before this edit"
                work.say("RLD704", f"{what}, and keeps them. Restart the server.", cls)


def _cells(view: Any) -> dict[str, Any]:
    """What the function that `as_view` made inside of decorators closes over."""
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    cells = getattr(view, "__closure__", None) or ()
    return {n: c.cell_contents for n, c in zip(view.__code__.co_freevars, cells, strict=True)} if cells else {}


ADAPTER = FlaskViews()
