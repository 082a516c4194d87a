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
        functions = [*work.swapped(), *work.functions]
        changed = {id(f) for f in functions}
        overloads = _overloads_again(work, {id(f.__code__) for f in functions})
        stale: set[int] = set(map(id, compiled)) if overloads else set()
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


def _overloads_again(work: Work, codes: set[int]) -> bool:
    """Forget what `@overload(...)` functions that are edited gave: anybody may have compiled it into a function."""
    templates: Any = sys.modules["numba.core.typing.templates"]
    found = False
    for kind in (templates._OverloadFunctionTemplate, templates._OverloadAttributeTemplate):
        waiting = kind.__subclasses__()
        for template in waiting:
            waiting += template.__subclasses__()
            code = getattr(getattr(template, "_overload_func", None), "__code__", None)
            if code is not None and any(id(c) in codes for c in (code, *code.co_consts)):
                found = True
                for name in ("_impl_cache", "_compiled_overloads"):
                    work.journal.replace_content(template.__dict__.get(name, {}), {})
    return found


def _frozen(work: Work) -> list[Any]:
    """The functions behind ufuncs and jitted classes, which cannot be compiled again: their statement makes them again."""
    modules = sys.modules
    found: list[Any] = []
    if "numba.np.ufunc.dufunc" in modules:
        found += [u._dispatcher.py_func for u in work.instances(modules["numba.np.ufunc.dufunc"].DUFunc)]
    if "numba.np.ufunc.gufunc" in modules:
        found += [u.gufunc_builder.py_func for u in work.instances(modules["numba.np.ufunc.gufunc"].GUFunc)]
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
