"""What is wrapped around an application (`ProxyFix(create_app())`): a server has it for good, so that it becomes what is made now."""

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
        before = definition.bound()
        if not _wraps(work, before):
            return False
        after = made_again(definition, type(before))
        return after is not None and self.merge(work, before, after)


def _wraps(work: Work, value: Any) -> bool:
    kind: Any = type(value)
    own = [getattr(sys.modules.get(module), name, None) for module, name in OTHERS]
    if work.module(kind.__module__) is not None or any(isinstance(cls, type) and issubclass(kind, cls) for cls in own):
        return False
    plain = type(getattr(value, "__dict__", None)) is dict and not any(vars(c).get("__slots__") for c in kind.__mro__)
    return plain and _answers(kind) and any(callable(held) for held in value.__dict__.values())


def _answers(kind: Any) -> bool:
    """Whether calling such an object is to ask an application, by the parameters."""
    code = getattr(getattr(kind, "__call__", None), "__code__", None)
    if code is None:
        return False
    return code.co_varnames[1 : code.co_argcount] in (WSGI, ASGI)


ADAPTER = ServedCallables()
