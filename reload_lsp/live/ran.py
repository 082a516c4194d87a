"""Which functions can have made something that a statement bound: those that ran while modules were loading.

Who calls what was edited is followed through these alone, and through what caches still hold.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType, FunctionType

from ..source.codes import nested, qualified, walk
from .cache_roots import Key, within_caches
from .edit import ModuleEdit
from .execution import Execution, executing
from .kinds import kind_of
from .lingering import name_of
from .modules import Modules
from .resolve import Resolver, may_ask
from .rewritten import Rewritten
from .started import LATER, LOADING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .product import Product, Reader
    from .view import View

# They make something of the text or the bytecode of functions, which then run without Python starting them.
_COMPILERS = ("numba", "torch", "taichi", "triton", "warp")
_FUNCTION = 0x1
# Generators and coroutines start later than they are called.
_PAUSING = 0x20 | 0x80 | 0x200


class Ran:
    """What one batch asks about the past of functions."""

    __slots__ = ("_all", "_before", "_edits", "_held", "_modules", "_rewritten", "_running", "_started")

    def __init__(self, modules: Modules, edits: Sequence[ModuleEdit]) -> None:
        self._started = modules.recorder.started
        self._modules = modules
        self._edits = {e.module.filename: e for e in edits}
        self._before: dict[str, set[str]] = {}
        self._held: set[Key] | None = None
        self._rewritten: Rewritten | None = None
        self._running: tuple[int | None, Execution | None] | None = None
        self._all = any(name in sys.modules for name in _COMPILERS)

    def close(self) -> None:
        """Let go of the texts and codes."""
        self._edits.clear()
        self._running = self._rewritten = None

    def within(self, codes: Iterable[CodeType]) -> Iterator[CodeType]:
        """Of some codes and those nested in them, the functions that may have run: none where what defines it did not."""
        stack = list(codes)
        while stack:
            code = stack.pop()
            if not code.co_flags & _FUNCTION:
                stack += nested(code)
            elif self.may_have(code):
                yield code
                stack += nested(code)

    def any_of(self, codes: Iterable[CodeType]) -> bool:
        """Whether one of some codes, or one within them, may have run."""
        return next(self.within(codes), None) is not None

    def readers(self, resolver: Resolver, product: Product) -> list[Reader]:
        """The statements that may have made something of a product: they read it, or functions of theirs do that may have run."""
        return [r for v, i in self.mentioning(resolver, product) if (r := resolver.reader(v, i, product)) is not None]

    def mentioning(self, resolver: Resolver, product: Product) -> Iterator[tuple[View, int]]:
        """Those that could, by their text."""
        for view, index in resolver.mentioning(product):
            if resolver.may_read_now(view, index, product.name) or self._reads(view, index, product.name):
                yield view, index

    def _reads(self, view: View, index: int, name: str) -> bool:
        """Whether a function of a definition that may have run spells a name, or may ask for it."""
        asks = may_ask(view, view.statements[index].text)
        return any(asks or name in code.co_names for code in self.within(view.codes(index)))

    def passed_on(self, value: Any) -> bool:
        """Whether what calls a changed function may have got anything from it: always, where it is no plain function."""
        return kind_of(value) is not FunctionType or self.any_of([value.__code__])

    def using(self, codes: Iterable[CodeType], name: str) -> bool:
        """Whether a function that may have run names something; where none names it, whether any may have."""
        functions = [(code, name in code.co_names) for code in self.within(codes)]
        spelled = any(named for _, named in functions) or any(name in c.co_names for top in codes for c in walk(top))
        return any(named or not spelled for _, named in functions)

    def may_have(self, code: CodeType) -> bool:
        """Whether a function may have run while modules were loading, or for what a cache holds."""
        if self._all or code.co_flags & _PAUSING:
            return True
        when = self._started.when(code)
        if when is None:
            return self._is_new(code) or self._is_rewritten(code)
        if when == LOADING or not (when == LATER or self._is_running(when)):
            return True
        return self._is_held(code) or self._is_rewritten(code)

    def _is_rewritten(self, code: CodeType) -> bool:
        if self._rewritten is None:
            self._rewritten = Rewritten(self._started, self._modules)
        return self._rewritten.has(code)

    def _is_new(self, code: CodeType) -> bool:
        """Whether no function of that name stood in the text before: others may have run in its place."""
        edit = self._edits.get(code.co_filename)
        if edit is None:
            return False
        known = self._before.get(code.co_filename)
        if known is None:
            known = self._before[code.co_filename] = {n for n, _ in qualified(edit.module.loaded_code())}
        return name_of(code) not in known

    def _is_held(self, code: CodeType) -> bool:
        if self._held is None:
            self._held = within_caches(self._modules.all())
        return (code.co_filename, name_of(code)) in self._held

    def _is_running(self, line: int) -> bool:
        """Whether a line of the script stands in the statement that it is executing: what that makes is still to come."""
        if self._running is None:
            self._running = _running(self._modules)
        now, execution = self._running
        return execution is not None and now is not None and execution.place(line - 1) == now


def _running(modules: Modules) -> tuple[int | None, Execution | None]:
    script = next((m for m in modules.all() if m.ns.get("__name__") == "__main__"), None)
    frame = executing(script.ns) if script is not None else None
    if script is None or frame is None:
        return None, None
    known = script.execution
    execution = (
        known if known is not None and known.code is frame.f_code else Execution(frame.f_code, script.statements())
    )
    return execution.place(frame.f_lineno - 1), execution
