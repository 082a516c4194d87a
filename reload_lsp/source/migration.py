"""A `__reload_instance__` for objects that lack attributes, written from the class that sets them. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..values import dataclass

HOOK = "__reload_instance__"
_MAKERS = ("__init__", "__post_init__")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Stub:
    """The method: `text` (whole lines, indented) and the `line` (0-based) before which it goes.

    `unknown` are the attributes whose value an old object cannot tell: there the method raises until a value is chosen.
    """

    line: int
    text: str
    unknown: tuple[str, ...]


def stub_for(source: str, qualname: str, fields: Sequence[str]) -> Stub | None:
    """The method that gives objects of a class `fields`; None where the class has one, or is not there to be extended.

    Raises SyntaxError for a text that is no Python.
    """
    cls = _class_named(ast.parse(source).body, qualname.split("."))
    if (
        cls is None
        or cls.body[0].lineno == cls.lineno
        or any(isinstance(n, _Function) and n.name == HOOK for n in cls.body)
    ):
        return None
    indent = " " * cls.body[0].col_offset
    values = {name: _value(cls, name) for name in fields}
    lines = ["", f"{indent}def {HOOK}(self, old):"]
    for name, value in values.items():
        lines.append(f'{indent}    if "{name}" not in old:')
        lines.append(f"{indent}        {_set(cls, name, value)}")
    end = cls.body[-1].end_lineno or cls.body[-1].lineno
    return Stub(end, "\n".join(lines) + "\n", tuple(name for name, value in values.items() if value is None))


def _class_named(body: Sequence[ast.stmt], names: Sequence[str]) -> ast.ClassDef | None:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name == names[0]:
            return node if len(names) == 1 else _class_named(node.body, names[1:])
    return None


def _set(cls: ast.ClassDef, name: str, value: str | None) -> str:
    if value is None:
        return f'raise NotImplementedError("choose what {name} is for objects made before it")'
    return f'object.__setattr__(self, "{name}", {value})' if _is_frozen(cls) else f"self.{name} = {value}"


def _is_frozen(cls: ast.ClassDef) -> bool:
    calls = [d for d in cls.decorator_list if isinstance(d, ast.Call)]
    return any(
        k.arg == "frozen" and isinstance(k.value, ast.Constant) and k.value.value for c in calls for k in c.keywords
    )


def _value(cls: ast.ClassDef, name: str) -> str | None:
    """What a new object has there, as an expression that an old one can evaluate too."""
    for node in cls.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return _default(node.value)
    for node in cls.body:
        if isinstance(node, ast.FunctionDef) and node.name in _MAKERS:
            for assigned in _assigned(node, name):
                return _without_parameters(node, assigned)
    return None


def _default(value: ast.expr | None) -> str | None:
    """The default of a dataclass's field."""
    if isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in ("field", "Factory", "ib"):
        given = {k.arg: k.value for k in value.keywords}
        factory = given.get("default_factory") or given.get("factory")
        if factory is not None:
            return f"{ast.unparse(factory)}()" if not isinstance(factory, ast.Lambda) else ast.unparse(factory.body)
        return ast.unparse(given["default"]) if "default" in given else None
    return ast.unparse(value) if value is not None else None


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if value is not None and any(ast.unparse(target) == f"self.{name}" for target in targets):
            yield value


def _without_parameters(function: ast.FunctionDef, value: ast.expr) -> str | None:
    """`value` where it needs nothing that only a call of `__init__` had: a parameter is its default."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    parameters: dict[str, ast.expr | None] = {a.arg: None for a in (*positional[1:], *arguments.kwonlyargs)}
    parameters.update({a.arg: None for a in (arguments.vararg, arguments.kwarg) if a is not None})
    tail = positional[len(positional) - len(arguments.defaults) :] if arguments.defaults else []
    parameters.update({a.arg: d for a, d in zip(tail, arguments.defaults, strict=True)})
    parameters.update({a.arg: d for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)})
    if isinstance(value, ast.Name) and value.id in parameters:
        default = parameters[value.id]
        return ast.unparse(default) if default is not None else None
    read = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
    local = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return None if read & (parameters.keys() | local) else ast.unparse(value)
