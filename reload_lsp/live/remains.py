"""What stays in force of statements that an edit removed: nobody can take it back, so it is said."""

from __future__ import annotations

import ast

from ..plan.impact import Effect, Impact
from ..plan.known import TELLS
from ..source.names import chain_of
from ..source.statement import Statement, parse
from ..source.stores import stored_in
from .batch import Batch
from .dirty import Dirty
from .mutators import is_given_again
from .registered import still_named
from .speak import place_of
from .view import View

_LEVELS = frozenset(("debug", "info", "warning", "error", "exception", "critical", "log"))


def say_gone_effect(batch: Batch, view: View, statement: Statement) -> None:
    """A removed call cannot be taken back."""
    if statement.kind not in ("effect", "block"):
        return
    names = view.module.names(statement)
    gone = {n for v, s in batch.removed if v is view and s.kind == "bind" for n in view.module.names(s).binds}
    if names.mutates and not names.stores and all(n in gone or _owned(batch, view, n) for n in names.mutates):
        return
    impact = batch.effects.of(parse(statement), view.module)
    if only_tells(batch, view, statement) or _is_there_again(batch, view, statement):
        return
    if isinstance(parse(statement), (ast.Assign, ast.AnnAssign)) and _stores_in_own(batch, view, statement):
        return
    given = sorted(n for n in names.mutates if is_given_again(batch, view, n))
    if given and impact.effect <= Effect.STORE:
        impact = Impact(Effect.GLOBAL, given[0], "RLD307")
    if names.binds & names.mutates and not any(_owned(batch, view, n) for n in names.mutates):
        impact = Impact(Effect.GLOBAL, sorted(names.mutates)[0], "RLD307")
    stored = [(m, n) for m, n in impact.stored if m is not view.module or n not in gone]
    if (
        impact.effect == Effect.LOCAL and statement.kind == "effect"
    ):  # a method that changes the object of somebody else
        others = sorted(
            n for n in names.mutates - names.stores if n not in gone and not _owned(batch, view, n, _DEFINING)
        )
        impact = Impact(Effect.GLOBAL, others[0], "RLD307") if others else impact
    own = bool(stored_in(parse(statement))) or all(
        n in names.mutates and _owned(batch, batch.view_of(m), n, _DEFINING) for m, n in stored
    )
    if impact.effect <= Effect.LOCAL or (impact.effect == Effect.STORE and own):
        return
    if statement.kind == "effect" and batch.adapting.taken_back(view, statement):
        return
    at = view.statements[min(len(view.statements) - 1, 0)] if view.statements else statement
    _keep_in_mind(batch, (view.module.name, statement.text))
    batch.findings.say(
        impact.code,
        f"`{statement.label}` was removed, but what it did when it ran ({impact.what}) is still in force. "
        "Restart the process to be without it.",
        view.module.path,
        place_of(at),
        verdict="applied-risk",
        data={"fixes": [{"kind": "restart"}]},
    )


def _stores_in_own(batch: Batch, view: View, statement: Statement) -> bool:
    """`frame["y"] = frame["x"].map(f)` was removed: `frame` is made again without it, as a name that is gone would be."""
    names = view.module.names(statement)
    return bool(names.stores) and names.mutates >= names.stores and all(_owned(batch, view, n) for n in names.stores)


def _is_there_again(batch: Batch, view: View, statement: Statement) -> bool:
    """`del Cls.name` was removed, and the class has made the attribute since."""
    node = parse(statement)
    if not isinstance(node, ast.Delete):
        return False
    targets = [t for d in node.targets for t in (d.elts if isinstance(d, ast.Tuple) else [d])]
    chains = [chain_of(t) for t in targets]
    return all(c is not None and batch.resolver.target_of(view.module, c) is not None for c in chains)


def _keep_in_mind(batch: Batch, line: tuple[str, str]) -> None:
    batch.modules.in_force.add(line)
    batch.journal.record(batch.modules.in_force.discard, line)


def is_in_force(batch: Batch, dirty: Dirty) -> bool:
    """Whether an added line was removed before, and what it did then was never taken back."""
    line = dirty.view.module.name, dirty.statement.text
    if "added" not in dirty.reasons or line not in batch.modules.in_force:
        return False
    batch.modules.in_force.discard(line)
    batch.journal.record(batch.modules.in_force.add, line)
    return True


def only_tells(batch: Batch, view: View, statement: Statement) -> bool:
    """A call that prints or logs what costs nothing to make: it is over, and leaves nothing."""
    node = parse(statement)
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    chain = chain_of(call.func)
    target = batch.resolver.called(view.module, chain) if chain else None
    logs = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call) and call.func.attr in _LEVELS
    if not logs and (target is None or target.qualified not in TELLS):
        return False
    given = [*call.args, *(k.value for k in call.keywords)]
    return all(batch.effects.of(ast.Expr(value), view.module).effect <= Effect.LOCAL for value in given)


def opens(batch: Batch, view: View, index: int) -> bool:
    """Whether a statement starts or opens something, a window or a server: running it again would make a second one."""
    if batch.effects.of(view.node(index), view.module).effect == Effect.RESOURCE:
        return True
    return any(batch.adapting.opens(view.ns.get(name)) for name in view.names(index).binds)


def _owned(batch: Batch, view: View, name: str, kinds: frozenset[str] = frozenset(("bind",))) -> bool:
    """Whether an object is this module's own, so that it is built again without what was removed."""
    binders = view.binders(name)
    return not is_given_again(batch, view, name) and any(
        view.statements[i].kind in kinds and not opens(batch, view, i) for i in binders
    )


def say_named(batch: Batch, view: View, cls: type, statement: Statement) -> None:
    where = still_named(batch, cls)
    if where:
        batch.findings.say(
            "RLD307",
            f"Class {cls.__name__} was removed, but {where} still names it. Restart the process to be without it.",
            view.module.path,
            place_of(view.statements[0] if view.statements else statement),
            verdict="applied-risk",
            data={"class": cls.__qualname__, "fixes": [{"kind": "restart"}]},
        )


_DEFINING = frozenset(("bind", "function", "class"))
