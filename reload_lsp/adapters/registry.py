"""Which adapters there are: ours by the library that brings each to life, and those that other packages bring along.

An adapter's module is imported when its library is loaded in the program, never before.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Adapter

GROUP = "reload_lsp.adapters"
OURS = {
    "IPython.core.interactiveshell": "ipython_cells",
    "PyQt6.QtCore": "pyqt_objects",
    "PySide6.QtCore": "pyside_objects",
    "_pytest.assertion.rewrite": "pytest_rewriting",
    "aiohttp.web_app": "aiohttp_routes",
    "apscheduler.schedulers.base": "apscheduler_jobs",
    "beartype": "beartype_options",
    "blinker": "blinker_signals",
    "celery": "celery_tasks",
    "click": "click_commands",
    "discord.ext.commands": "discord_commands",
    "django": "django_projects",
    "django.db.models": "django_models",
    "django.db.models.manager": "django_managers",
    "django.dispatch.dispatcher": "django_signals",
    "django.urls.resolvers": "django_urls",
    "flask": "flask_routes",
    "flask.config": "flask_config",
    "flask.views": "flask_views",
    "http": "served_callables",
    "inspect": "cached_signatures",
    "jinja2.environment": "jinja_templates",
    "logging": "logging_handlers",
    "msgspec": "msgspec_structs",
    "numba": "numba_functions",
    "pandas.core.accessor": "pandas_accessors",
    "pluggy": "pluggy_hooks",
    "pydantic": "pydantic_models",
    "sqlalchemy": "sqlalchemy_models",
    "starlette": "starlette_routes",
    "starlette.routing": "starlette_paths",
    "structlog": "structlog_loggers",
    "textual": "textual_styles",
    "tkinter": "tk_widgets",
    "torch._dynamo": "torch_graphs",
    "torch.jit._script": "torch_scripts",
    "tornado.web": "tornado_applications",
    "typer": "typer_apps",
    "werkzeug.routing": "werkzeug_rules",
}
_made: dict[str, Any] = {}
_theirs: list[Any] | None = None


def adapters() -> Sequence[Adapter]:
    """The adapters of the libraries that this process has loaded."""
    for library, name in OURS.items():
        if library in sys.modules and library not in _made:
            _made[library] = _adapter(name)
    return [a for a in _made.values() if a is not None] + _of_others()


def _adapter(name: str) -> Any:
    try:
        return importlib.import_module(f"{__package__}.{name}").ADAPTER
    except Exception:  # noqa: BLE001, RUF100 - without it the general mechanisms remain
        return None


def _of_others() -> list[Any]:
    """What installed packages offer under the entry point group; looked for once, with the first batch."""
    global _theirs
    if _theirs is None:
        _theirs = list(_load()) if _is_offered() else []
    return _theirs


def _is_offered() -> bool:
    """Whether any package mentions the group: reading the few files is cheaper than importing `importlib.metadata`."""
    return any(_mentions(path) for folder in list(sys.path) for path in _entry_points(folder or "."))


def _entry_points(folder: str) -> Iterator[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.endswith((".dist-info", ".egg-info")):
            yield os.path.join(folder, name, "entry_points.txt")


def _mentions(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return f"[{GROUP}]" in file.read()
    except OSError:
        return False


def _load() -> Iterator[Any]:
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        try:
            found: Any = entry.load()
            yield found() if isinstance(found, type) else found
        except Exception:  # noqa: BLE001, PERF203, RUF100 - somebody else's fault must not break the reload
            continue
