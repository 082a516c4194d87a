"""A module's text compiled as its own loader does it: what import hooks add to the code (checks, rewritten asserts) stays."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    Compile = Callable[[Any, str, bytes], "CodeType | None"]

# Of loaders that have no method that makes code: asked in turn, with the loader, the file name and the text.
COMPILERS: list[Compile] = []


def compile_module(module: ModuleType, filename: str, data: bytes) -> CodeType:
    """Compile `data`, which stands for the text of `module`. Raises SyntaxError."""
    loader: Any = getattr(module, "__loader__", None)
    if loader is not None:
        for compiler in COMPILERS:
            code = compiler(loader, filename, data)
            if code is not None:
                return code
        if getattr(loader, "path", None) is not None:
            if _has_own(type(loader), "get_code"):
                return _through_get_code(loader, data)
            if hasattr(loader, "source_to_code"):
                return loader.source_to_code(data, filename)
    return compile(data, filename, "exec", dont_inherit=True)


def compile_statement(module: ModuleType, filename: str, node: ast.stmt, *, lazy: bool) -> CodeType:
    """Compile one statement as the module's loader does it, on the line it stands on."""
    decorators = getattr(node, "decorator_list", [])
    above = max(min([node.lineno, *(d.lineno for d in decorators)]) - 1, lazy)
    first = "from __future__ import annotations" if lazy else ""
    text = first + "\n" * above + ast.unparse(node)
    return compile_module(module, filename, text.encode())


def makes_plain_code(loader: Any) -> bool:
    """Whether nothing but the compiler makes the code of this loader's modules."""
    if loader is None:
        return True
    kind: Any = loader.__class__
    return getattr(kind, "source_to_code", None) is SourceFileLoader.source_to_code and not (
        _has_own(kind, "get_code") or _has_own(kind, "exec_module")
    )


def _has_own(kind: Any, name: str) -> bool:
    return getattr(kind, name, None) is not getattr(SourceFileLoader, name)


def _through_get_code(loader: Any, data: bytes) -> CodeType:
    """A copy of the loader, to which the text is what we say, and which finds no bytecode from before."""
    again = copy.copy(loader)
    again.__dict__.update(get_data=_Text(data), path_stats=_no_stats, reload_lsp_compiles=True)
    code = again.get_code(again.name)
    assert code is not None
    return code


class _Text:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def __call__(self, path: str) -> bytes:
        return self.data


def _no_stats(path: str) -> Any:
    raise OSError(path)
