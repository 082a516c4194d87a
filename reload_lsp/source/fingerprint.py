"""What makes two statements mean the same: the whole of it, and the shell (function bodies cut out)."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def full(node: ast.AST) -> str:
    """Equal for texts that compile to the same thing, wherever they stand."""
    return ast.dump(node)


def same(old: ast.AST, new: ast.AST) -> bool:
    """Whether `full` of both is equal, told without writing either: trees are compared up to their first difference."""
    return _same(old, new, cut=False)


def same_shell(old: ast.AST, new: ast.AST) -> bool:
    """Whether only function bodies (and lambdas) differ: then nothing needs to run, codes are swapped."""
    return _same(old, new, cut=True)


def _same(old: ast.AST, new: ast.AST, *, cut: bool) -> bool:
    stack: list[tuple[Any, Any]] = [(old, new)]
    while stack:
        one, other = stack.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, ast.AST):
            fields = [f for f in one._fields if f != "body"] if cut and isinstance(one, _FUNCTIONS) else one._fields
            stack += [(getattr(one, f, None), getattr(other, f, None)) for f in fields]
        elif isinstance(one, list):
            if len(one) != len(other):  # pyright: ignore[reportUnknownArgumentType]
                return False
            stack += zip(one, other)  # noqa: B905 - of one length  # pyright: ignore[reportUnknownArgumentType]
        elif one != other or (type(one) in _SIGNED and repr(one) != repr(other)):
            return False
    return True


_SIGNED = (float, complex)  # 0.0 equals -0.0
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def docstring(node: ast.AST) -> str | None:
    """The docstring of a function, class or module node."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
        return ast.get_docstring(node, clean=False)
    return None
