"""Which global names the functions of a statement read when they are called, read off their bytecode.

The syntax tree would say the same, at many times the cost: most code objects are passed over by a look at their names.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from opcode import opmap
from types import CodeType

from .codes import nested
from .named import Chain


def codes_of(node: ast.stmt) -> list[CodeType]:
    """The code objects of a statement that nobody has compiled yet, for `late_chains`; none where it does not compile."""
    try:
        return nested(compile(ast.Module([node], []), "<statement>", "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return []


def late_chains(codes: Iterable[CodeType], word: str) -> tuple[set[Chain], set[Chain]]:
    """The dotted global names with `word` among their parts that functions read, and those that functions nested in them do.

    `codes` are the code objects that stand in a statement, outermost.
    """
    found: tuple[set[Chain], set[Chain]] = (set(), set())
    stack = [(code, 0) for code in codes if code.co_name != "__annotate__"]
    while stack:
        code, depth = stack.pop()
        if not _is_transparent(code):
            depth += 1
        if depth and word in code.co_names:
            found[min(depth, 2) - 1].update(c for c in chains(code) if word in c)
        stack.extend((c, depth) for c in nested(code) if c.co_name != "__annotate__")
    return found


def runs_with(code: CodeType) -> Iterator[CodeType]:
    """`code`, and what within it runs whenever it does: class bodies and comprehensions."""
    yield code
    for inner in nested(code):
        if _is_transparent(inner):
            yield from runs_with(inner)


def _is_transparent(code: CodeType) -> bool:
    """Class bodies and comprehensions run with what is around them."""
    return not code.co_flags & _OPTIMIZED or (code.co_name[:1] == "<" and code.co_name != "<lambda>")


_OPTIMIZED = 0x1
_GLOBALS = frozenset(opmap[n] for n in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS") if n in opmap)
_ATTRIBUTES = frozenset(opmap[n] for n in ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR", "DELETE_ATTR") if n in opmap)
_EXTENDED = opmap["EXTENDED_ARG"]
# The lowest bit of these arguments is a flag.
_FLAGGED = frozenset(
    [opmap["LOAD_GLOBAL"]] * (sys.version_info >= (3, 11)) + [opmap["LOAD_ATTR"]] * (sys.version_info >= (3, 12))
)


def chains(code: CodeType) -> Iterator[Chain]:
    """The dotted global names that `code` itself reads: `a.b.c` is ("a", "b", "c")."""
    current: list[str] = []
    for operation, argument in _instructions(code.co_code):
        if operation in _GLOBALS or operation in _ATTRIBUTES:
            name = code.co_names[argument >> 1 if operation in _FLAGGED else argument]
            if operation in _ATTRIBUTES:
                if current:
                    current.append(name)
                continue
            if current:
                yield tuple(current)
            current = [name]
        elif current and operation:  # 0 is an inline cache
            yield tuple(current)
            current = []
    if current:
        yield tuple(current)


def loose_attributes(code: CodeType, method: bool) -> set[str]:
    """The attributes that `code` itself reads of what no global name stands for: `item.price`, `self.team.name` (not `team`).

    `method` where its first parameter is the object itself.
    """
    found: set[str] = set()
    owner: str = ""  # what was loaded last
    for operation, argument in _instructions(code.co_code):
        if operation in _ATTRIBUTES:
            if not owner:
                found.add(code.co_names[argument >> 1 if operation in _FLAGGED else argument])
            owner = owner.removeprefix("self")
        elif operation in _GLOBALS:
            owner = "global"
        elif operation:
            owner = "self" if method and operation in _LOCALS and _last_local(operation, argument) == 0 else ""
    return found


def _last_local(operation: int, argument: int) -> int:
    """The number of the local variable that an instruction loads, the second where it loads two."""
    return argument & 15 if operation in _PAIRS else argument


_LOCALS = frozenset(number for name, number in opmap.items() if name.startswith("LOAD_FAST"))
_PAIRS = frozenset(number for name, number in opmap.items() if name.startswith("LOAD_FAST") and "LOAD_FAST" in name[9:])


def _instructions(raw: bytes) -> Iterator[tuple[int, int]]:
    extended = 0
    for at in range(0, len(raw), 2):
        operation, argument = raw[at], raw[at + 1] | extended
        if operation == _EXTENDED:
            extended = argument << 8
            continue
        extended = 0
        yield operation, argument
