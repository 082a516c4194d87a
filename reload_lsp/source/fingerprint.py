"""What makes two statements mean the same: the whole of it, and the shell (function bodies cut out)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef


def full(node: ast.AST) -> str:
    """Equal for texts that compile to the same thing, wherever they stand."""
    return ast.dump(node)


def shell(node: ast.stmt) -> str:
    """Equal where only function bodies (and lambdas) differ: then nothing needs to run, codes are swapped."""
    cut: list[tuple[Any, object]] = []
    for function in functions(node):
        cut.append((function, function.body))
        if isinstance(function, ast.Lambda):
            function.body = ast.Constant(None)
        else:
            function.body = []
    try:
        return ast.dump(node)
    finally:
        for function, body in cut:
            function.body = body


def functions(node: ast.AST) -> Iterator[Function | ast.Lambda]:
    """The outermost functions and lambdas in `node`, in source order; functions within them are their own part."""
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield current
            stack.extend(reversed(list(_signature(current))))
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(current))))


def _signature(function: Function | ast.Lambda) -> Iterator[ast.AST]:
    yield from getattr(function, "decorator_list", ())
    yield function.args
    returns = getattr(function, "returns", None)
    if returns is not None:
        yield returns


def docstring(node: ast.AST) -> str | None:
    """The docstring of a function, class or module node."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
        return ast.get_docstring(node, clean=False)
    return None


def without_annotations(node: Function) -> str:
    """The shell of a function without its annotations: equal where only annotations differ."""
    copy = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(copy, (ast.FunctionDef, ast.AsyncFunctionDef))
    copy.returns = None
    for argument in ast.walk(copy.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return shell(copy)
