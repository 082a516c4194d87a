"""Django: settings are copied when they are first read, templates are compiled once."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from .django_urls import forget_urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.loaded import LoadedModule
    from ..live.work import Work

READ_ONCE = frozenset(
    (
        "INSTALLED_APPS", "DATABASES", "LOGGING", "LOGGING_CONFIG", "CACHES", "AUTH_USER_MODEL",
        "WSGI_APPLICATION", "ASGI_APPLICATION", "TIME_ZONE", "USE_TZ", "DEFAULT_AUTO_FIELD", "STORAGES", "SESSION_ENGINE",
        "STATICFILES_DIRS", "STATICFILES_FINDERS",
    )
)  # fmt: skip


HOOKS = ("process_view", "process_template_response", "process_exception")


class DjangoProjects:
    """Settings and templates."""

    library = "django"
    tested = "5.2, 6.1"

    def __init__(self) -> None:
        self._at_start: dict[str, str] = {}
        self._hooks: dict[str, set[str]] = {}

    def begin(self, work: Work) -> None:
        """What Django has read, before lists of it are edited in their place."""
        self._hooks = _hooks()
        conf: Any = sys.modules.get("django.conf")
        wrapped = conf.settings.__dict__.get("_wrapped") if conf is not None else None
        for name in READ_ONCE & getattr(wrapped, "__dict__", {}).keys():
            self._at_start.setdefault(name, repr(wrapped.__dict__[name]))

    def withdraw(self, work: Work, definition: Definition) -> None:
        """`@register.filter` and `@register.simple_tag` run again, or are gone."""
        library: Any = getattr(sys.modules.get("django.template.library"), "Library", None)
        for known in work.instances(library) if library is not None and definition.statement.kind == "function" else ():
            for table in (known.filters, known.tags):
                for name in [n for n, v in table.items() if definition.made(v)]:
                    work.journal.del_item(table, name)
                    self.refresh(work, "")  # compiled templates hold it

    def settle(self, work: Work) -> None:
        if _hooks() != self._hooks:
            _middleware(work)
        for module in work.edited:
            self._settings(work, module)

    def _settings(self, work: Work, module: LoadedModule) -> None:
        conf: Any = sys.modules.get("django.conf")
        wrapped = conf.settings.__dict__.get("_wrapped") if conf is not None else None
        name = getattr(wrapped, "SETTINGS_MODULE", "")
        if wrapped is None or (name != module.name and not _imports(sys.modules.get(name), module)):
            return
        source = sys.modules[wrapped.SETTINGS_MODULE].__dict__
        for name in sorted({n for n in (*source, *wrapped.__dict__) if n.isupper()}):
            if not work.changed(wrapped.SETTINGS_MODULE, name) and name in source and name in wrapped.__dict__:
                continue
            if name not in source and name not in wrapped._explicit_settings:
                continue
            self._setting(work, conf, wrapped, name, source)

    def _setting(self, work: Work, conf: Any, wrapped: Any, name: str, source: dict[str, Any]) -> None:
        value = source.get(name, getattr(conf.global_settings, name, None))
        work.journal.set_attr(wrapped, name, value)
        explicit: set[str] = wrapped._explicit_settings
        work.journal.replace_content(explicit, explicit | {name} if name in source else explicit - {name})
        work.journal.del_item(conf.settings.__dict__, name)
        work.attribute_changed(conf.settings, name)
        signals: Any = sys.modules.get("django.core.signals")
        if signals is not None:
            signals.setting_changed.send(sender=wrapped.__class__, setting=name, value=value, enter=True)
        if name == "ROOT_URLCONF":
            forget_urls(work)
        elif name in FOLLOWED:
            FOLLOWED[name](work)
        elif name in READ_ONCE and repr(value) != self._at_start.get(name):
            module = work.module(wrapped.SETTINGS_MODULE)
            work.say(
                "RLD702",
                f"{name} was read when Django started, and what was made of it stays. Restart the server.",
                work.statement_of_name(module, name) if module is not None else None,
            )

    # templates ---------------------------------------------------------------------------------------------------
    def files(self) -> Iterator[tuple[str, bytes | None]]:
        for loader in _loaders():
            for template in list(getattr(loader, "get_template_cache", {}).values()):
                origin: Any = getattr(template, "origin", None)
                if origin is not None and isinstance(origin.name, str):
                    yield origin.name, template.source.encode()

    def refresh(self, work: Work, path: str) -> None:
        for loader in _loaders():
            if hasattr(loader, "get_template_cache"):
                work.journal.record(loader.get_template_cache.update, dict(loader.get_template_cache))
                loader.reset()


def _hooks() -> dict[str, set[str]]:
    """Which hooks each class of `MIDDLEWARE` has: handlers gather them when they make the chain."""
    conf: Any = sys.modules.get("django.conf")
    wrapped = conf.settings.__dict__.get("_wrapped") if conf is not None else None
    named = [n for n in getattr(wrapped, "MIDDLEWARE", ()) if isinstance(n, str)]
    homes = {n: sys.modules.get(n.rpartition(".")[0]) for n in named}
    classes = {n: getattr(home, n.rpartition(".")[2], None) for n, home in homes.items()}
    return {n: {h for h in HOOKS if hasattr(cls, h)} for n, cls in classes.items() if isinstance(cls, type)}


def _middleware(work: Work) -> None:
    """The chain of middleware is made again, from the views to the outermost, by the handler itself."""
    base: Any = sys.modules.get("django.core.handlers.base")
    for handler in work.instances(base.BaseHandler) if base is not None else ():
        chain = handler.__dict__.get("_middleware_chain")
        if chain is not None:
            work.journal.record(handler.__dict__.update, dict(handler.__dict__))
            handler.load_middleware(is_async=type(handler).__name__.startswith("ASGI"))


def _engines(work: Work) -> None:
    """Template engines are made when they are first asked for."""
    template: Any = sys.modules.get("django.template")
    if template is None:
        return
    state = template.engines.__dict__
    work.journal.replace_content(
        state, {n: v for n, v in state.items() if n != "templates"} | {"_engines": {}, "_templates": None}
    )
    engine: Any = sys.modules.get("django.template.engine")
    renderer: Any = sys.modules.get("django.forms.renderers")
    caches: list[Any] = [
        getattr(getattr(engine, "Engine", None), "get_default", None),
        getattr(renderer, "get_default_renderer", None),
    ]
    for cached in caches:
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()


FOLLOWED = {"MIDDLEWARE": _middleware, "TEMPLATES": _engines}


def _loaders() -> Iterator[Any]:
    """The template loaders of the engines that are in use."""
    template: Any = sys.modules.get("django.template.utils")
    handler: Any = getattr(sys.modules.get("django.template"), "engines", None)
    if template is None or handler is None:
        return
    for backend in list(handler.__dict__.get("_engines", {}).values()):
        yield from getattr(getattr(backend, "engine", None), "template_loaders", ())


def _imports(settings: Any, module: LoadedModule) -> bool:
    """Whether the settings take names from another module (`from .base import *`)."""
    return settings is not None and any(
        n.isupper() and settings.__dict__.get(n) is v for n, v in module.ns.items() if v is not None
    )


ADAPTER = DjangoProjects()
