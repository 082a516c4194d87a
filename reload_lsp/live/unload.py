"""A module taken out of the program: out of `sys.modules`, its package and its dependents; and who still holds it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from types import FunctionType

from ..findings.values import Count, Ending, Outcome, Range, Related
from .batch import Batch
from .finders import look_again
from .heap import Survey, survey
from .kinds import is_a
from .lingering import every_frame
from .loaded import LoadedModule
from .modules import Modules
from .rebind import Split
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Unload:
    """Takes modules out; what is to be said about it is in `batch.findings`."""

    ending: Ending = "removed"
    why = "it was unloaded"
    final = True

    def __init__(self, modules: Modules, generation: int, paths: Sequence[str]) -> None:
        self.modules = modules
        self.batch = Batch(modules, (), generation)
        self.targets = [m for path in paths for m in modules.at(path)]
        self.done: list[str] = []
        self.splits: list[Split] = []

    def run(self) -> Outcome:
        """Take them out; the main module stays where it is."""
        for module in self.targets:
            if module.module is sys.modules.get("__main__"):
                self._say(module, "RLD505", "is the program itself and cannot be unloaded", [], 1)
                continue
            related = self._out_of_dependents(module)
            forget(self.modules, module.name)
            self.done.append(module.name)
            self._holders(module, related)
        look_again()
        if not self.done:
            return "refused" if self.targets else "no-effect"
        return "applied"

    def _out_of_dependents(self, module: LoadedModule) -> list[Related]:
        """Take the module object out of other modules; the places where they hold objects of it."""
        found: list[Related] = []
        for other in self.modules.all():
            if other is module:
                continue
            for name, value in list(other.ns.items()):
                if value is module.module:
                    del other.ns[name]
                elif _made_in(value, module):
                    found.append(self._place(other, name))
        return found

    def _place(self, module: LoadedModule, name: str) -> Related:
        view = self.batch.view_of(module)
        binders = view.binders(name)
        place = place_of(view.statements[binders[-1]]) if binders else Range.of(0, 0, 0, 1)
        return Related(module.path, place, f"{module.name}.{name} still is what {name} was")

    def _holders(self, module: LoadedModule, related: list[Related]) -> None:
        """Say who keeps the module alive, each kind with its number."""
        classes = {id(v): v for v in module.ns.values() if is_a(v, type) and v.__module__ == module.name}
        heap = survey((), classes.values()) if classes else Survey()
        instances = sum(len(found) for found in heap.instances.values())
        frames = sum(1 for _, frame in every_frame() if frame.f_globals is module.ns)
        others = _referrers(module)
        parts = [
            (len(related), "name{} in other modules"),
            (instances, "live object{} of its classes"),
            (frames, "running call{} of its functions"),
            (others, "other reference{} to the module itself"),
        ]
        told = [f"{count} {text.format('s' if count > 1 else '')}" for count, text in parts if count]
        if told:
            count = sum(count for count, _ in parts)
            by = f"was unloaded, and is still held by {', '.join(told)}"
            what = f"{by}: they go on with it, and the next import makes a second one"
            self._say(module, "RLD204", what, related, count, heap.exact)

    def _say(
        self, module: LoadedModule, code: str, what: str, related: list[Related], count: int, exact: bool = True
    ) -> None:
        self.batch.findings.say(
            code,
            f"{module.name} {what}. Import it again where it is needed, or restart the process.",
            module.path,
            Range.of(0, 0, 0, 1),
            verdict="stale",
            severity="warning",
            related=related,
            count=Count(count, exact),
            data={"fixes": [{"kind": "restart"}]},
        )


def forget(modules: Modules, name: str) -> None:
    """Take a module out of `sys.modules`, out of its package, and out of what is remembered as loaded."""
    module = sys.modules.pop(name, None)
    modules.forget(name)
    package, _, child = name.rpartition(".")
    parent = sys.modules.get(package)
    if parent is not None and parent.__dict__.get(child) is module:
        delattr(parent, child)


def _made_in(value: Any, module: LoadedModule) -> bool:
    if is_a(value, FunctionType):
        return value.__globals__ is module.ns
    return is_a(value, type) and value.__module__ == module.name


def _referrers(module: LoadedModule) -> int:
    """What refers to the module object, without ourselves."""
    target = module.module
    own = {id(module), id(sys._getframe())}
    return sum(1 for holder in gc.get_referrers(target) if id(holder) not in own and not is_a(holder, LoadedModule))
