"""Imports in the agent's thread, and what the program's other threads do meanwhile.

A fork: the child has the locks of a thread that it has not, and half of a module. `importlib` keeps a lock for each module that
is being imported (`_module_locks`, the same from 3.10 to 3.14). Only the thread that forks lives on in the child: whoever imports
such a module there would wait for ever.

An import of `typing`: `dataclasses` looks into what there is of it, and a class of ours that is made in that moment fails.
"""

from __future__ import annotations

import _thread
import importlib
import sys

from ..live.kinds import spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Made = TypeVar("Made")

_HALF = "partially initialized module 'typing'"
_OURS = __name__.partition(".")[0]


def once_typing_is_there(work: Callable[[], Made]) -> Made:
    """Do what imports rooms of ours, once more where another thread began to import `typing` meanwhile."""
    _wait_for_typing()
    try:
        return work()
    except AttributeError as error:
        if _HALF not in str(error):
            raise
    _wait_for_typing()
    return work()


def _wait_for_typing() -> None:
    if "typing" in sys.modules:  # else it would be us who keep others waiting
        importlib.import_module("typing")


def forget(thread: int | None) -> None:
    """In a forked child: what `thread` (an ident of the parent's) was importing is imported anew when it is next asked for."""
    locks: dict[str, Any] = getattr(sys.modules.get("_frozen_importlib"), "_module_locks", {})
    for name, reference in list(locks.items()):
        lock = reference()
        if lock is None:
            continue
        held = _is_held(lock, name, thread)
        if held or _is_being_taken(lock):
            locks.pop(name, None)
        if held and _is_half_done(sys.modules.get(name)):
            sys.modules.pop(name, None)


def _is_held(lock: Any, name: str, thread: int | None) -> bool:
    """Whether the thread holds the lock of a module; under another number where the program has replaced `get_ident`."""
    owner = getattr(lock, "owner", None)
    if owner is None or owner == _thread.get_ident():
        return False
    return owner == thread or name.partition(".")[0] == _OURS


def _is_being_taken(lock: Any) -> bool:
    """Whether some thread that is gone was just about to take or leave it."""
    inner = getattr(lock, "lock", None)
    if inner is None or not inner.acquire(False):
        return inner is not None
    inner.release()
    return False


def _is_half_done(module: object) -> bool:
    return bool(getattr(spec_of(module), "_initializing", False))
