"""logging: handlers stay where calls gave them, and `basicConfig` does nothing where the root logger has one."""

from __future__ import annotations

import ast
import sys

from ..source.names import chain_of
from ..source.statement import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Call, Definition
    from ..live.work import Work
    from ..source.names import Chain


class LoggingHandlers:
    """Handlers and filters that a call gave before it runs again; of an edited `basicConfig` it may be said that they stay."""

    library = "logging"
    tested = "Python 3.10 to 3.14"

    def repeats(self, work: Work, definition: Definition) -> bool:
        """`dictConfig` takes the place of all that it said before."""
        call = definition.call() if definition.statement.kind == "effect" else None
        return call is not None and call.chain[-1] == "dictConfig" and call.owner is sys.modules.get("logging.config")

    def withdraw(self, work: Work, definition: Definition) -> None:
        logging: Any = sys.modules["logging"]
        call = definition.call() if definition.statement.kind == "effect" else None
        if definition.statement.kind == "effect":
            _withdraw_added(work, definition)
        if call is None or call.owner is not logging or call.chain[-1] != "basicConfig" or call.named.get("force"):
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


def _withdraw_added(work: Work, definition: Definition) -> None:
    """`logger.addHandler(...)`, `handler.addFilter(...)`: what it gave, told by its name or by the class that it calls."""
    node = parse(definition.before)
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
        return
    entries = {"addHandler": "handlers", "addFilter": "filters"}.get(call.func.attr)
    held = getattr(_owner(definition, call.func.value), entries, None) if entries else None
    given = call.args[0]
    made = chain_of(given.func) if isinstance(given, ast.Call) else chain_of(given)
    value = _value(definition, made)
    if type(held) is not list or (value is None and not isinstance(given, ast.Lambda)):
        return
    content: list[Any] = held  # pyright: ignore[reportUnknownVariableType]
    if isinstance(given, ast.Lambda):
        mine = [h for h in content if definition.made(h)]
    else:
        mine = [h for h in content if (type(h) is value if isinstance(given, ast.Call) else h is value)]
    if len(mine) == 1:
        work.journal.replace_content(content, [h for h in content if h is not mine[0]])


def _owner(definition: Definition, node: ast.expr) -> Any:
    """The logger or handler: `log`, `logging.getLogger("shop")`."""
    if not isinstance(node, ast.Call):
        return _value(definition, chain_of(node))
    logging: Any = sys.modules["logging"]
    names = [a.value if isinstance(a, ast.Constant) else _value(definition, chain_of(a)) for a in node.args]
    asked = _value(definition, chain_of(node.func)) is logging.getLogger
    return logging.getLogger(*names) if asked and all(isinstance(n, str) for n in names) else None


def _value(definition: Definition, chain: Chain | None) -> Any:
    value = definition.module.ns.get(chain[0]) if chain else None
    for part in chain[1:] if chain else ():
        value = getattr(value, "__dict__", {}).get(part)
    return value


def _is_made(logging: Any, handler: Any, call: Call) -> bool:
    """Whether a handler is what the call made."""
    style = call.named.get("style", "%")
    wanted = call.named.get("format", logging._STYLES[style][1])
    kinds = (logging.StreamHandler, logging.FileHandler)
    return type(handler) in kinds and getattr(handler.formatter, "_fmt", None) == wanted


ADAPTER = LoggingHandlers()
