"""Functions of which an edit changed the docstring alone: who called them got what they would get now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import CodeType

from ..source.codes import CodePair, own_part
from .batch import Batch
from .functions import docstring
from .loaded import LoadedModule
from .product import Product

_LOOKS = re.compile(r"__doc__|getdoc|docstring|inspect|argparse|doctest|\bhelp\(").search


def only_documented(batch: Batch, module: LoadedModule, name: str, codes: Iterable[CodeType]) -> bool:
    """Whether the edited ones of a function's codes differ in their docstrings alone, and nobody may look at those."""
    pairs = {id(p.new): p for e in batch.edits for p in e.codes if p.own}
    edited = [pairs[id(c)] for c in codes if id(c) in pairs]
    return all(map(_in_docstring_alone, edited)) and not _handed_on(batch, Product(module, name, "code"), set())


def _in_docstring_alone(pair: CodePair) -> bool:
    old, new = pair.old, pair.new
    if docstring(old) is None or docstring(new) is None or docstring(old) == docstring(new):
        return False
    if any(map(_uses_first, (old, new))):
        return False
    return own_part(new.replace(co_consts=(old.co_consts[0], *new.co_consts[1:]))) == own_part(old)


def _uses_first(code: CodeType) -> bool:
    """Whether a function may use the constant that is its docstring as a value, too (`return "x"` under `"x"`)."""
    import opcode

    wanted = {number for name, number in opcode.opmap.items() if "CONST" in name}
    text = code.co_code
    return any(text[i] in wanted and text[i + 1] == 0 for i in range(0, len(text), 2))


def _handed_on(batch: Batch, product: Product, seen: set[tuple[str, str]]) -> bool:
    """Whether a statement looks at docstrings, or hands the function to something that may."""
    if (product.module.name, product.name) in seen:
        return False
    seen.add((product.module.name, product.name))
    if _LOOKS(batch.view_of(product.module).text):
        return True
    for reader in batch.ran.readers(batch.resolver, product):
        view, statement = reader.view, reader.view.statements[reader.index]
        if reader.handed or reader.whole or _LOOKS(view.text):
            return True
        for entry in view.names(reader.index).imports if statement.kind == "import" else ():
            bound = product.name if entry.name == "*" else entry.bound
            if entry.name in (product.name, "*") and _handed_on(batch, Product(view.module, bound, "code"), seen):
                return True
    return False
