"""Programs that make their threads greenlets (gevent, eventlet): nothing is imported in the agent's thread there.

`importlib` guards each import with locks of `_thread`, and knows who holds them by `_thread.get_ident`. Where these are replaced
while our thread imports, a lock is never given back; where they have been, two threads that import at once may wait for each
other for ever. So all that the agent will need is imported in the program's thread, just before.
"""

from __future__ import annotations

import importlib
import pkgutil

from ..live import rooms, steps
from .imports import once_typing_is_there
from .thread import original

_ROOMS = ("adapters", "agent", "findings", "live", "plan", "source", "wire")
_INSIDE_FUNCTIONS = ("ctypes", "importlib.metadata", "signal", *rooms.INSIDE_FUNCTIONS)
_NOT_FOR_PROGRAMS = frozenset(("bootstrap", "entered", "notebook", "package"))


def prepare() -> None:
    """Import whatever the agent's thread would import later, and have it wait as the system's threads do."""
    once_typing_is_there(_import_rooms)
    steps.sleep = original("time", "sleep")


def _import_rooms() -> None:
    for name in _INSIDE_FUNCTIONS:
        importlib.import_module(name)
    package = __name__.rpartition(".")[0].rpartition(".")[0]
    for room in _ROOMS:
        found = importlib.import_module(f"{package}.{room}")
        for module in pkgutil.iter_modules(found.__path__):
            if module.name not in _NOT_FOR_PROGRAMS:
                importlib.import_module(f"{found.__name__}.{module.name}")
