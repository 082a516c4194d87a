"""What expressions come to, where the texts alone say it: literals, what is computed of them, and functions of one expression.

Nothing of the user's runs: what is not in the tables here is unknown, and so is what would be big.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..source.digests import kind_of
from ..source.names import chain_of
from .module import ModuleText
from .program import Program

STEPS = 5_000
SIZE = 10_000  # items of a value, or bits of a number

Scope = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is told by the texts."""

    value: Any


class Unknown(Exception):
    """The texts do not tell."""


_OPERATORS: Any = operator
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _OPERATORS.truediv,
    ast.FloorDiv: _OPERATORS.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: _OPERATORS.and_,
    ast.BitOr: _OPERATORS.or_,
    ast.BitXor: _OPERATORS.xor,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_CALLS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        abs,
        all,
        any,
        bool,
        dict,
        float,
        frozenset,
        int,
        len,
        list,
        max,
        min,
        round,
        set,
        sorted,
        str,
        sum,
        tuple,
    )
}
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        ("upper", "lower", "strip", "lstrip", "rstrip", "split", "join", "title", "startswith", "endswith", "count")
    ),
    dict: frozenset(("get", "keys", "values", "items")),
    tuple: frozenset(("index", "count")),
}


class Values:
    """The values of one program's module-level names."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str, str], Known | None] = {}
        self._left = STEPS

    def of(self, module: ModuleText, name: str) -> Known | None:
        """What a name is bound to by its one statement; None where the texts do not tell."""
        key = (module.name, name)
        if key not in self._known:
            self._known[key] = None  # a circle
            self._left = STEPS
            self._known[key] = self._bound(module, name)
        return self._known[key]

    def made(self, module: ModuleText, index: int) -> Known | None:
        """What one assignment makes, whatever happens to it afterwards; None where the texts do not tell."""
        self._left = STEPS
        return self._made(module, index)

    def _bound(self, module: ModuleText, name: str) -> Known | None:
        binders = module.binders(name)
        told = len(binders) == 1 and not _is_changed(self._program, module, name)
        return self._made(module, binders[0]) if told else None

    def _made(self, module: ModuleText, index: int) -> Known | None:
        node = module.node(index) if module.statements[index].kind == "bind" else None
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if value is None or len(targets) != 1 or not isinstance(targets[0], ast.Name):
            return None
        try:
            return Known(self._value(module, value, {}))
        except Exception:  # whatever the expression raises, running it tells
            return None

    # expressions -----------------------------------------------------------------------------------------------
    def _value(self, module: ModuleText, node: ast.expr, scope: Scope) -> Any:
        self._left -= 1
        work = _KINDS.get(type(node))
        if work is None or self._left < 0:
            raise Unknown
        return _small(work(self, module, node, scope))

    def _constant(self, module: ModuleText, node: ast.Constant, scope: Scope) -> Any:
        return node.value

    def _name(self, module: ModuleText, node: ast.Name | ast.Attribute, scope: Scope) -> Any:
        chain = chain_of(node)
        if chain is None:
            raise Unknown
        if chain[0] in scope and len(chain) == 1:
            return scope[chain[0]]
        place = self._program.locate(module, chain) if chain[0] not in scope else None
        if place is None or place.module is None or not place.name or place.rest:
            raise Unknown
        known = self.of(place.module, place.name)
        if known is None:
            raise Unknown
        return known.value

    def _items(self, module: ModuleText, node: ast.Tuple | ast.List | ast.Set, scope: Scope) -> Any:
        made: dict[type, Callable[..., Any]] = {ast.Tuple: tuple, ast.List: list, ast.Set: set}
        return made[type(node)](self._value(module, item, scope) for item in node.elts)

    def _dict(self, module: ModuleText, node: ast.Dict, scope: Scope) -> Any:
        if None in node.keys:
            raise Unknown
        keys = [self._value(module, key, scope) for key in node.keys if key is not None]
        return dict(zip(keys, [self._value(module, value, scope) for value in node.values], strict=True))

    def _unary(self, module: ModuleText, node: ast.UnaryOp, scope: Scope) -> Any:
        return _UNARY[type(node.op)](self._value(module, node.operand, scope))

    def _binary(self, module: ModuleText, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self._value(module, node.left, scope), self._value(module, node.right, scope)
        if isinstance(node.op, ast.Mod) and type(left) in (str, bytes):
            raise Unknown
        if isinstance(node.op, ast.Mult) and _is_long(left, right):
            raise Unknown
        return _BINARY[type(node.op)](left, right)

    def _bool(self, module: ModuleText, node: ast.BoolOp, scope: Scope) -> Any:
        value: Any = None
        for part in node.values:
            value = self._value(module, part, scope)
            if bool(value) is isinstance(node.op, ast.Or):
                break
        return value

    def _compare(self, module: ModuleText, node: ast.Compare, scope: Scope) -> Any:
        left = self._value(module, node.left, scope)
        for op, other in zip(node.ops, node.comparators, strict=True):
            right = self._value(module, other, scope)
            if not _COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def _choice(self, module: ModuleText, node: ast.IfExp, scope: Scope) -> Any:
        return self._value(module, node.body if self._value(module, node.test, scope) else node.orelse, scope)

    def _subscript(self, module: ModuleText, node: ast.Subscript, scope: Scope) -> Any:
        return self._value(module, node.value, scope)[self._value(module, node.slice, scope)]

    def _text(self, module: ModuleText, node: ast.JoinedStr, scope: Scope) -> Any:
        parts: list[str] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.conversion != -1 or part.format_spec is not None:
                    raise Unknown
                parts.append(str(self._value(module, part.value, scope)))
            else:
                parts.append(str(self._value(module, part, scope)))
        return "".join(parts)

    # calls -----------------------------------------------------------------------------------------------------
    def _call(self, module: ModuleText, node: ast.Call, scope: Scope) -> Any:
        if node.keywords:
            raise Unknown
        arguments = [self._value(module, argument, scope) for argument in node.args]
        chain = chain_of(node.func)
        called = self._program.called(module, chain) if chain is not None and chain[0] not in scope else None
        if called is not None and isinstance(called.node, ast.FunctionDef):
            return self._function(called.scope, called.node, arguments)
        if called is not None and called.qualified == f"builtins.{chain and chain[0]}" and chain and chain[0] in _CALLS:
            return _CALLS[chain[0]](*arguments)
        if isinstance(node.func, ast.Attribute):
            owner = self._value(module, node.func.value, scope)
            if node.func.attr in _METHODS.get(kind_of(owner), ()):
                return getattr(owner, node.func.attr)(*arguments)
        raise Unknown

    def _function(self, module: ModuleText, node: ast.FunctionDef, arguments: list[Any]) -> Any:
        """A function that is one expression of its parameters."""
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        rest = node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.args.defaults or node.decorator_list
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        if rest or len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            raise Unknown
        return self._value(module, body[0].value, dict(zip(names, arguments, strict=True)))


_KINDS: dict[type[ast.expr], Callable[..., Any]] = {
    ast.Constant: Values._constant,
    ast.Name: Values._name,
    ast.Attribute: Values._name,
    ast.Tuple: Values._items,
    ast.List: Values._items,
    ast.Set: Values._items,
    ast.Dict: Values._dict,
    ast.UnaryOp: Values._unary,
    ast.BinOp: Values._binary,
    ast.BoolOp: Values._bool,
    ast.Compare: Values._compare,
    ast.IfExp: Values._choice,
    ast.Subscript: Values._subscript,
    ast.JoinedStr: Values._text,
    ast.Call: Values._call,
}


def _is_long(left: Any, right: Any) -> bool:
    """Is a product a sequence many times over?"""
    for one, other in ((left, right), (right, left)):
        if type(other) is int and type(one) in _SIZED:
            return len(one) * other > SIZE
    return False


def _small(value: Any) -> Any:
    size = value.bit_length() if type(value) is int else len(value) if type(value) in _SIZED else 0
    if size > SIZE:
        raise Unknown
    return value


_SIZED: tuple[type, ...] = (str, bytes, tuple, list, set, frozenset, dict)


def _is_changed(program: Program, module: ModuleText, name: str) -> bool:
    """Does any text change the value after its statement, in place, by `global`, or from outside?"""
    if any(name in n.mutates or name in n.stores for n in map(module.names, module.mentioning(name))):
        return True
    word = re.escape(name)
    if "global" in module.text and re.search(rf"\bglobal\b[^\n]*\b{word}\b", module.text):
        return True
    outside = re.compile(
        rf"\.{word}\s*(?:=(?!=)|\.(?:append|update|add|extend|insert|pop|clear)\b|\[[^\]]*\]\s*=(?!=))"
    )
    inside = re.compile(rf"\b{word}\s*(?:\.(?:append|update|add|extend|insert|pop|clear)\b|\[[^\]\n]*\]\s*=(?!=))")
    return bool(inside.search(module.text)) or any(name in m.text and outside.search(m.text) for m in program.all())
