"""structlog: with `cache_logger_on_first_use`, a logger keeps what was configured when it was first used."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class StructlogLoggers:
    """Loggers that were used before structlog was configured otherwise."""

    library = "structlog"
    tested = "26.1"

    def __init__(self) -> None:
        self._before: dict[str, Any] = {}

    def begin(self, work: Work) -> None:
        self._before = dict(sys.modules["structlog"].get_config())

    def repeats(self, work: Work, definition: Definition) -> bool:
        """`structlog.configure(...)` takes the place of what it configured before."""
        call = definition.call() if definition.statement.kind == "effect" else None
        return call is not None and call.chain[-1] == "configure" and call.owner is sys.modules["structlog"]

    def withdraw(self, work: Work, definition: Definition) -> None:
        if self.repeats(work, definition):
            structlog: Any = sys.modules["structlog"]
            work.journal.record(_configure, dict(structlog.get_config()), structlog.is_configured())

    def settle(self, work: Work) -> None:
        before, self._before = self._before, {}
        structlog: Any = sys.modules["structlog"]
        if before and before != structlog.get_config():
            for logger in work.instances(sys.modules["structlog._config"].BoundLoggerLazyProxy):
                if "bind" in logger.__dict__:
                    work.journal.del_item(logger.__dict__, "bind")
            for bound in work.instances(sys.modules["structlog._base"].BoundLoggerBase):
                _configure_bound(work, bound, before, structlog.get_config())


def _configure_bound(work: Work, bound: Any, before: dict[str, Any], now: dict[str, Any]) -> None:
    """`log.bind(...)` took the processors and the class (its level) of the configuration of then; its values stay."""
    if bound._processors is before["processors"]:
        work.journal.set_attr(bound, "_processors", now["processors"])
    if type(bound) is before["wrapper_class"] and now["wrapper_class"] is not type(bound):
        work.journal.set_attr(bound, "__class__", now["wrapper_class"])


def _configure(config: dict[str, Any], asked: bool) -> None:
    structlog: Any = sys.modules["structlog"]
    structlog.configure(**config)
    if not asked:
        structlog.reset_defaults()


ADAPTER = StructlogLoggers()
