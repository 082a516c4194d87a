"""Django: settings are copied when they are first read, URL patterns and templates are resolved once."""

from __future__ import annotations

import sys
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.loaded import LoadedModule
    from ..live.work import Work

READ_ONCE = frozenset(
    (
        "INSTALLED_APPS", "MIDDLEWARE", "DATABASES", "TEMPLATES", "LOGGING", "LOGGING_CONFIG", "CACHES", "AUTH_USER_MODEL",
        "WSGI_APPLICATION", "ASGI_APPLICATION", "TIME_ZONE", "USE_TZ", "DEFAULT_AUTO_FIELD", "STORAGES", "SESSION_ENGINE",
        "STATICFILES_DIRS", "STATICFILES_FINDERS",
    )
)  # fmt: skip
RESOLVED = ("url_patterns", "urlconf_module")


class DjangoProjects:
    """Settings, URLs and templates."""

    library = "django"
    tested = "5.2, 6.1"

    def settle(self, work: Work) -> None:
        for module in work.edited:
            self._settings(work, module)
        if any(work.changed(m.name, "urlpatterns") for m in work.modules()):
            self._urls(work)

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
        if name in READ_ONCE:
            module = work.module(wrapped.SETTINGS_MODULE)
            work.say(
                "RLD702",
                f"{name} was read when Django started, and what was made of it stays. Restart the server.",
                work.statement_of_name(module, name) if module is not None else None,
            )
        value = source.get(name, getattr(conf.global_settings, name, None))
        work.journal.set_attr(wrapped, name, value)
        work.journal.del_item(conf.settings.__dict__, name)
        signals: Any = sys.modules.get("django.core.signals")
        if signals is not None:
            signals.setting_changed.send(sender=wrapped.__class__, setting=name, value=value, enter=True)
        if name == "ROOT_URLCONF":
            self._urls(work)

    def _urls(self, work: Work) -> None:
        base: Any = sys.modules.get("django.urls.base")
        resolvers: Any = sys.modules.get("django.urls.resolvers")
        if base is None or resolvers is None:
            return
        for resolver in work.instances(resolvers.URLResolver):
            for name in RESOLVED:
                resolver.__dict__.pop(name, None)
            resolver._populated = False
            for cache in ("_reverse_dict", "_namespace_dict", "_app_dict"):
                getattr(resolver, cache).clear()
            resolver._callback_strs.clear()
        base.clear_url_caches()

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
