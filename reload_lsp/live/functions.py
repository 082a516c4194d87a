"""Functions patched in place: whoever holds the old function runs the new code."""

from __future__ import annotations

import gc
import sys
import warnings
from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from types import CellType, CodeType, FunctionType

from ..source.codes import CodePair
from ..values import dataclass
from .journal import MISSING, Journal
from .kinds import is_a, kind_of
from .reach import cell_content
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KIND_FLAGS = 0x20 | 0x80 | 0x200 | 0x100
HAS_DOCSTRING = 0x4000000


@dataclass(frozen=True, slots=True)
class Swap:
    """One function and the code pair that concerns it."""

    function: FunctionType
    pair: CodePair


def swap_all(swaps: Sequence[Swap], journal: Journal) -> list[Swap]:
    """Give all functions their new code in one C call; returns those whose free variables differ, untouched."""
    ready = [s for s in swaps if s.function.__code__.co_freevars == s.pair.new.co_freevars]
    odd = [s for s in swaps if s.function.__code__.co_freevars != s.pair.new.co_freevars]
    functions: list[Any] = [s.function for s in ready]
    journal.record(_swap_back, functions, [f.__code__ for f in functions])
    for swap in ready:
        _new_docstring(swap, journal)
    kinds = [s for s in ready if (s.pair.old.co_flags ^ s.pair.new.co_flags) & _KIND_FLAGS]
    if kinds:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _set_codes(functions, [s.pair.new for s in ready])
    else:
        _set_codes(functions, [s.pair.new for s in ready])
    return odd


def _set_codes(functions: Iterable[FunctionType], codes: Iterable[CodeType]) -> None:
    deque(map(setattr, functions, repeat("__code__"), codes), maxlen=0)


