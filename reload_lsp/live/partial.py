"""The new code of a module where only what the edit touched is compiled: the rest of it is moved to its new lines."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from types import CodeType

from ..source.codes import CodePair, nested, pair_children, unify
from ..source.diff import Pairing
from ..source.future import KEPT_FLAGS
from ..source.statement import Statement, parse
from ..values import dataclass
from .loaded import LoadedModule
from .loaders import makes_plain_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class PartialCode:
    """`code` holds the code objects of the whole text, in its order; it is no module code that could run.

    `nodes` are the syntax trees that were made on the way, by statement.
    """

    code: CodeType
    pairs: tuple[CodePair, ...]
    nodes: dict[int, ast.stmt]


def is_plain_source(module: LoadedModule) -> bool:
    """Whether nothing but the compiler makes the module's code: import hooks see the whole text."""
    if sys.version_info >= (3, 14):
        return False  # annotations are functions of the whole text there (PEP 649)
    return makes_plain_code(module.ns.get("__loader__"))


def partial_code(
    module: LoadedModule,
    old: Sequence[Statement],
    new: Sequence[Statement],
    pairing: Pairing,
    kept: frozenset[int],
    freed: frozenset[int],
) -> PartialCode | None:
    """Compile the statements that differ. None where they say something about the whole text. Raises SyntaxError.

    Those of `kept` stay as they are whatever their text, those of `freed` are compiled although it is the same.
    """
    same = [b if i in kept else _unchanged(old, new, i, b) for i, b in enumerate(pairing.old_of)]
    otherwise = _compiled_otherwise(module, old, new)
    freed |= {i for i, s in enumerate(new) if i not in kept and any(beginning in s.text for beginning in otherwise)}
    same = [None if i in freed else b for i, b in enumerate(same)]
    touched = [i for i, before in enumerate(same) if before is None]
    gone = [old[i] for i in {*range(len(old))} - {i for i in same if i is not None}]
    if any(_concerns_all(s) for s in (*gone, *(new[i] for i in touched))):
        return None
    nodes: dict[int, ast.stmt] = {}
    fresh = _Places(nested(_compiled(module, new, touched, nodes)))
    live = _Places(nested(module.loaded_code()))
    codes: list[CodeType] = list(live.elsewhere(old))
    pairs: list[CodePair] = []
    for index, statement in enumerate(new):
        before = pairing.old_of[index]
        ours = live.of(old[before]) if before is not None else []
        if same[index] is None:
            theirs = fresh.of(statement)
            pairs_here = list(pair_children(ours, theirs))
            codes.extend(_kept(theirs, pairs_here, pairs))
        else:
            assert before is not None
            codes.extend(moved(code, statement.line - old[before].line, pairs) for code in ours)
    return PartialCode(module.loaded_code().replace(co_consts=tuple(codes)), tuple(pairs), nodes)


def _unchanged(old: Sequence[Statement], new: Sequence[Statement], index: int, before: int | None) -> int | None:
    """The old index of a statement that is the same text, in the same place in its line."""
    if before is None:
        return None
    a, b = old[before], new[index]
    return before if (a.text, a.kind, a.column) == (b.text, b.kind, b.column) else None


def _concerns_all(statement: Statement) -> bool:
    return "__future__" in statement.text or (statement.kind == "text" and statement.text.startswith("global"))


def _compiled(
    module: LoadedModule, new: Sequence[Statement], touched: Sequence[int], nodes: dict[int, ast.stmt]
) -> CodeType:
    flags = module.loaded_code().co_flags & KEPT_FLAGS
    names = _imports(module, new, touched)
    unit: Any = _in_their_places([new[i] for i in touched], names)
    if unit is None:
        nodes.update((i, parse(new[i])) for i in touched)
        imports = [ast.fix_missing_locations(ast.Import([ast.alias(n) for n in names]))] if names else []
        unit = ast.Module([*imports, *nodes.values()], [])
    return compile(unit, module.filename, "exec", flags=flags, dont_inherit=True)


