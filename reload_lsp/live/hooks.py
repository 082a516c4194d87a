"""The user's own hooks: `__before_reload__`, `__after_reload__(state)`, `__reload_instance__(self, old)`."""

from __future__ import annotations

from types import FunctionType

from .batch import Batch
from .failed import Failed
from .heap import survey
from .kinds import is_a, kind_of
from .loaded import LoadedModule
from .reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

States = list[tuple[LoadedModule, "Any"]]


def before_reload(batch: Batch) -> States:
    """Ask the old text of each edited module for what it wants to hand over."""
    states: States = []
    for edit in batch.edits:
        hook = edit.module.ns.get("__before_reload__")
        state = _call(edit.module, "__before_reload__", hook) if is_a(hook, FunctionType) else None
        states.append((edit.module, state))
    return states


def after_reload(batch: Batch, states: States) -> None:
    """Give the new text of each edited module what its old text handed over."""
    for module, state in states:
        hook = module.ns.get("__after_reload__")
        if is_a(hook, FunctionType):
            _call(module, "__after_reload__", hook, state)


def migrate_instances(batch: Batch) -> None:
    """Call `__reload_instance__` once for each live object of a class whose statement was edited."""
    owners: dict[type, LoadedModule] = {}
    for edit in batch.edits:
        for index, before in enumerate(edit.pairing.old_of):
            if before is None or edit.old[before].text == edit.new[index].text or edit.new[index].kind != "class":
                continue
            cls = edit.module.ns.get(edit.new[index].name)
            if is_a(cls, type) and is_a(getattr(cls, "__reload_instance__", None), FunctionType):
                owners[cls] = edit.module
    if not owners:
        return
    for cls, instances in survey((), owners).instances.items():
        for instance in instances:
            _migrate(batch, owners[cls], instance)


def _migrate(batch: Batch, module: LoadedModule, instance: Any) -> None:
    state: Any = getattr_raw(instance, "__dict__")
    cls = kind_of(instance)
    kind = kind_of(state)
    if kind is dict:
        batch.journal.record(_restore, state, dict(state))
        _call(module, "__reload_instance__", cls.__reload_instance__, instance, dict(state))


def _restore(state: dict[str, Any], before: dict[str, Any]) -> None:
    state.clear()
    state.update(before)


def _call(module: LoadedModule, name: str, hook: Any, *arguments: Any) -> Any:
    try:
        return hook(*arguments)
    except BaseException as error:
        raise Failed(error, module.path, None, f"{name} failed: ") from error
