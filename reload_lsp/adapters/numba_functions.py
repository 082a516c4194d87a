"""numba: compiled code has the function's code, the globals it read and the functions it called in it, frozen."""

from __future__ import annotations

import sys
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FunctionType
    from typing import Any

    from ..live.work import Work


class NumbaFunctions:
    """Jitted functions, their compiled callers, and the constants in them."""

    library = "numba"
    tested = "0.68"

    def derives(self, work: Work, value: Any, function: FunctionType) -> bool:
        """A dispatcher knows the parameters of its function."""
        return hasattr(value, "py_func")

    def keeps(self, value: Any) -> bool:
        """Every ufunc stands in numba's tables for good; the program's callers are compiled again."""
        return type(value).__name__ == "DUFunc"

    def settle(self, work: Work) -> None:
        compiled = [d for d in work.instances(sys.modules["numba"].core.dispatcher.Dispatcher) if d.overloads]
        changed = {id(f) for f in (*work.swapped(), *work.functions)}
        stale: set[int] = set()
        while True:
            more = [d for d in compiled if id(d) not in stale and _is_stale(work, d.py_func, changed, stale)]
            if not more:
                break
            stale.update(map(id, more))
        for function in _frozen(work):
            if _is_stale(work, function, changed, stale):
                work.rerun(function, "it was compiled as it was")
        for dispatcher in compiled:
            if id(dispatcher) in stale:
                work.journal.record(_again, dispatcher)
                _again(dispatcher)


def _frozen(work: Work) -> list[Any]:
    """The functions behind ufuncs and jitted classes, which cannot be compiled again: their statement makes them again."""
    modules = sys.modules
    found: list[Any] = []
    if "numba.np.ufunc.dufunc" in modules:
        found += [u._dispatcher.py_func for u in work.instances(modules["numba.np.ufunc.dufunc"].DUFunc)]
    if "numba.experimental.jitclass.base" in modules:
        for cls in work.instances(modules["numba.experimental.jitclass.base"].JitClassType):
            found += [getattr(m, "py_func", m) for m in getattr(cls.class_type, "methods", {}).values()]
    return found


def _is_stale(work: Work, function: Any, changed: set[int], stale: set[int]) -> bool:
    ns = function.__globals__
    if id(function) in changed:
        return True
    for name in _names(function.__code__):
        value = ns.get(name)
        if id(value) in stale or id(value) in changed or id(getattr(value, "py_func", None)) in changed:
            return True
        if work.changed(ns.get("__name__", ""), name):
            return True
        inner = getattr(value, "__dict__", {}) if type(value) is type(sys) else {}
        if any(
            work.changed(value.__name__, n) or id(inner.get(n)) in stale
            for n in _names(function.__code__)
            if n in inner
        ):
            return True
    cells = function.__closure__ or ()
    return any(id(c.cell_contents) in stale for c in cells)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _names(constant)


def _again(dispatcher: Any) -> None:
    """Forget what was compiled: the next call compiles it, where numba may choose the types; else at once."""
    if not dispatcher._can_compile:
        dispatcher.recompile()
        return
    dispatcher._make_finalizer()()
    dispatcher._reset_overloads()
    dispatcher._cache.flush()


ADAPTER = NumbaFunctions()
