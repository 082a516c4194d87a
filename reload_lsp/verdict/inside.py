"""Imports inside of functions: each call takes what a module gives at that moment."""

from __future__ import annotations

import ast

from ..source.names import Import
from .module import ModuleText


def imports_inside(module: ModuleText, index: int, home: str, name: str) -> bool:
    """Whether a function that is statement `index` imports `name` of the module `home`, or `home` to ask it, when it runs."""
    statement = module.statements[index]
    if statement.kind not in ("function", "class") or "import" not in statement.text or name not in statement.text:
        return False
    for node in ast.walk(module.node(index)):
        if isinstance(node, ast.ImportFrom):
            entries = (Import(node.module or "", node.level, a.name, a.asname or a.name) for a in node.names)
            if any(_takes(module.absolute(e), e.name, home, name) for e in entries):
                return True
        elif isinstance(node, ast.Import) and any(a.name == home for a in node.names):
            return f".{name}" in statement.text
    return False


def _takes(source: str, taken: str, home: str, name: str) -> bool:
    return (source == home and taken == name) or f"{source}.{taken}" == home