def _in_their_places(statements: Sequence[Statement], imports: Sequence[str]) -> str | None:
    """A text with `statements` on the lines where they stand; None where some stand inside others, or beside each other."""
    pieces: list[str] = []
    line = 0
    for statement in statements:
        if statement.line < line or statement.text[:1] in " \t":
            return None
        pieces += ("\n" * (statement.line - line), statement.text, "\n")
        line = statement.end_line + 1
    return "".join([*pieces, *(f"import {name}\n" for name in imports)])


def _compiled_otherwise(module: LoadedModule, old: Sequence[Statement], new: Sequence[Statement]) -> list[str]:
    """How calls `m.f()` begin of a name that the text begins or ceases to import: since 3.11 another bytecode."""
    if sys.version_info < (3, 11):
        return []
    before, after = _imported(module, old), _imported(module, new)
    return [f"{name}." for name in before ^ after]


def _imported(module: LoadedModule, statements: Sequence[Statement]) -> set[str]:
    importing = [s for s in statements if s.kind in ("import", "block", "dead") and "import" in s.text]
    return {e.bound for s in importing for e in module.names(s).imports if e.name != "*"}


def _imports(module: LoadedModule, new: Sequence[Statement], touched: Sequence[int]) -> list[str]:
    """What the module imports: since 3.11 a call `m.f()` is compiled by whether `m` was imported in the same unit."""
    names: set[str] = set()
    apart = frozenset(touched)
    for index, statement in enumerate(new):
        if index not in apart and statement.kind in ("import", "block", "dead") and "import" in statement.text:
            names.update(entry.bound for entry in module.names(statement).imports if entry.name != "*")
    words = " ".join(new[i].text for i in touched)
    return [n for n in sorted(names) if n in words]


def _annotates_module(code: CodeType) -> bool:
    """PEP 649: what computes the annotations of the module; those of its functions and classes stand with them."""
    return getattr(code, "co_qualname", "") == "__annotate__"


class _Places:
    """Code objects by the lines they begin on."""

    def __init__(self, codes: Sequence[CodeType]) -> None:
        own = [c for c in codes if not _annotates_module(c)]
        self.codes = sorted(own, key=lambda c: c.co_firstlineno)
        self.rest = [c for c in codes if _annotates_module(c)]
        self.lines = [c.co_firstlineno - 1 for c in self.codes]

    def of(self, statement: Statement) -> list[CodeType]:
        """Those that stand in a statement."""
        return self.codes[bisect_left(self.lines, statement.line) : bisect_right(self.lines, statement.end_line)]

    def elsewhere(self, statements: Sequence[Statement]) -> list[CodeType]:
        """Those that belong to no statement: what computes a module's annotations."""
        return self.rest


def _kept(fresh: Sequence[CodeType], found: Sequence[CodePair], pairs: list[CodePair]) -> list[CodeType]:
    """`fresh` with live code objects in the place of equal ones; the pairs that need a swap are added to `pairs`."""
    old_of = {id(p.new): p.old for p in found}
    made = [unify(c, old_of) for c in fresh]
    final: dict[int, CodeType] = {}
    for a, b in zip(fresh, made, strict=True):
        matched(a, b, final)
    swaps = (CodePair(p.old, final[id(p.new)], p.own) for p in found)
    pairs.extend(p for p in swaps if p.old is not p.new)
    return made


def matched(fresh: CodeType, made: CodeType, final: dict[int, CodeType]) -> None:
    """Note in `final` what became of `fresh` and of each code nested in it."""
    final[id(fresh)] = made
    for a, b in zip(nested(fresh), nested(made), strict=True):
        matched(a, b, final)


def moved(code: CodeType, lines: int, pairs: list[CodePair]) -> CodeType:
    """`code` as it is `lines` further down: its line table counts from its first line."""
    if not lines:
        return code
    constants = tuple(moved(c, lines, pairs) if type(c) is CodeType else c for c in code.co_consts)
    made = code.replace(co_firstlineno=code.co_firstlineno + lines, co_consts=constants)
    pairs.append(CodePair(code, made, False))
    return made
