"""What is wrapped around an application (`ProxyFix(create_app())`): a server has it, so it becomes what is made now."""

from __future__ import annotations

import sys

from .factories import made_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work

WSGI, ASGI = ("environ", "start_response"), ("scope", "receive", "send")
OTHERS = (("flask", "Flask"), ("starlette.applications", "Starlette"), ("starlette.routing", "Router"))
"""Applications with adapters of their own."""


class ServedCallables:
    """Objects of a library's class that answer requests, by WSGI or ASGI, for an application that they were given."""

    library = "http"
    tested = "werkzeug 3.1, starlette 1.10"

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """One that was made with other arguments, or around another application."""
        if type(before) is not type(after) or not _wraps(work, before):
            return False
        work.journal.replace_content(before.__dict__, dict(after.__dict__))
        return True

    def remakes(self, work: Work, definition: Definition) -> bool:
        """`app = ProxyFix(create_app())`: made again, unless that fails."""
        before: Any = definition.bound()
        if not _wraps(work, before):
            return False
        after = made_again(definition, object)
        return after is not None and self.merge(work, before, after)


def _wraps(work: Work, value: Any) -> bool:
    line: tuple[type, ...] = type(value).__mro__
    own = [getattr(sys.modules.get(module), name, None) for module, name in OTHERS]
    if work.module(line[0].__module__) is not None or any(cls in line for cls in own):
        return False
    state: Any = getattr(value, "__dict__", None)
    plain = type(state) is dict and not any(vars(c).get("__slots__") for c in line)
    return plain and _answers(line) and any(map(callable, list(state.values())))  # pyright: ignore[reportUnknownArgumentType]


def _answers(line: tuple[type, ...]) -> bool:
    """Whether calling an object of such a class is to ask an application, by the parameters."""
    methods = (vars(c)["__call__"] for c in line if "__call__" in vars(c))
    code: Any = getattr(next(methods, None), "__code__", None)
    return code is not None and code.co_varnames[1 : code.co_argcount] in (WSGI, ASGI)


ADAPTER = ServedCallables()
