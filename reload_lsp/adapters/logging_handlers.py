"""logging: `basicConfig` does nothing where the root logger has a handler, as it has since the first call."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.work import Work


class LoggingHandlers:
    """An edited `basicConfig`: the handler of the first goes, or it is said that it stays."""

    library = "logging"
    tested = "Python 3.10 to 3.14"

    def withdraw(self, work: Work, definition: Definition) -> None:
        logging: Any = sys.modules["logging"]
        call = definition.call() if definition.statement.kind == "effect" else None
        if call is None or call.owner is not logging or call.chain[-1] != "basicConfig" or call.constants.get("force"):
            return
        root = logging.getLogger()
        if [h for h in root.handlers if not _is_made(logging, h, call)] or len(root.handlers) > 1:
            work.say(
                "RLD306",
                "`logging.basicConfig` does nothing where the root logger has handlers, and it has some that are not of this "
                "call. Restart the process, or give `force=True`.",
            )
            return
        work.journal.replace_content(root.handlers, [])
        work.journal.set_attr(root, "level", root.level)


def _is_made(logging: Any, handler: Any, call: Call) -> bool:
    """Whether a handler is what the call made."""
    style = call.constants.get("style", "%")
    wanted = call.constants.get("format", logging._STYLES[style][1])
    kinds = (logging.StreamHandler, logging.FileHandler)
    return type(handler) in kinds and getattr(handler.formatter, "_fmt", None) == wanted


ADAPTER = LoggingHandlers()
