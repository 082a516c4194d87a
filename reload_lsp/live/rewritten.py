"""Functions whose code the program itself has replaced (`f.__code__ = f.__code__.replace(...)`), as instruments do."""

from __future__ import annotations

from types import CodeType, FunctionType

from .by_name import at_qualname
from .functions import is_forwarder
from .lingering import name_of
from .loaded import LoadedModule
from .modules import Modules
from .reach import functions_of
from .started import Started


class Rewritten:
    """Which functions nobody would tell the start of, for their code is another than their module brought."""

    __slots__ = ("_at", "_modules", "_started", "_told")

    def __init__(self, started: Started, modules: Modules) -> None:
        self._started = started
        self._modules = modules
        self._at: dict[str, list[LoadedModule]] = {}
        self._told: dict[tuple[str, str], bool] = {}

    def has(self, code: CodeType) -> bool:
        """Whether what stands for a function of a text runs another code than that of its text."""
        name = name_of(code).partition(".<locals>")[0]
        key = code.co_filename, name
        if key not in self._told:
            values = [at_qualname(m.ns, name) for m in self._loaded_from(code.co_filename)]
            self._told[key] = any(self._is_other(f, name, code) for f in functions_of(values, ""))
        return self._told[key]

    def _loaded_from(self, path: str) -> list[LoadedModule]:
        if path not in self._at:
            self._at[path] = self._modules.at(path)
        return self._at[path]

    def _is_other(self, function: FunctionType, name: str, code: CodeType) -> bool:
        own = function.__code__
        stands = own.co_filename == code.co_filename and function.__qualname__ == name
        return stands and own is not code and not self._started.watches(own) and not is_forwarder(own)
