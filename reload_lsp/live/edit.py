"""One file's step from the text that is loaded to the text that was saved: compiled, diffed, codes paired."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType

from ..source.codes import CodePair, nested, pair_children, unify, within
from ..source.diff import Pairing, pair
from ..source.statement import Statement
from ..source.table import statements_of
from ..source.text import decode
from .modules import LoadedModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class ModuleEdit:
    """A module's new text beside its old one. `code` is the new module code with unchanged live codes kept."""

    module: LoadedModule
    data: bytes
    text: str
    code: CodeType
    old: tuple[Statement, ...]
    new: tuple[Statement, ...]
    nodes: tuple[ast.stmt, ...]
    pairing: Pairing
    codes: tuple[CodePair, ...]
    docstrings: tuple[str | None, str | None]


def edit_of(module: LoadedModule, data: bytes) -> ModuleEdit:
    """Diff what is loaded with `data`. Raises SyntaxError or UnreadableSource; nothing is changed."""
    text = decode(data)
    fresh = compile_file(module, data)
    tree = ast.parse(text)
    entries = statements_of(tree.body, text)
    new = tuple(s for s, _ in entries)
    old = tuple(module.statements())
    pairing = pair(old, new)
    found = list(_code_pairs(nested(module.loaded_code()), nested(fresh), old, new, pairing))
    code = unify(fresh, {id(p.new): p.old for p in found})
    codes = tuple(_unified(found, code, fresh))
    docs = ast.get_docstring(ast.parse(module.text), clean=False), ast.get_docstring(tree, clean=False)
    return ModuleEdit(module, data, text, code, old, new, tuple(n for _, n in entries), pairing, codes, docs)


def compile_file(module: LoadedModule, data: bytes) -> CodeType:
    """Compile through the module's own loader, so that what it adds to the code stays."""
    loader: Any = getattr(module.module, "__loader__", None)
    to_code = getattr(loader, "source_to_code", None)
    if to_code is not None and getattr(loader, "path", None) is not None:
        return to_code(data, module.filename)
    return compile(data, module.filename, "exec", dont_inherit=True)


def _code_pairs(
    old_codes: Sequence[CodeType],
    new_codes: Sequence[CodeType],
    old: Sequence[Statement],
    new: Sequence[Statement],
    pairing: Pairing,
) -> list[CodePair]:
    found: list[CodePair] = []
    for index, before in enumerate(pairing.old_of):
        if before is None or new[index].kind not in _HAS_CODE:
            continue
        ours = within(old_codes, old[before].line, old[before].end_line)
        if ours:
            found.extend(pair_children(ours, within(new_codes, new[index].line, new[index].end_line)))
    return found


_HAS_CODE = frozenset(("function", "class", "bind", "effect", "block", "dead"))


def _unified(pairs: Sequence[CodePair], code: CodeType, fresh: CodeType) -> list[CodePair]:
    """The pairs with the code objects that `unify` kept or made, without those that need no swap."""
    final: dict[int, CodeType] = {}
    _match(fresh, code, final)
    result = [CodePair(p.old, final[id(p.new)], p.own) for p in pairs]
    return [p for p in result if p.old is not p.new]


def _match(fresh: CodeType, made: CodeType, final: dict[int, CodeType]) -> None:
    final[id(fresh)] = made
    for a, b in zip(nested(fresh), nested(made), strict=True):
        _match(a, b, final)


def annotate_lazily(edit: ModuleEdit) -> None:
    """PEP 649: a function of the whole text computes the module's annotations; the new text's takes its place."""
    ns = edit.module.ns
    annotated = sum(isinstance(n, ast.AnnAssign) for n in edit.nodes)
    for code in nested(edit.code):
        if code.co_name == "__annotate__":
            ns["__annotate__"] = FunctionType(code, ns, "__annotate__")
            ns["__conditional_annotations__"] = set(range(annotated))
            ns.pop("__annotations__", None)
