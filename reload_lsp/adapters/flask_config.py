"""Flask: the configuration that an application copied from classes, modules and files when it was made."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from .living import living

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class FlaskConfig:
    """What `Config.from_object` and `Config.from_envvar` read."""

    library = "flask.config"
    tested = "flask 3.1"

    def __init__(self) -> None:
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

    def withdraw(self, work: Work, definition: Definition) -> None:
        """`app.config.update(A=1, B=2)` and `from_mapping` run again without B, which has its default then, or is gone."""
        call = definition.call() if definition.statement.kind == "effect" else None
        if call is None or call.chain[-1] not in ("update", "from_mapping"):
            return
        now = definition.call_now()
        left: set[str | None] = now.keywords if now is not None and not definition.removed else set()
        if isinstance(call.owner, sys.modules["flask"].Config):
            for name in [n for n in call.keywords - left if n in call.owner]:
                default = sys.modules["flask"].Flask.default_config.get(name, call)
                if default is call:
                    work.journal.del_item(call.owner, name)
                else:
                    work.journal.set_item(call.owner, name, default)

    def begin(self, work: Work) -> None:
        """The values as they are before any statement runs."""
        namespaces = [m.ns for m in work.edited]
        classes = [
            c for ns in namespaces for c in ns.values() if isinstance(c, type) and c.__module__ == ns["__name__"]
        ]
        holders: list[Any] = [*namespaces, *classes]
        self._config = [(h, n, v) for h in holders for n, v in list(_names(h).items()) if n.isupper()]

    def settle(self, work: Work) -> None:
        """An application that has the value from before has the new one."""
        missing = object()
        changed = [(n, v, _names(h).get(n, missing)) for h, n, v in self._config if _names(h).get(n, missing) is not v]
        self._config = []
        for app in work.instances(sys.modules["flask"].Flask) if changed else ():
            for name, before, after in changed:
                if app.config.get(name, missing) is not before:
                    continue
                if after is missing:
                    work.journal.del_item(app.config, name)
                else:
                    work.journal.set_item(app.config, name, after)


def _names(holder: Any) -> dict[str, Any]:
    return getattr(holder, "__dict__", holder)


ADAPTER = FlaskConfig()
