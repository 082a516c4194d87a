"""What running a statement again would do to the world, read off its syntax tree and that of the functions it calls.

Bytecode is too weak for this: which name a call goes through decides, and names are gone from it. Known library functions
stand in `known`; the user's own functions are followed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..source.names import Chain, locals_of
from ..values import replace
from . import known
from .impact import PURE, Called, Effect, Impact, attributes_set, strongest
from .walk import Function, Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Resolve = Callable[[Any, Chain], "Called | None"]


class Effects:
    """Answers for one batch; `resolve(scope, chain)` says what a dotted name stands for in a module."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self._memo: dict[int, Impact] = {}

    def of(self, node: ast.AST, scope: Any) -> Impact:
        """The impact of running `node` once more in the module `scope`."""
        return Walk(self, scope, set(), module_level=True).run(node)

    def call(self, scope: Any, chain: Chain) -> Impact:
        """The impact of calling what `chain` stands for."""
        return self.run(self.resolve(scope, chain), chain)

    def run(self, target: Called | None, chain: Chain) -> Impact:
        """The impact of running what `chain` was found to call."""
        if target is None:
            return Impact(Effect.UNKNOWN, ".".join(chain))
        if target.qualified:
            return _library(target.qualified, chain)
        if target.node is None:
            return PURE if target.is_class else Impact(Effect.UNKNOWN, ".".join(chain))
        return self._definition(target)

    def _definition(self, target: Called) -> Impact:
        node = target.node
        assert node is not None
        of = getattr(target.member, "args", ())  # the class on an object of which a method is called
        key = hash(
            (id(target.scope), getattr(node, "lineno", 0), getattr(node, "name", ""), target.shared, *map(id, of))
        )
        if key not in self._memo:
            self._memo[key] = PURE
            self._memo[key] = self._body(node, target)
        return self._memo[key]

    def _body(self, node: ast.stmt, target: Called) -> Impact:
        if isinstance(node, ast.ClassDef):
            inits = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name in CONSTRUCTORS]
            new = replace(target, shared=_shared_by(node, inits))
            return strongest(self._body(n, new) for n in inits)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._function(node, target)
        return Impact(Effect.UNKNOWN, getattr(node, "name", ""))

    def _function(self, node: Function, target: Called) -> Impact:
        arguments = [a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)]
        own = locals_of(node) - {name for n in ast.walk(node) if isinstance(n, ast.Nonlocal) for name in n.names}
        shared = set(arguments[1:] if target.member else arguments[1:] or arguments)
        shared -= {a.arg for a in (node.args.vararg, node.args.kwarg) if a is not None}  # made for each call
        walk = Walk(self, target.scope, own, module_level=False, parameters=shared)
        walk.free = target.free
        walk.me = (arguments[0], target.member) if arguments and target.member else None
        inner = (n for s in node.body if _may_define(s) for n in ast.walk(s))
        walk.shared = target.shared
        walk.helpers = {n.name: n for n in inner if isinstance(n, ast.FunctionDef)}
        return strongest(walk.run(n) for n in node.body)


def _shared_by(node: ast.ClassDef, inits: list[ast.FunctionDef]) -> frozenset[str]:
    """The containers that a class body makes, without those that a new object gets for itself."""
    kinds = (ast.List, ast.Dict, ast.Set)
    bound = [n for n in node.body if isinstance(n, (ast.Assign, ast.AnnAssign)) and isinstance(n.value, kinds)]
    targets = [t for n in bound for t in (n.targets if isinstance(n, ast.Assign) else [n.target])]
    return frozenset(t.id for t in targets if isinstance(t, ast.Name)) - {a for n in inits for a in attributes_set(n)}


def _may_define(node: ast.stmt) -> bool:
    """Can a statement hold a function definition? Most cannot, and need no look inside."""
    return hasattr(node, "body") or isinstance(node, ast.Match)


CONSTRUCTORS = frozenset(("__init__", "__new__", "__post_init__"))


def _library(qualified: str, chain: Chain) -> Impact:
    qualified = known.public(qualified)
    if qualified in known.RESOURCES:
        return Impact(Effect.RESOURCE, ".".join(chain), known.RESOURCES[qualified])
    if qualified in known.SETTERS:
        return Impact(Effect.STORE, chain[-1], "RLD308")
    if qualified in known.GLOBALS:
        return Impact(Effect.GLOBAL, ".".join(chain), known.GLOBALS[qualified])
    if known.is_pure(qualified):
        return PURE
    return Impact(Effect.UNKNOWN, ".".join(chain))
