"""Django: URL patterns are compiled with their converters, and resolved once."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.work import Work

MAKERS = frozenset(("urls", "get_urls", "get_url_patterns", "url_patterns"))
"""Methods of sites, applications and routers whose results stand in `urlpatterns` (`path("admin/", admin.site.urls)`)."""
RESOLVED = ("url_patterns", "urlconf_module")


class DjangoUrls:
    """Patterns, their converters and the names under which they are included."""

    library = "django.urls.resolvers"
    tested = "5.2, 6.1"

    def __init__(self) -> None:
        self._stale = False

    def settle(self, work: Work) -> None:
        self._stale = _compile_again(work) | _name_again(work)
        if any(f.__name__ in MAKERS for f in (*work.swapped(), *work.functions)):
            for module in work.modules():
                if "urlpatterns" in module.ns and "url" in module.text:
                    work.rerun_name(module, "urlpatterns", "URLs are made otherwise")

    def finish(self, work: Work) -> None:
        """URLs may have been made again since."""
        if self._stale or any(work.changed(m.name, "urlpatterns") for m in work.modules()):
            forget_urls(work)


def forget_urls(work: Work) -> None:
    """Patterns are looked up again, and what was found out of them is found out again."""
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


def _compile_again(work: Work) -> bool:
    """A pattern has the regular expressions of its converters in its own, and the converters that were registered then."""
    resolvers: Any = sys.modules["django.urls.resolvers"]
    converters: Any = sys.modules["django.urls.converters"]
    edited = [c for c in work.classes if hasattr(c, "to_python") and hasattr(c, "regex")]
    if not edited and not any("register_converter" in text for text in work.texts()):
        return False
    for cached in (converters.get_converters, resolvers._route_to_regex):
        getattr(cached, "cache_clear", bool)()
    for pattern in work.instances(resolvers.RoutePattern):
        if pattern.converters:
            made = type(pattern)(pattern._route, pattern.name, pattern._is_endpoint)
            work.journal.replace_content(pattern.__dict__, made.__dict__)
    return True


def _name_again(work: Work) -> bool:
    """`include` has taken the `app_name` of a module."""
    resolvers: Any = sys.modules["django.urls.resolvers"]
    renamed = [m for m in work.edited if work.changed(m.name, "app_name") and "app_name" in m.ns]
    for resolver in work.instances(resolvers.URLResolver) if renamed else ():
        for module in renamed:
            if getattr(resolver.urlconf_name, "__name__", resolver.urlconf_name) == module.name:
                if resolver.namespace == resolver.app_name:
                    work.journal.set_attr(resolver, "namespace", module.ns["app_name"])
                work.journal.set_attr(resolver, "app_name", module.ns["app_name"])
    return bool(renamed)


ADAPTER = DjangoUrls()
