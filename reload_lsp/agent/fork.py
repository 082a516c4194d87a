"""Being told of forks: before, in the parent as late as can be, in the child at once."""

from __future__ import annotations

import os
import sys

from . import faults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Hook = Callable[[], None]

WARNS_OF_THREADS = (3, 12)


class ForkHooks:
    """Calls `before`, `in_parent` and `in_child` around every fork of this process, for good."""

    def __init__(self, before: Hook, in_parent: Hook, in_child: Hook) -> None:
        self._before = before
        self._in_parent = in_parent
        self._in_child = in_child
        self._within = False
        os.register_at_fork(before=self._ahead, after_in_parent=self._parent, after_in_child=self._child)
        if sys.version_info >= WARNS_OF_THREADS:
            self._wrap("fork")
            self._wrap("forkpty")

    def _wrap(self, name: str) -> None:
        # 3.13.0 counts threads after the parent's hooks: one started there makes the program's fork warn.
        original = getattr(os, name, None)
        if original is None:
            return

        def forking() -> Any:
            self._within = True
            try:
                return original()
            finally:
                if self._within:
                    self._within = False
                    self._parent()

        forking.__name__ = forking.__qualname__ = name
        setattr(os, name, forking)

    # The interpreter prints what these raise: nothing of ours does.

    def _ahead(self) -> None:
        try:
            self._before()
        except Exception:
            faults.note("before a fork")

    def _parent(self) -> None:
        try:
            if not self._within:
                self._in_parent()
        except Exception:
            faults.note("after a fork")

    def _child(self) -> None:
        try:
            self._within = False
            self._in_child()
        except Exception:
            faults.note("in a forked child")
