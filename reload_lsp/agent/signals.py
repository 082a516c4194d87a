"""Signals are the program's: the agent's thread takes none, so that `sigwait` elsewhere loses none to it.

While a batch runs in it the mask is the program's again, since what the batch starts inherits it.
"""

from __future__ import annotations

import _signal  # pyright: ignore[reportMissingImports]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_system: Any = _signal
_CAN_MASK = hasattr(_signal, "pthread_sigmask")


def block() -> Any:
    """Take no signals in this thread from here on; what `restore` wants."""
    return _system.pthread_sigmask(_system.SIG_BLOCK, _system.valid_signals()) if _CAN_MASK else None


def restore(mask: Any) -> None:
    """Have the mask from before `block` again."""
    if _CAN_MASK:
        _system.pthread_sigmask(_system.SIG_SETMASK, mask)


def as_the_program(work: Callable[[], None], mask: Any) -> None:
    """Do `work` with the mask from before `block`."""
    restore(mask)
    try:
        work()
    finally:
        block()
