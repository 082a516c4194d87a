"""Containers that an edited statement fills anew: what the program had put into them since is gone, and that is said."""

from __future__ import annotations

import ast

from ..findings.values import Count
from ..source.changing import MUTATORS
from ..source.names import chain_of
from ..source.statement import parse
from ..values import dataclass
from .batch import Batch
from .dirty import Dirty
from .fillers import filled_in
from .kinds import kind_of
from .speak import place_of
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Remade:
    """A container that was filled anew: as it was, and as its old text alone would have made it."""

    dirty: Dirty
    name: str
    container: Any
    before: Any
    by_text: Any
    only_size: bool


def remember_remade(batch: Batch, dirty: Dirty, name: str, container: Any) -> None:
    """Called before a container gets other content. Where its old text cannot run again, nobody knows what is the program's."""
    expected = _by_old_text(batch, dirty, name)
    if expected is not None and type(expected) is type(container):
        roots = {(dirty.view.module.name, chain[0]) for chain in dirty.names.reads}
        only_size = "edited" not in dirty.reasons or not roots.isdisjoint(batch.changes)
        batch.remade.append(Remade(dirty, name, container, container.copy(), expected, only_size))


def say_lost(batch: Batch) -> None:
    """After the batch: how many entries that the program made are no longer there."""
    for one in batch.remade:
        count = _lost_of(one)
        if count:
            entries = "entry" if count == 1 else "entries"
            batch.findings.say(
                "RLD311",
                f"{one.name} was filled anew: {count} {entries} that the program had added or changed since the start "
                f"{'is' if count == 1 else 'are'} gone. Undo this edit, or keep the value with `# reload: keep`.",
                one.dirty.view.module.path,
                place_of(one.dirty.statement),
                severity="information",  # what runs is what a fresh start gives
                count=Count(count),
                data={"fixes": [{"kind": "undo"}, {"kind": "keep"}]},
            )
    batch.remade.clear()


def _lost_of(one: Remade) -> int:
    if one.only_size:  # its entries come from what changed in this batch
        return max(0, len(one.before) - max(len(one.by_text), len(one.container)))
    if kind_of(one.before) is dict:
        return sum(
            1
            for key, value in one.before.items()
            if not _holds_entry(one.by_text, key, value) and not _holds_entry(one.container, key, value)
        )
    known = [*one.by_text, *one.container]
    return sum(not any(same(x, k) for k in known) for x in list(one.before))


def _holds_entry(table: dict[Any, Any], key: Any, value: Any) -> bool:
    return key in table and same(table[key], value)


def _by_old_text(batch: Batch, dirty: Dirty, name: str) -> Any:
    """The content that the old statement and those that add to it would make; None where running them again is no option."""
    view = dirty.view
    node, edit = view.old_node(dirty.index), view.edit
    statements = edit.old if edit is not None else view.statements
    nodes: list[ast.stmt] = [node] if node is not None else []
    nodes += [
        parse(s)
        for s in statements
        if name in s.text and s.kind in ("effect", "block") and name in view.module.names(s).mutates
    ]
    calls = (parse(s) for s in statements if s.kind == "effect" and name in s.text.partition("(")[2])
    if any(name in filled_in(batch, view, n) for n in calls):
        return None
    if not nodes or not all(_fills(n, name) for n in nodes):
        return None
    scope: dict[str, Any] = {}
    try:
        for each in nodes:
            exec(view.raw(each), view.ns, scope)
    except Exception:
        return None
    return scope.get(name)


def _is_display(node: ast.AST | None) -> bool:
    """Whether an expression only puts together what is there: no call, nothing that is another object each time."""
    return node is not None and all(isinstance(n, _DISPLAY) for n in ast.walk(node))


_DISPLAY = (
    *(ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Name, ast.Attribute, ast.UnaryOp, ast.BinOp),
    *(ast.expr_context, ast.unaryop, ast.operator, ast.JoinedStr, ast.FormattedValue),
)


def _fills(node: ast.stmt, name: str) -> bool:
    """Whether a statement does no more than make or fill `name`."""
    if isinstance(node, ast.If):
        return _is_display(node.test) and all(_fills(n, name) for n in (*node.body, *node.orelse))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        chain = chain_of(node.value.func) or ("",)
        return chain[0] == name and chain[-1] in MUTATORS and all(map(_is_display, node.value.args))
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_display(node.value)
