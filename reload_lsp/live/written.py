"""Names and texts that decorators and hooks wrote into tables: data, of which nobody can tell whose it is but by what it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FunctionType

from ..findings.values import Range
from ..source.codes import walk, words
from ..source.names import binds_of, chain_of
from ..source.statement import Statement, parse
from .batch import Batch
from .classes import members_of
from .kinds import behind, is_a, kind_of
from .loaded import LoadedModule
from .speak import place_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def decorators_of(batch: Batch, module: LoadedModule, node: ast.AST) -> Iterator[FunctionType]:
    """The functions of the user's that decorate a definition."""
    for decorator in getattr(node, "decorator_list", ()):
        chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        target = behind(batch.resolver.target_of(module, chain)) if chain else None
        if is_a(target, FunctionType) and batch.modules.of_namespace(target.__globals__):
            yield target


def read_docstrings(batch: Batch, module: LoadedModule, node: ast.AST) -> bool:
    """Whether a decorator of the user's asks for the docstring of what it decorates."""
    codes = (c for f in decorators_of(batch, module, node) for c in walk(f.__code__))
    return any("__doc__" in c.co_names or "getdoc" in c.co_names for c in codes)


def say_written(batch: Batch, view: View, statement: Statement, name: str) -> None:
    """A decorated function was removed: its decorators may have written down its name."""
    for decorator in decorators_of(batch, view.module, parse(statement)):
        where = _named_in(decorator, name)
        if where:
            _say(batch, view, f"{name} was removed, but {where} still names it", None)
            return


def say_named_member(batch: Batch, view: View, statement: Statement, member: Any, name: str) -> None:
    """A member of a class was removed: its `__set_name__` may have written down its name."""
    hook = kind_of(member).__dict__.get("__set_name__")
    where = _named_in(hook, name) if is_a(hook, FunctionType) else ""
    if where and batch.modules.of_namespace(hook.__globals__) is not None:
        _say(batch, view, f"{statement.name}.{name} was removed, but {where} still names it", statement)


def filled_by_members(cls: type, node: ast.ClassDef) -> set[str]:
    """The members that the `__set_name__` of others has given their class: what its body makes anew is in them."""
    spelled: set[str] = set()
    for member in members_of(cls).values():
        hook = getattr(kind_of(member), "__set_name__", None)
        if is_a(hook, FunctionType):
            spelled |= words(hook.__code__)
    own = {n for statement in node.body for n in binds_of(statement)} if spelled else set[str]()
    return {n for n in (spelled & members_of(cls).keys()) - own if n[:2] != "__"}


def _named_in(function: FunctionType, word: str) -> str:
    """The table that a function fills and that has `word` in it; "" where there is none."""
    for name in {n for c in walk(function.__code__) for n in c.co_names}:
        value: Any = function.__globals__.get(name)
        if kind_of(value) in (dict, list, set) and any(_names(x, word) for x in list(value)):
            return name
    return ""


def _names(entry: Any, word: str) -> bool:
    return any(type(x) is str and x == word for x in (entry if kind_of(entry) is tuple else (entry,)))


def _say(batch: Batch, view: View, what: str, at: Statement | None) -> None:
    place = at or (view.statements[0] if view.statements else None)
    batch.findings.say(
        "RLD307",
        f"{what}. Restart the process to be without it.",
        view.module.path,
        place_of(place) if place is not None else Range.of(0, 0, 0, 1),
        verdict="applied-risk",
        data={"fixes": [{"kind": "restart"}]},
    )
