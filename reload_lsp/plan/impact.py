"""What running a piece of code again would do to the world, and what a call resolves to."""

from __future__ import annotations

import ast
from enum import IntEnum

from ..values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Effect(IntEnum):
    """From harmless to harmful: what a second run of the same code would do.

    STORE sets attributes or items of objects that others see: the second time gives what a fresh run gives.
    """

    PURE = 0
    LOCAL = 1
    STORE = 2
    GLOBAL = 3
    UNKNOWN = 4
    RESOURCE = 5


@dataclass(frozen=True, slots=True)
class Impact:
    """The strongest effect of a piece of code, what has it (`print`, `app.register`) and the code of its finding.

    `stored` are the module-level names (with their module) whose objects get items or attributes set, `touched` those that
    are changed in any way. `adds` where a method changes what its own object holds, and would change it once more.
    """

    effect: Effect
    what: str = ""
    code: str = "RLD316"
    stored: frozenset[tuple[Any, str]] = frozenset()
    touched: frozenset[tuple[Any, str]] = frozenset()
    adds: bool = False


PURE = Impact(Effect.PURE)


@dataclass(frozen=True, slots=True)
class Called:
    """What a call resolves to: a known library name ("os.path.join"), or the syntax tree of the user's own definition.

    `member` says, for a method, what another one of the same object is; `free`, for a closure, what a captured name is.
    `shared` are, where the object is made by this very call, the containers that it has of its class.
    """

    qualified: str = ""
    node: ast.stmt | None = None
    scope: Any = None
    is_class: bool = False
    member: Callable[[str], Called | None] | None = None
    free: Callable[[str], Called | None] | None = None
    shared: frozenset[str] | None = None


def attributes_set(node: ast.AST) -> set[str]:
    """The attributes that a function sets, of whatever object."""
    found = (n for n in ast.walk(node) if isinstance(n, ast.Attribute))
    return {n.attr for n in found if isinstance(n.ctx, ast.Store)}


def strongest(impacts: Any) -> Impact:
    """The strongest of several impacts, PURE for none."""
    best = PURE
    stored: set[tuple[Any, str]] = set()
    touched: set[tuple[Any, str]] = set()
    adds = False
    for impact in impacts:
        stored |= impact.stored
        touched |= impact.touched | impact.stored
        adds = adds or impact.adds
        if impact.effect > best.effect:
            best = impact
    if not touched and adds == best.adds:
        return best
    return replace(best, stored=frozenset(stored), touched=frozenset(touched), adds=adds)
