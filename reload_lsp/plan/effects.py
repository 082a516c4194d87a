"""What running a statement again would do to the world, read off its syntax tree and that of the functions it calls.

Bytecode is too weak for this: which name a call goes through decides, and names are gone from it. Known library functions
stand in `known`; the user's own functions are followed.
"""

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

    Resolve = Callable[[Any, Chain], "Called | None"]


Function = ast.FunctionDef | ast.AsyncFunctionDef


class Effects:
    """Answers for one batch; `resolve(scope, chain)` says what a dotted name stands for in a module."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._memo: dict[int, Impact] = {}

    def of(self, node: ast.AST, scope: Any) -> Impact:
        """The impact of running `node` once more in the module `scope`."""
        return _Walk(self, scope, set(), module_level=True).run(node)

    def call(self, scope: Any, chain: Chain) -> Impact:
        """The impact of calling what `chain` stands for."""
        return self.run(self._resolve(scope, chain), chain)

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
        key = hash((id(target.scope), getattr(node, "lineno", 0), getattr(node, "name", ""), *map(id, of)))
        if key not in self._memo:
            self._memo[key] = PURE
            self._memo[key] = self._body(node, target)
        return self._memo[key]

    def _body(self, node: ast.stmt, target: Called) -> Impact:
        if isinstance(node, ast.ClassDef):
            inits = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name in CONSTRUCTORS]
            return strongest(self._body(n, target) for n in inits)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._function(node, target)
        return Impact(Effect.UNKNOWN, getattr(node, "name", ""))

    def _function(self, node: Function, target: Called) -> Impact:
        arguments = [a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)]
        own = locals_of(node)
        shared = set(arguments[1:] if target.member else arguments[1:] or arguments)
        shared -= {a.arg for a in (node.args.vararg, node.args.kwarg) if a is not None}  # made for each call
        walk = _Walk(self, target.scope, own, module_level=False, parameters=shared)
        walk.free = target.free
        walk.me = (arguments[0], target.member) if arguments and target.member else None
        inner = (n for s in node.body if _may_define(s) for n in ast.walk(s))
        walk.helpers = {n.name: n for n in inner if isinstance(n, ast.FunctionDef)}
        return strongest(walk.run(n) for n in node.body)


def _may_define(node: ast.stmt) -> bool:
    """Can a statement hold a function definition? Most cannot, and need no look inside."""
    return hasattr(node, "body") or isinstance(node, ast.Match)


CONSTRUCTORS = frozenset(("__init__", "__new__", "__post_init__"))


def _library(qualified: str, chain: Chain) -> Impact:
    qualified = known.public(qualified)
    if qualified in known.RESOURCES:
        return Impact(Effect.RESOURCE, ".".join(chain), known.RESOURCES[qualified])
    if qualified == "builtins.setattr":
        return Impact(Effect.STORE, "setattr", "RLD308")
    if qualified in known.GLOBALS:
        return Impact(Effect.GLOBAL, ".".join(chain), known.GLOBALS[qualified])
    if known.is_pure(qualified):
        return PURE
    return Impact(Effect.UNKNOWN, ".".join(chain))


_CONTEXT = ("__enter__", "__exit__", "__aenter__", "__aexit__")

# What does nothing and has nothing below it: two thirds of all nodes.
_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.alias)


class _Walk:
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

    def run(self, node: ast.AST) -> Impact:
        found: list[Impact] = []
        stack: list[ast.AST] = [node]
        while stack:
            current = stack.pop()
            impact = self._one(current)
            if impact.effect > Effect.PURE:
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
        if isinstance(node, ast.AugAssign) and self._adds_up(node.target):
            chain = chain_of(node.target)
            touched = frozenset([(self.scope, chain[0])] if chain and len(chain) == 2 else ())
            return Impact(Effect.GLOBAL, ast.unparse(node.target), "RLD308", touched=touched)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return strongest(self._entered(item.context_expr) for item in node.items)
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            return self._store(node)
        if isinstance(node, ast.Await):
            return Impact(Effect.UNKNOWN, "await")
        return PURE

    def _adds_up(self, target: ast.expr) -> bool:
        """`n += 1` on what outlives the function: a second time gives something else."""
        root: ast.AST = target
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        return isinstance(root, ast.Name) and root.id not in self.own and not self.module_level

    def _entered(self, context: ast.expr) -> Impact:
        """`with Cls():` runs two methods that no text names."""
        made = chain_of(context.func) if isinstance(context, ast.Call) else chain_of(context)
        methods = [self.effects._resolve(self.scope, (*made, name)) for name in _CONTEXT] if made else []
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
        target = self.effects._resolve(self.scope, chain)
        return target is not None and bool(target.qualified) and known.is_pure(target.qualified)

    def _made(self, chain: Chain) -> Impact:
        """`@factory(args)`: the factory and the decorator it returns, which stands inside its body."""
        target = self.effects._resolve(self.scope, chain)
        if target is None or target.node is None:
            return self._chain(chain)
        inner = [
            n for n in ast.walk(target.node) if isinstance(n, (ast.FunctionDef, ast.Lambda)) and n is not target.node
        ]
        bodies = [
            _Walk(self.effects, target.scope, locals_of(n) | _all_locals(target.node), False).run(b)
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
        if len(chain) == 2 and chain[1] in MUTATORS:
            return replace(impact, touched=impact.touched | {(self.scope, chain[0])})
        return impact

    def _global_call(self, chain: Chain) -> Impact:
        if len(chain) > 1 and chain[-1] in known.PURE_METHODS:
            target = self.effects._resolve(self.scope, chain)
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
            method = self.effects._resolve(self.scope, (*made, func.attr))
            if method is not None and (method.qualified or method.node is not None):
                return self.effects.call(self.scope, (*made, func.attr))
        root: ast.AST = func
        while isinstance(root, (ast.Attribute, ast.Subscript, ast.Call)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Constant) or (isinstance(root, ast.Name) and root.id in self.own):
            return Impact(Effect.LOCAL, func.attr)
        if isinstance(root, ast.Name) and root.id == "super":
            return PURE
        return Impact(Effect.UNKNOWN, func.attr)

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
