"""What the first batch would read off all modules, read before, when nobody waits for it."""

from __future__ import annotations

import time

from .loaded import LoadedModule
from .steps import Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .modules import Modules

SLICE = 0.005  # seconds of work at a time
PAUSE = 0.01  # seconds from one slice to the next
CALM = 0.25  # seconds without an import: what is loading is left alone
# Characters of text in all; of what is loaded beyond that, a batch reads what it needs when it does.
LARGEST = 500_000
_PASSED_OVER = frozenset(("function", "dead", "text"))  # functions are looked into by their code, if at all


class ReadAhead:
    """One look at everything that is loaded, in slices; it ends for good."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._loads = -1
        self._rest: Iterator[None] | None = None

    def go_on(self) -> float | None:
        """Do a slice; in how many seconds to go on, None where all is read."""
        loads = self._modules.recorder.loads
        if loads != self._loads:
            self._loads, self._rest = loads, None
            return CALM
        with Steps():
            if self._rest is None:
                self._rest = self._read()
            end = time.thread_time() + SLICE
            for _ in self._rest:
                if time.thread_time() > end:
                    return PAUSE
        return None

    def _read(self) -> Iterator[None]:
        self._modules.refresh()
        yield
        modules, left = self._modules.all(), LARGEST
        self._modules.importers.update(modules)
        for module in modules:
            left -= len(module.text)
            if left >= 0 and not module.doubt:
                yield from _read_module(module)


def _read_module(module: LoadedModule) -> Iterator[None]:
    module.reads_all_names()
    for statement in module.statements():
        if statement.kind not in _PASSED_OVER:
            module.names(statement)
            yield
