"""Code objects of two versions of a module, paired: which code takes the place of which.

Function bodies of the new version always come from the whole new file, compiled at once: a statement compiled alone has
other bytecode (3.12 compiles `mod.f()` by what the unit imports) and loses `__future__` flags.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from types import CodeType

from ..values import dataclass

_FUNCTION = 0x1 | 0x2  # CO_OPTIMIZED | CO_NEWLOCALS


@dataclass(frozen=True, slots=True)
class CodePair:
    """`old` is what runs, `new` what the new text gives; `own` is set where more than lines and nested functions changed."""

    old: CodeType
    new: CodeType
    own: bool


def nested(code: CodeType) -> list[CodeType]:
    """The code objects among the constants of `code`, in source order."""
    return [c for c in code.co_consts if type(c) is CodeType]


def walk(code: CodeType) -> Iterator[CodeType]:
    """`code` and all code nested in it."""
    stack = [code]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(nested(current)))


def qualified(module: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Every function in a module's code by its qualified name, as `__qualname__` gives it; before 3.11 codes do not know it."""
    yield from qualified_in(nested(module))


def qualified_in(codes: Sequence[CodeType]) -> Iterator[tuple[str, CodeType]]:
    """As `qualified`, for the outermost codes of a text."""
    stack = [("", code) for code in codes]
    while stack:
        prefix, code = stack.pop()
        name = f"{prefix}{code.co_name}"
        is_function = bool(code.co_flags & _FUNCTION)
        if is_function:
            yield name, code
        stack.extend((f"{name}.<locals>." if is_function else f"{name}.", inner) for inner in nested(code))


def own_part(code: CodeType) -> tuple[object, ...]:
    """What a code does apart from its nested functions and its place in the file."""
    constants = tuple("<code>" if type(c) is CodeType else _typed(c) for c in code.co_consts)
    return (code.co_code, constants, *_attributes(code))


_attributes = attrgetter(
    "co_names",
    "co_varnames",
    "co_freevars",
    "co_cellvars",
    "co_flags",
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_name",
)


def same_own_part(a: CodeType, b: CodeType) -> bool:
    """Whether two codes have the same `own_part`, told by what differs first."""
    return (
        a.co_code == b.co_code
        and _attributes(a) == _attributes(b)
        and len(a.co_consts) == len(b.co_consts)
        and all(map(_same_constant, a.co_consts, b.co_consts))
    )


def _same_constant(a: object, b: object) -> bool:
    if a is b:
        return True
    return type(a) is type(b) and (type(a) is CodeType or _typed(a) == _typed(b))


def _typed(constant: object) -> object:
    if isinstance(constant, (tuple, frozenset)):
        return (type(constant), tuple(map(repr, constant)) if isinstance(constant, tuple) else constant)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return (type(constant), repr(constant))


def content(code: CodeType) -> tuple[object, ...]:
    """What a code does, nested functions included, wherever it stands."""
    return (*own_part(code), tuple(content(c) for c in nested(code)))


def pair_trees(old: CodeType, new: CodeType) -> Iterator[CodePair]:
    """Every code of `old` that has a successor in `new`, the pair itself first."""
    if old is not new:
        yield CodePair(old, new, not same_own_part(old, new))
    yield from pair_children(nested(old), nested(new))


def pair_children(old: Sequence[CodeType], new: Sequence[CodeType]) -> Iterator[CodePair]:
    """Pair nested codes by content first, then by name in their order: never by position alone."""
    matches = _by_content(old, new)
    rest: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    taken = set(matches.values())
    for i, code in enumerate(old):
        if i not in taken:
            rest[_role(code)].append(i)
    for j, code in enumerate(new):
        if j not in matches and rest[_role(code)]:
            matches[j] = rest[_role(code)].pop(0)
    for j, i in sorted(matches.items()):
        yield from pair_trees(old[i], new[j])


def _role(code: CodeType) -> tuple[str, int]:
    """A name, and whether it is a function's or a class body's."""
    return code.co_name, code.co_flags & _FUNCTION


def _by_content(old: Sequence[CodeType], new: Sequence[CodeType]) -> dict[int, int]:
    roles = [_role(c) for c in old]
    if roles == [_role(c) for c in new] and len(set(roles)) == len(roles):
        return dict(enumerate(range(len(old))))
    places: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, code in enumerate(old):
        places[content(code)].append(i)
    matches: dict[int, int] = {}
    for j, code in enumerate(new):
        found = places.get(content(code))
        if found:
            matches[j] = found.pop(0)
    return matches


def within(codes: Sequence[CodeType], line: int, end_line: int) -> list[CodeType]:
    """Of `codes`, those that begin on lines `line` to `end_line` (0-based, inclusive)."""
    return [c for c in codes if line <= c.co_firstlineno - 1 <= end_line]


def unify(new: CodeType, old_of: dict[int, CodeType]) -> CodeType:
    """`new` with live code objects in the place of equal ones; `old_of` maps the id of a new code to the live one."""
    live = old_of.get(id(new))
    if live is not None and live == new and _same_lines(live, new):
        return live
    constants = tuple(unify(c, old_of) if type(c) is CodeType else c for c in new.co_consts)
    if all(a is b for a, b in zip(constants, new.co_consts, strict=True)):
        return new
    return new.replace(co_consts=constants)


def _same_lines(a: CodeType, b: CodeType) -> bool:
    """Code equality does not look at line tables before 3.12, nor at those of nested codes."""
    return (
        a.co_firstlineno == b.co_firstlineno
        and list(a.co_lines()) == list(b.co_lines())
        and all(_same_lines(x, y) for x, y in zip(nested(a), nested(b), strict=True))
    )


def words(code: CodeType) -> set[str]:
    """The names and texts that a function spells."""
    return {*code.co_names, *(c for c in code.co_consts if type(c) is str)}
