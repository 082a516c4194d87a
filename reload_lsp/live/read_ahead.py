"""What the first batch would import, and read off all modules, done before, when nobody waits for it."""

from __future__ import annotations

import time

from .rooms import Rooms
from .steps import Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engine import Engine
    from .loaded import LoadedModule

SLICE = 0.02  # seconds of work at a time; a batch need not wait so long
PAUSE = 0.005  # seconds from one slice to the next, where the program's threads wanted to run meanwhile
BREATH = 0.0005  # and where they did not: clients have their turn
CALM = 0.05  # seconds without an import: the texts of what is loading are left alone
# Bytes of text in all; what is loaded beyond that is packed, and a batch reads of it what it needs when it does.
LARGEST = 500_000
_PASSED_OVER = frozenset(("function", "dead", "text"))  # functions are looked into by their code, if at all


class ReadAhead:
    """One look at everything that is loaded, in slices; it ends for good."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rooms = Rooms()
        self._imported = False
        self._loads = -1
        self._rest: Iterator[None] | None = None

    def go_on(self) -> float | None:
        """Do a slice; in how many seconds to go on, None where all is read."""
        if not self._imported:
            return self._slice(self._import()) or BREATH
        loads = self._engine.recorder.loads
        if loads != self._loads:
            self._loads, self._rest = loads, None
            return CALM
        self._rest = self._rest or self._read()
        return self._slice(self._rest)

    def _slice(self, work: Iterator[None]) -> float | None:
        with Steps():
            worked, passed = time.thread_time(), time.perf_counter()
            for _ in work:
                took = time.thread_time() - worked
                if took > SLICE or self._engine.awaited:
                    return PAUSE if time.perf_counter() - passed > took * 1.5 else BREATH
        return None

    def _import(self) -> Iterator[None]:
        while self._rooms.left:
            self._rooms.step()
            yield
        self._engine.modules.adapters()
        self._imported = True

    def _read(self) -> Iterator[None]:
        from .looked_for import arrived
        from .native import native_files

        loaded = self._engine.modules
        loaded.refresh()
        yield
        loaded.adapters()
        yield
        native_files(loaded)
        yield
        modules, left = loaded.all(), LARGEST
        loaded.importers.update(modules)
        for module in modules:
            module.on_disk()
            yield
            left -= module.kept.size
            if left < 0:
                module.kept.pack()
                yield
            elif not module.doubt:
                yield from _read_module(module)
        arrived(loaded)
        while self._rooms.rest:
            yield
            self._rooms.step()
        loaded.adapters()  # the rooms may have brought a library that one is for (`inspect`, on 3.14)


def _read_module(module: LoadedModule) -> Iterator[None]:
    module.reads_all_names()
    for statement in module.statements():
        if statement.kind not in _PASSED_OVER:
            module.names(statement)
            yield
