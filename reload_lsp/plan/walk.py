"""One pass over one body: what each part of it would do when it runs once more."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..source.changing import MUTATORS
from ..source.names import Chain, chain_of, locals_of
from ..values import replace
from . import known
from .impact import PURE, Called, Effect, Impact, strongest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .effects import Effects

Function = ast.FunctionDef | ast.AsyncFunctionDef

_CONTEXT = ("__enter__", "__exit__", "__aenter__", "__aexit__")

# What does nothing and has nothing below it: two thirds of all nodes.
_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.alias)


class Walk:
    """One pass over one body. `own` are the local names, `parameters` those that the caller may share."""

    def __init__(
        self,
        effects: Effects,
        scope: Any,
        own: set[str],
        module_level: bool,
        parameters: set[str] | None = None,
    ) -> None:
        self.effects = effects
        self.scope = scope
        self.own = own
        self.module_level = module_level
        self.parameters = parameters or set()
        self.helpers: dict[str, Function] = {}
        self.free: Callable[[str], Called | None] | None = None
        self.me: tuple[str, Callable[[str], Called | None]] | None = None
        self.shared: frozenset[str] | None = None

    def run(self, node: ast.AST) -> Impact:
        found: list[Impact] = []
        stack: list[ast.AST] = [node]
        while stack:
            current = stack.pop()
            impact = self._one(current)
            if impact.effect > Effect.PURE or impact.adds:
                found.append(impact)
            stack.extend(self._children(current))
        return strongest(found)

    def _children(self, node: ast.AST) -> list[ast.AST]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            inner: list[ast.AST] = [*getattr(node, "decorator_list", ()), *node.args.defaults]
            return inner
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            self.own |= {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.helpers:
            self.own |= locals_of(self.helpers[node.func.id])
            return [*ast.iter_child_nodes(node), *self.helpers.pop(node.func.id).body]
        return [child for child in ast.iter_child_nodes(node) if not isinstance(child, _LEAVES)]

    def _one(self, node: ast.AST) -> Impact:
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return strongest(self._decorator(d) for d in node.decorator_list)
        if isinstance(node, ast.Global):
            stored = frozenset((self.scope, name) for name in node.names)
            return Impact(Effect.STORE, "global " + ", ".join(node.names), "RLD308", stored)
        if isinstance(node, ast.Nonlocal) and not self.own.issuperset(node.names):
            return Impact(Effect.STORE, "nonlocal " + ", ".join(node.names), "RLD308")
        if isinstance(node, ast.Assign) and any(self._counts(t, node.value) for t in node.targets):
            return Impact(Effect.GLOBAL, ast.unparse(node.targets[0]), "RLD308")
        if isinstance(node, ast.AugAssign) and self._adds_up(node.target):
            chain = chain_of(node.target)
            touched = frozenset([(self.scope, chain[0])] if chain and len(chain) == 2 else ())
            return Impact(Effect.GLOBAL, ast.unparse(node.target), "RLD308", touched=touched)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return strongest(self._entered(item.context_expr) for item in node.items)
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            return self._store(node)
        if isinstance(node, ast.AugAssign) and self._is_mine(chain_of(node.target)):
            return replace(PURE, adds=True)
        if isinstance(node, ast.Assign) and any(self._is_made_of_itself(t, node.value) for t in node.targets):
            return replace(PURE, adds=True)
        if isinstance(node, ast.Await):
            return Impact(Effect.UNKNOWN, "await")
        return PURE

    def _adds_up(self, target: ast.expr) -> bool:
        """`n += 1` on what outlives the function: a second time gives something else."""
        root: ast.AST = target
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        return isinstance(root, ast.Name) and root.id not in self.own and not self.module_level

    def _is_mine(self, chain: Chain | None) -> bool:
        """Whether a dotted name is an attribute of the object whose method this is, and outlives it where it is new."""
        if self.me is None or chain is None or len(chain) < 2 or chain[0] != self.me[0]:
            return False
        return self.shared is None or chain[1] in self.shared

    def _is_made_of_itself(self, target: ast.expr, value: ast.expr) -> bool:
        """`self.state = NEXT[self.state]`."""
        chain = chain_of(target)
        return self._is_mine(chain) and any(chain_of(n) == chain for n in ast.walk(value))

    def _counts(self, target: ast.expr, value: ast.expr) -> bool:
        """`n = n + 1` of a name that outlives the function."""
        if not isinstance(target, ast.Name) or not self._adds_up(target):
            return False
        return any(isinstance(n, ast.Name) and n.id == target.id for n in ast.walk(value))

    def _entered(self, context: ast.expr) -> Impact:
        """`with Cls():` runs two methods that no text names."""
        made = chain_of(context.func) if isinstance(context, ast.Call) else chain_of(context)
        methods = [self.effects.resolve(self.scope, (*made, name)) for name in _CONTEXT] if made else []
        return strongest(self.effects.run(m, ("with",)) for m in methods if m is not None and m.node is not None)

    def _decorator(self, node: ast.expr) -> Impact:
        if isinstance(node, ast.Call):
            made = chain_of(node.func)
            if made is not None and self._returns_pure_decorator(made):
                return PURE
            return Impact(Effect.UNKNOWN, ast.unparse(node.func)) if made is None else self._made(made)
        chain = chain_of(node)
        return Impact(Effect.UNKNOWN, ast.unparse(node)) if chain is None else self._chain(chain)

    def _returns_pure_decorator(self, chain: Chain) -> bool:
        target = self.effects.resolve(self.scope, chain)
        return target is not None and bool(target.qualified) and known.is_pure(target.qualified)

    def _made(self, chain: Chain) -> Impact:
        """`@factory(args)`: the factory and the decorator it returns, which stands inside its body."""
        target = self.effects.resolve(self.scope, chain)
        if target is None or target.node is None:
            return self._chain(chain)
        inner = [
            n for n in ast.walk(target.node) if isinstance(n, (ast.FunctionDef, ast.Lambda)) and n is not target.node
        ]
        bodies = [
            Walk(self.effects, target.scope, locals_of(n) | _all_locals(target.node), False).run(b)
            for n in inner[:1]
            for b in (n.body if isinstance(n, ast.FunctionDef) else [n.body])
        ]
        return strongest([self._chain(chain), *bodies])

    def _call(self, node: ast.Call) -> Impact:
        chain = chain_of(node.func)
        if chain is None:
            return self._method(node.func) if isinstance(node.func, ast.Attribute) else PURE
        if chain == ("open",) and _reads_only(node):
            return PURE
        if chain == ("next",) and self._takes_from(node):
            return Impact(Effect.GLOBAL, "next")
        return self._chain(chain)

    def _takes_from(self, node: ast.Call) -> bool:
        """`next(ids)` of an iterator that outlives the function, or the statement."""
        root = chain_of(node.args[0]) if node.args else None
        return root is not None and root[0] not in self.own

    def _chain(self, chain: Chain) -> Impact:
        if chain[0] in self.own:
            return self._local_call(chain)
        captured = self.free(chain[0]) if self.free is not None and len(chain) == 1 else None
        if captured is not None:
            return self.effects.run(captured, chain)
        impact = self._global_call(chain)
        if impact.adds:  # the object outlives the statement, and holds more then
            what = f"a change of {'.'.join(chain[:-1]) or chain[0]}"
            own = Impact(Effect.GLOBAL, what, "RLD307", impact.stored, impact.touched)
            impact = own if impact.effect < Effect.GLOBAL else replace(impact, adds=False)
        if len(chain) == 2 and chain[1] in MUTATORS:
            return replace(impact, touched=impact.touched | {(self.scope, chain[0])})
        return impact

    def _global_call(self, chain: Chain) -> Impact:
        if len(chain) > 1 and chain[-1] in known.PURE_METHODS:
            target = self.effects.resolve(self.scope, chain)
            if target is None or not (target.qualified or target.node):
                return PURE
        return self.effects.call(self.scope, chain)

    def _local_call(self, chain: Chain) -> Impact:
        if len(chain) == 1:
            return Impact(Effect.LOCAL, chain[0])
        if chain[-1] in known.PURE_METHODS:
            return PURE
        if self.me is not None and len(chain) == 2 and chain[0] == self.me[0]:
            method = self.me[1](chain[1])
            return self.effects.run(method, chain) if method is not None else Impact(Effect.LOCAL, chain[0])
        if self._is_mine(chain) and chain[-1] in MUTATORS:
            return Impact(Effect.LOCAL, chain[0], adds=True)
        if chain[0] in self.parameters:
            return Impact(Effect.UNKNOWN, ".".join(chain))
        return Impact(Effect.LOCAL, chain[0])

    def _method(self, func: ast.Attribute) -> Impact:
        if func.attr in known.PURE_METHODS:
            return PURE
        made = chain_of(func.value.func) if isinstance(func.value, ast.Call) else None
        if made in (("globals",), ("vars",)) and func.attr in ("update", "setdefault"):
            return Impact(Effect.STORE, f"{made[0]}().{func.attr}", "RLD308")
        if made is not None and made[0] not in self.own:  # `Cls().method()`; making the object is looked at by itself
            method = self.effects.resolve(self.scope, (*made, func.attr))
            if method is not None and (method.qualified or method.node is not None):
                return self.effects.call(self.scope, (*made, func.attr))
        root: ast.AST = func
        while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Constant) or (isinstance(root, ast.Name) and root.id in self.own):
            return Impact(Effect.LOCAL, func.attr)
        if isinstance(root, ast.Name) and root.id == "super":
            return PURE
        changed = isinstance(root, ast.Name) and func.attr in MUTATORS and not made
        owner = root.id if isinstance(root, ast.Name) else ""
        return Impact(Effect.UNKNOWN, func.attr, touched=frozenset([(self.scope, owner)] if changed else ()))

    def _store(self, node: ast.Attribute | ast.Subscript) -> Impact:
        root: ast.AST = node
        while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Name) and root.id in self.own and root.id not in self.parameters:
            return Impact(Effect.LOCAL, root.id)
        what = root.id if isinstance(root, ast.Name) else "an object"
        outer = isinstance(root, ast.Name) and root.id not in self.own
        return Impact(Effect.STORE, what, "RLD308", frozenset([(self.scope, what)] if outer else ()))


def _reads_only(node: ast.Call) -> bool:
    """Whether an `open` call opens for reading."""
    modes = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "mode")]
    return all(isinstance(m, ast.Constant) and set(str(m.value)) <= set("rbt") for m in modes)


def _all_locals(node: ast.AST) -> set[str]:
    return locals_of(node) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else set()
