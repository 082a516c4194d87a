"""Files whose loaded text was never seen (a script that was running before we looked): compared by what is live."""

from __future__ import annotations

import ast
from types import CodeType, FunctionType

from ..source.codes import CodePair, nested, own_part
from ..source.diff import Pairing
from ..source.statement import Statement
from ..source.table import statements_of
from ..source.text import decode
from .edit import ModuleEdit
from .functions import parameters
from .journal import MISSING
from .kinds import is_a
from .loaded import LoadedModule
from .loaders import compile_module
from .values import same


def doubtful_edit(module: LoadedModule, data: bytes) -> ModuleEdit:
    """An edit from the unknown: live functions against their new code, plain values against their literals.

    Raises SyntaxError or UnreadableSource.
    """
    text = decode(data)
    code = compile_module(module.module, module.filename, data)
    entries = statements_of(ast.parse(text).body, text)
    statements = tuple(s for s, _ in entries)
    nodes = {i: n for i, (_, n) in enumerate(entries)}
    old_of = tuple(None if _differs(module, s, n) else i for i, (s, n) in enumerate(entries))
    if module.code is None:
        module.code = code
    pairs = tuple(_pairs(module, code))
    return ModuleEdit(module, data, text, code, statements, statements, nodes, Pairing(old_of, ()), pairs, (None, None))


def settle_doubt(module: LoadedModule) -> None:
    """A file that may have been edited before we looked was not where functions and names are those of the text we found.

    Values tell nothing here: the program may have set them since. What this cannot settle is compared anew, values too.
    """
    if module.doubt != "edited":
        return
    try:
        code = compile_module(module.module, module.filename, module.data)
    except (SyntaxError, ValueError, RecursionError):
        module.doubt = "other"  # what was loaded was no such text
        return
    defined = (s.name for s in module.statements() if s.kind in ("function", "class"))
    missing = any(n not in module.ns and f"del {n}" not in module.text for n in defined)
    module.doubt = "other" if missing or _pairs(module, code) else ""


def _differs(module: LoadedModule, statement: Statement, node: ast.stmt) -> bool:
    """Whether the live namespace shows that a statement is not the one that ran."""
    if statement.kind in ("function", "class", "bind") and statement.name and statement.name not in module.ns:
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _has_other_parameters(module, node)
    value = getattr(node, "value", None)
    if statement.kind != "bind" or value is None or f"global {statement.name}" in module.text:
        return False
    try:
        literal = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError):
        return False
    atom = isinstance(literal, (int, float, str, bytes, tuple, type(None)))
    return atom and not same(module.ns.get(statement.name, MISSING), literal)


def _has_other_parameters(module: LoadedModule, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the live function was made of another signature; what decorators made of one is not known."""
    live = module.ns.get(node.name)
    if not is_a(live, FunctionType) or live.__globals__ is not module.ns or "__wrapped__" in live.__dict__:
        return False
    wanted = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    known = [name for names in parameters(live.__code__) for name in names]
    return wanted != known or len(live.__defaults__ or ()) != len(node.args.defaults)


def _pairs(module: LoadedModule, code: CodeType) -> list[CodePair]:
    new = {_path(c, ()): c for c in _all(code)}
    found: list[CodePair] = []
    for function in module.live_functions():
        old = function.__code__
        after = new.get(tuple(function.__qualname__.split(".")))
        if after is not None and old != after and old.co_filename == after.co_filename:
            found.append(CodePair(old, after, own_part(old) != own_part(after)))
    return found


def _all(code: CodeType) -> list[CodeType]:
    return [c for top in nested(code) for c in (top, *nested(top))]


def _path(code: CodeType, outer: tuple[str, ...]) -> tuple[str, ...]:
    qualname = getattr(code, "co_qualname", None)
    return tuple(qualname.split(".")) if qualname else (*outer, code.co_name)
