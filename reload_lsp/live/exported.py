"""Names that a package exported and exports no longer: `__module__` that it gave them, and what its `__getattr__` gives now."""

from __future__ import annotations

from types import FunctionType, ModuleType

from ..findings.values import Range
from .batch import Batch
from .classes import members_of
from .journal import MISSING
from .kinds import behind, is_a, kind_of
from .loaded import LoadedModule
from .speak import place_of
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def no_longer_exported(batch: Batch, view: View, name: str, value: Any) -> None:
    """An imported object goes by the name of the module that made it, where the one that no longer has it gave it its own."""
    if value.__module__ != view.module.name:
        return
    home = _home(batch, view.module, value)
    if home is None:
        _say(batch, view, name)
        return
    members = [behind(m) for m in members_of(value).values()] if is_a(value, type) else []
    for owner in (value, *(m for m in members if is_a(m, FunctionType) and m.__globals__ is home.ns)):
        if owner.__module__ == view.module.name:
            batch.journal.set_attr(owner, "__module__", home.name)


def _home(batch: Batch, exporter: LoadedModule, value: Any) -> LoadedModule | None:
    """The module that defines a function or class, whatever it says of itself."""
    if is_a(value, FunctionType):
        home = batch.modules.of_namespace(value.__globals__)
        return None if home is exporter else home
    for module in batch.modules.all():
        if module is not exporter and module.ns.get(value.__name__) is value:
            view = batch.view_of(module)
            if any(view.statements[i].kind == "class" for i in view.binders(value.__name__)):
                return module
    return None


def _say(batch: Batch, view: View, name: str) -> None:
    batch.findings.say(
        "RLD308",
        f"{name} is no longer in {view.module.name}, but was given `__module__ = {view.module.name!r}` when it was: that stays. "
        "Restart the process to have it as a fresh start gives it.",
        view.module.path,
        place_of(view.statements[0]) if view.statements else Range.of(0, 0, 0, 1),
        verdict="applied-risk",
        data={"name": name, "fixes": [{"kind": "restart"}]},
    )


def gives_all_the_same(view: View, name: str) -> bool:
    """Whether a module from which a name is gone gives it when it is asked (PEP 562), as an import does."""
    module = view.module.module
    if "__getattr__" not in view.ns and kind_of(module) is ModuleType:
        return False
    try:
        return getattr(module, name, MISSING) is not MISSING
    except Exception:  # noqa: BLE001, RUF100 - the program's own, about a name that it does not give
        return False
