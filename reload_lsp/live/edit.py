"""One file's step from the text that is loaded to the text that was saved: compiled, diffed, codes paired."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import CodeType, FunctionType

from ..plan.markers import markers_at, module_markers
from ..source.codes import CodePair, nested, pair_children, unify, within
from ..source.diff import Pairing, pair
from ..source.retable import edited_table
from ..source.statement import Statement, parse
from ..source.table import statements_of
from ..source.text import decode
from ..values import dataclass
from .loaded import LoadedModule
from .loaders import compile_module
from .partial import is_plain_source, matched, moved, partial_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class ModuleEdit:
    """A module's new text beside its old one. `code` is the new module code with unchanged live codes kept.

    `nodes` are the syntax trees that are there already, by statement. `whole` where the whole text was compiled.
    """

    module: LoadedModule
    data: bytes
    text: str
    code: CodeType
    old: tuple[Statement, ...]
    new: tuple[Statement, ...]
    nodes: dict[int, ast.stmt]
    pairing: Pairing
    codes: tuple[CodePair, ...]
    docstrings: tuple[str | None, str | None]
    whole: bool = True


def edit_of(module: LoadedModule, data: bytes) -> ModuleEdit:
    """Diff what is loaded with `data`. Raises SyntaxError or UnreadableSource; nothing is changed."""
    text = decode(data)
    old = tuple(module.statements())
    if is_plain_source(module):
        try:
            edit = _partial_edit(module, data, text, old)
        except SyntaxError:
            edit = None  # only the whole file says what is wrong in it, and where
        if edit is not None:
            return edit
    return _whole_edit(module, data, text, old)


def _partial_edit(module: LoadedModule, data: bytes, text: str, old: tuple[Statement, ...]) -> ModuleEdit | None:
    new = tuple(edited_table(module.text, old, text, check=False))
    pairing = pair(old, new)
    left, now = never_reloaded(module.text, old), never_reloaded(text, new)
    freed = (i for i, before in enumerate(pairing.old_of) if before in left and i not in now)
    part = partial_code(module, old, new, pairing, now, frozenset(freed))
    if part is None:
        return None
    docs = docstring_of(old), docstring_of(new)
    return ModuleEdit(module, data, text, part.code, old, new, part.nodes, pairing, part.pairs, docs, whole=False)


def never_reloaded(text: str, statements: Sequence[Statement]) -> frozenset[int]:
    """The statements that a comment says to leave alone."""
    if "reload:" not in text:
        return frozenset()
    lines = text.split("\n")
    whole = module_markers(lines).never
    return frozenset(i for i, s in enumerate(statements) if whole or markers_at(lines, s.line).never)


def _whole_edit(module: LoadedModule, data: bytes, text: str, old: tuple[Statement, ...]) -> ModuleEdit:
    fresh = compile_module(module.module, module.filename, data)
    entries = statements_of(ast.parse(text).body, text)
    new = tuple(s for s, _ in entries)
    pairing = pair(old, new)
    left = never_reloaded(text, new)
    found = list(_code_pairs(nested(module.loaded_code()), nested(fresh), old, new, pairing, left))
    code = unify(fresh, {id(p.new): p.old for p in found})
    codes = _unified(found, code, fresh)
    if left:
        code = _with_left(module.loaded_code(), code, old, new, pairing, left, codes)
    docs = docstring_of(old), docstring_of(new)
    nodes = {i: n for i, (_, n) in enumerate(entries)}
    return ModuleEdit(module, data, text, code, old, new, nodes, pairing, tuple(codes), docs)


def _with_left(
    loaded: CodeType,
    code: CodeType,
    old: Sequence[Statement],
    new: Sequence[Statement],
    pairing: Pairing,
    left: frozenset[int],
    pairs: list[CodePair],
) -> CodeType:
    """`code` with the live codes of the statements that are left alone, moved to their lines; `pairs` gets the moves."""
    instead: dict[int, CodeType] = {}
    for index in sorted(left):
        before = pairing.old_of[index]
        if before is None:
            continue
        theirs = within(nested(code), new[index].line, new[index].end_line)
        ours = within(nested(loaded), old[before].line, old[before].end_line)
        tops = {id(c) for c in theirs}
        for each in pair_children(ours, theirs):
            if id(each.new) in tops:
                instead[id(each.new)] = moved(each.old, new[index].line - old[before].line, pairs)
    return code.replace(co_consts=tuple(instead.get(id(c), c) for c in code.co_consts))


def docstring_of(statements: Sequence[Statement]) -> str | None:
    """The docstring of a module."""
    if not statements or statements[0].kind != "text":
        return None
    return ast.get_docstring(ast.Module([parse(statements[0])], []), clean=False)


def _code_pairs(
    old_codes: Sequence[CodeType],
    new_codes: Sequence[CodeType],
    old: Sequence[Statement],
    new: Sequence[Statement],
    pairing: Pairing,
    left: frozenset[int],
) -> list[CodePair]:
    found: list[CodePair] = []
    for index, before in enumerate(pairing.old_of):
        if before is None or index in left or new[index].kind not in _HAS_CODE:
            continue
        ours = within(old_codes, old[before].line, old[before].end_line)
        if ours:
            found.extend(pair_children(ours, within(new_codes, new[index].line, new[index].end_line)))
    return found


_HAS_CODE = frozenset(("function", "class", "bind", "effect", "block", "dead"))


def _unified(pairs: Sequence[CodePair], code: CodeType, fresh: CodeType) -> list[CodePair]:
    """The pairs with the code objects that `unify` kept or made, without those that need no swap."""
    final: dict[int, CodeType] = {}
    matched(fresh, code, final)
    result = [CodePair(p.old, final[id(p.new)], p.own) for p in pairs]
    return [p for p in result if p.old is not p.new]


def annotate_lazily(edit: ModuleEdit) -> None:
    """PEP 649: a function of the whole text computes the module's annotations; the new text's takes its place."""
    if not edit.whole:
        return
    ns = edit.module.ns
    annotated = sum(isinstance(n, ast.AnnAssign) for n in edit.nodes.values())
    for code in nested(edit.code):
        if code.co_name == "__annotate__":
            ns["__annotate__"] = FunctionType(code, ns, "__annotate__")
            ns["__conditional_annotations__"] = set(range(annotated))
            ns.pop("__annotations__", None)


def in_source_order(module: LoadedModule) -> None:
    """Module annotations stand in the order of the text, as after a fresh import."""
    annotations = module.ns.get("__annotations__")
    if type(annotations) is not dict or len(annotations) < 2:  # pyright: ignore[reportUnknownArgumentType]
        return
    names = [s.name for s in module.statements() if s.kind == "bind" and s.name in annotations]
    order = [n for n in dict.fromkeys(names) if n in annotations]
    if [n for n in annotations if n in set(order)] == order:  # pyright: ignore[reportUnknownVariableType]
        return
    rest = {k: v for k, v in annotations.items() if k not in order}  # pyright: ignore[reportUnknownVariableType]
    ordered = {n: annotations[n] for n in order}  # pyright: ignore[reportUnknownVariableType]
    annotations.clear()
    annotations.update({**ordered, **rest})  # pyright: ignore[reportUnknownMemberType]