def _swap_back(functions: Sequence[FunctionType], codes: Sequence[CodeType]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _set_codes(functions, codes)


def docstring(code: CodeType) -> str | None:
    """The docstring a function made of `code` gets."""
    first = code.co_consts[0] if code.co_consts else None
    if sys.version_info >= (3, 14):
        return first if code.co_flags & HAS_DOCSTRING else None
    if code.co_name == "<lambda>":
        return None
    return first if is_a(first, str) else None


def _new_docstring(swap: Swap, journal: Journal) -> None:
    if not swap.pair.own:
        return
    before, after = docstring(swap.pair.old), docstring(swap.pair.new)
    if before != after and swap.function.__doc__ == before:
        journal.set_plain(swap.function, "__doc__", after)


# What decorators of the standard library leave on a function; everything else on it is the program's.
_FROM_DECORATORS = frozenset(
    ("__isabstractmethod__", "__override__", "__final__", "__deprecated__", "__no_type_check__")
)


# twins: an old function and the one that its statement makes now ------------------------------------------------


def become(old: FunctionType, new: FunctionType, journal: Journal, merge_cell: Any = None) -> bool:
    """Make `old` what `new` is, keeping its identity. False where free variables differ: then nothing is done."""
    if old.__code__.co_freevars != new.__code__.co_freevars or _shares_with_its_maker(old, new):
        return False
    if not _same_globals(old, new, journal):
        return False
    if old.__code__ is not new.__code__:
        journal.record(_swap_back, [old], [old.__code__])
        _swap_back([old], [new.__code__])
    _signature(old, new, journal)
    _attributes(old, new, journal)
    _cells(old, new, journal, merge_cell)
    return True


def _shares_with_its_maker(old: FunctionType, new: FunctionType) -> bool:
    """Whether `new` needs another value in a variable of the function that made `old`, and that makes others with it.

    `only_get = methods(["GET"])` decorates many views: one that is decorated otherwise must not change what it gives the others.
    """
    for mine, theirs in zip(old.__closure__ or (), new.__closure__ or (), strict=True):
        before, after = cell_content(mine), cell_content(theirs)
        if mine is theirs or before is after or (is_a(before, FunctionType) and is_a(after, FunctionType)):
            continue
        if sys.getrefcount(mine) > _OWN_CELL and not same(before, after) and _is_of_maker(mine, old.__code__):
            return True
    return False


def _is_of_maker(cell: CellType, code: CodeType) -> bool:
    closures = [c for c in gc.get_referrers(cell) if kind_of(c) is tuple]
    owners = [f for f in gc.get_referrers(*closures) if is_a(f, FunctionType)] if closures else []
    return any(any(c is code for c in f.__code__.co_consts) for f in owners)


_OWN_CELL = (
    4 if sys.version_info < (3, 14) else 3
)  # a closure, the pair and the variable; since 3.14 calls borrow the last


def _same_globals(old: FunctionType, new: FunctionType, journal: Journal) -> bool:
    """Generated functions have globals of their own: the old one is given what the new one reads there."""
    mine, theirs = old.__globals__, new.__globals__
    if mine is theirs:
        return True
    if "__spec__" in mine or "__file__" in mine:
        return False
    for name in new.__code__.co_names:
        if name in theirs and mine.get(name, MISSING) is not theirs[name]:
            journal.set_item(mine, name, theirs[name])
    return True


def _signature(old: FunctionType, new: FunctionType, journal: Journal) -> None:
    # Names and module stay: they are the statement's own, or somebody set them from outside on purpose.
    for name in ("__defaults__", "__kwdefaults__", "__doc__"):
        if getattr(old, name) is not getattr(new, name):
            journal.set_plain(old, name, getattr(new, name))
    _annotations(old, new, journal)
    if sys.version_info >= (3, 12) and old.__type_params__ != new.__type_params__:
        journal.set_plain(old, "__type_params__", new.__type_params__)


def _typed(annotations: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """`Optional[int]` and `int | None` are equal."""
    return [(name, value, kind_of(value)) for name, value in annotations.items()]


def _annotations(old: FunctionType, new: FunctionType, journal: Journal) -> None:
    if sys.version_info >= (3, 14):
        journal.set_plain(old, "__annotate__", new.__annotate__)
        if new.__annotate__ is None:
            old.__annotations__ = {}  # those that were asked for stay otherwise
        return
    if _typed(old.__annotations__) != _typed(new.__annotations__):
        journal.replace_content(old.__annotations__, new.__annotations__)


def _attributes(old: FunctionType, new: FunctionType, journal: Journal) -> None:
    for key in _FROM_DECORATORS - new.__dict__.keys():
        journal.del_item(old.__dict__, key)
    for key, value in new.__dict__.items():
        if key != "__wrapped__" and old.__dict__.get(key, MISSING) is not value:
            journal.set_item(old.__dict__, key, value)


def _cells(old: FunctionType, new: FunctionType, journal: Journal, merge_cell: Any) -> None:
    for mine, theirs in zip(old.__closure__ or (), new.__closure__ or (), strict=True):
        before, after = cell_content(mine), cell_content(theirs)
        if mine is theirs or before is after:
            continue
        value = merge_cell(before, after) if merge_cell is not None else after
        if value is not before:
            journal.set_plain(mine, "cell_contents", value)


def keep_defaults(old: FunctionType, code: CodeType, new: FunctionType, keep: Iterable[str], journal: Journal) -> None:
    """Give `new` the live default values of `old` for the parameters in `keep`: a mutable default is state.

    `code` is what `old` was made of: its own may be swapped already.
    """
    names = set(keep)
    before = defaults_by_name(old, code)
    positional = parameters(new.__code__)[0]
    if new.__defaults__:
        tail = positional[len(positional) - len(new.__defaults__) :]
        values = tuple(
            before[n] if n in names and n in before else v for n, v in zip(tail, new.__defaults__, strict=True)
        )
        journal.set_plain(new, "__defaults__", values)
    if new.__kwdefaults__:
        for name in new.__kwdefaults__:
            if name in names and name in before:
                journal.set_item(new.__kwdefaults__, name, before[name])


def parameters(code: CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Positional and keyword-only parameter names."""
    count = code.co_argcount
    return code.co_varnames[:count], code.co_varnames[count : count + code.co_kwonlyargcount]


def defaults_by_name(function: FunctionType, code: CodeType) -> dict[str, Any]:
    """The live default value of each parameter of `code` that has one."""
    positional = parameters(code)[0]
    values = function.__defaults__ or ()
    found = dict(zip(positional[max(len(positional) - len(values), 0) :], values, strict=False))
    found.update(function.__kwdefaults__ or {})
    return found


# free variables that differ ------------------------------------------------------------------------------------


def rebuilt(old: FunctionType, code: CodeType, extra: dict[str, CellType]) -> FunctionType | None:
    """A function of `code` over the cells of `old` (and `extra`), None where a variable was never captured."""
    cells = dict(zip(old.__code__.co_freevars, old.__closure__ or (), strict=True))
    cells = {**extra, **cells}
    if any(name not in cells for name in code.co_freevars):
        return None
    closure = tuple(cells[name] for name in code.co_freevars)
    new = FunctionType(code, old.__globals__, old.__name__, old.__defaults__, closure)
    new.__kwdefaults__ = old.__kwdefaults__
    new.__qualname__ = old.__qualname__
    new.__dict__.update(old.__dict__)
    if sys.version_info < (3, 14):
        new.__annotations__ = old.__annotations__
    return new


def forward(old: FunctionType, new: Any, journal: Journal) -> None:
    """Make `old` call `new`: for holders of a function whose free variables no longer fit its code."""
    code = _forwarder(old.__code__.co_freevars)
    constants = tuple(new if type(c) is str and c == _TARGET else c for c in code.co_consts)
    code = code.replace(
        co_consts=constants,
        co_name=old.__code__.co_name,
        co_filename=old.__code__.co_filename,
        co_firstlineno=new.__code__.co_firstlineno if is_a(new, FunctionType) else 1,
    )
    journal.record(_swap_back, [old], [old.__code__])
    _swap_back([old], [code])


def is_forwarder(code: CodeType) -> bool:
    """Whether `forward` made a code."""
    return code.co_code == _forwarder(code.co_freevars).co_code


_TARGET = "the new function stands here"


@lru_cache(maxsize=64)
def _forwarder(freevars: tuple[str, ...]) -> CodeType:
    names = ", ".join(freevars)
    unused = f"        if 0: ({names},)\n" if freevars else ""
    opening = f"def make({names}):\n" if freevars else "def make():\n"
    source = (
        f"{opening}    def forward(*args, **kwargs):\n{unused}"
        f"        target = {_TARGET!r}\n        return target(*args, **kwargs)\n    return forward\n"
    )
    scope: dict[str, Any] = {}
    exec(source, scope)
    return scope["make"](*freevars).__code__
