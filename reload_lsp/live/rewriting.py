"""pytest compiles test modules, and what they import, in a loader that asks nobody for their code: it is hooked, too."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_LIBRARY = "_pytest.assertion.rewrite"


class Rewriting:
    """Tells `ran` of each module, by name and path, that pytest's loader is about to run."""

    def __init__(self, ran: Callable[[str, str], None]) -> None:
        self._ran = ran
        self._original: Any = None

    def install(self) -> None:
        """Hook the loader once it is there; asked at every import, for nearly nothing."""
        kind = self._loader() if self._original is None and _LIBRARY in sys.modules else None
        if kind is not None:
            self._original = kind.exec_module
            kind.exec_module = _telling(self._original, self._ran)

    def remove(self) -> None:
        if self._original is not None:
            self._loader().exec_module, self._original = self._original, None

    @staticmethod
    def _loader() -> Any:
        return getattr(sys.modules.get(_LIBRARY), "AssertionRewritingHook", None)


def _telling(original: Any, ran: Callable[[str, str], None]) -> Any:
    def exec_module(self: Any, module: ModuleType) -> None:
        __tracebackhide__ = True  # pytest leaves such frames out
        try:
            path = module.__spec__.origin if module.__spec__ else None
            if path:
                ran(module.__name__, path)
        except Exception:  # noqa: BLE001, S110, RUF100 - a fault of ours must never break an import
            pass
        original(self, module)

    return exec_module
