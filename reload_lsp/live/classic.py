"""A plain `importlib.reload` of modules and their dependents, in order, as the classic tools do it; its dangers are said.

Unlike a batch it runs every top level whole: classes and functions are made anew, state begins again, effects are repeated.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import FunctionType, ModuleType

from ..findings.values import Count, Ending, Outcome, Range
from .batch import Batch
from .dependents import with_dependents
from .failed import Failed
from .heap import survey
from .irrevocable import HARMLESS, say_happened
from .kinds import is_a, kind_of
from .loaded import LoadedModule
from .modules import Modules
from .raised import raised_at
from .reading import forget_lines
from .rebind import Split
from .speak import place_of
from .values import CONTAINERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Before = dict[str, "dict[str, Any]"]


class Classic:
    """One such reload; what is to be said about it is in `batch.findings`."""

    ending: Ending = "ran"
    why = "its whole top level ran again"
    final = True

    def __init__(self, modules: Modules, generation: int, paths: Sequence[str]) -> None:
        self.modules = modules
        self.batch = Batch(modules, (), generation)
        self.order = with_dependents(modules, [m for path in paths for m in modules.at(path)])
        self.done: list[str] = []
        self.splits: list[Split] = []

    def run(self) -> Outcome:
        """Reload everything, or put every namespace back."""
        targets = [m for m in self.order if not self._is_main(m)]
        before = {m.name: dict(m.ns) for m in targets}
        loaded = set(sys.modules)
        try:
            for module in targets:
                _reload(module)
                self.done.append(module.name)
        except BaseException as error:
            _put_back(targets, before, loaded)
            failing = targets[len(self.done)]
            path, place = self._say_failed(failing, error)
            say_happened(self.batch, targets[: len(self.done)], failing, path, place)
            self.done.clear()
            return "rolled-back"
        self.modules.refresh()
        self._dangers(before)
        return "applied" if self.done else "no-effect"

    def _is_main(self, module: LoadedModule) -> bool:
        if module.name != "__main__" and module.module is not sys.modules.get("__main__"):
            return False
        self.batch.findings.say(
            "RLD505",
            f"{os.path.basename(module.path)} is the program itself and was left out: "
            "importlib cannot reload `__main__`. Save it instead.",
            module.path,
            Range.of(0, 0, 0, 1),
        )
        return True

    def _say_failed(self, module: LoadedModule, error: BaseException) -> tuple[str, Range]:
        path, place, related = raised_at(Failed(error, module.path, None))
        self.batch.findings.say(
            "RLD901",
            f"{type(error).__name__}: {error}. Every module was put back as it was; "
            "what their statements did outside of them is not undone.",
            path,
            place,
            related=related,
            data={"fixes": [{"kind": "retry"}]},
        )
        return path, place

    # what a reload of this kind breaks ---------------------------------------------------------------------------
    def _dangers(self, before: Before) -> None:
        for name in self.done:
            module = self.modules.named(name)
            if module is not None:
                self._repeated(module)
                self._forgotten(module, before[name])
                self._left_over(module, before[name])
        self._split(before)

    def _repeated(self, module: LoadedModule) -> None:
        """Effects that happened a second time."""
        view = self.batch.view_of(module)
        for index, statement in enumerate(view.statements):
            if statement.kind not in ("effect", "bind", "block"):
                continue
            impact = self.batch.effects.of(view.node(index), module)
            if impact.effect not in HARMLESS:
                self._say(
                    impact.code,
                    module,
                    place_of(statement),
                    f"{statement.label} ran again: {impact.what} has happened twice now",
                )

    def _forgotten(self, module: LoadedModule, before: dict[str, Any]) -> None:
        """Containers that the program had filled and that begin again."""
        view = self.batch.view_of(module)
        for name, old in before.items():
            new = module.ns.get(name)
            if (
                kind_of(old) not in CONTAINERS
                or name.startswith("__")
                or new is None
                or old is new
                or kind_of(new) is not kind_of(old)
            ):
                continue
            lost = len(old) - len(new)
            binders = view.binders(name)
            if lost > 0 and binders:
                place = place_of(view.statements[binders[0]])
                self._say("RLD311", module, place, f"{name} began again: {lost} of its {len(old)} items are gone", lost)

    def _left_over(self, module: LoadedModule, before: dict[str, Any]) -> None:
        """Names that the new text no longer binds: a reload leaves them where they are."""
        view = self.batch.view_of(module)
        stale = [
            n
            for n in before
            if not n.startswith("__") and module.ns.get(n) is before[n] and not is_a(before[n], ModuleType)
        ]
        gone = [n for n in stale if _made_in(before[n], module) and not view.binders(n)]
        if gone:
            self._say(
                "RLD209",
                module,
                Range.of(0, 0, 0, 1),
                f"{', '.join(sorted(gone))} left the text and stayed in the module",
                len(gone),
            )

    def _split(self, before: Before) -> None:
        """Classes and functions of which somebody still holds the old one."""
        old: dict[int, tuple[LoadedModule, str, Any]] = {}
        for name in self.done:
            module = self.modules.named(name)
            for bound, value in before[name].items() if module is not None else ():
                assert module is not None
                if _made_in(value, module) and value.__name__ == bound and module.ns.get(bound) is not value:
                    old[id(value)] = (module, bound, value)
        if not old:
            return
        classes = [v for _, _, v in old.values() if is_a(v, type)]
        before.clear()
        heap = survey((), classes)
        held = _holders([v for _, _, v in old.values()])
        for module, bound, value in old.values():
            count = len(heap.instances.get(value, ())) if is_a(value, type) else held.get(id(value), 0)
            if count:
                self.splits.append(Split(module.name, bound, value))
                self._say_split(module, bound, is_a(value, type), count, heap.exact)

    def _say_split(self, module: LoadedModule, name: str, is_class: bool, count: int, exact: bool) -> None:
        view = self.batch.view_of(module)
        binders = view.binders(name)
        place = place_of(view.statements[binders[-1]]) if binders else Range.of(0, 0, 0, 1)
        many = "s" if count > 1 else ""
        if is_class:
            what = "isinstance and except no longer know them, and they run its old methods"
            said = f"{count} live object{many} of the {name} before: {what}"
        else:
            said = f"{count} place{many} still hold{'' if many else 's'} the {name} before, and run it"
        self._say("RLD206" if is_class else "RLD204", module, place, said, count, exact, [{"kind": "rebind"}])

    def _say(
        self,
        code: str,
        module: LoadedModule,
        place: Range,
        what: str,
        count: int | None = None,
        exact: bool = True,
        fixes: Sequence[dict[str, str]] = (),
    ) -> None:
        self.batch.findings.say(
            code,
            f"{what}. A plain reload does this; saving the file instead does not.",
            module.path,
            place,
            verdict="applied-risk",
            severity="warning",
            count=Count(count, exact) if count else None,
            data={"fixes": [*fixes, {"kind": "restart"}]},
        )


def _reload(module: LoadedModule) -> None:
    """`importlib.reload`, never from a bytecode file that has the second and the size of the text before."""
    try:
        os.unlink(importlib.util.cache_from_source(module.path))
    except (OSError, NotImplementedError):
        pass
    forget_lines(module.filename)
    importlib.reload(module.module)


def _put_back(targets: Sequence[LoadedModule], before: Before, loaded: set[str]) -> None:
    for module in targets:
        module.ns.clear()
        module.ns.update(before[module.name])
        sys.modules.setdefault(module.name, module.module)
    for name in sys.modules.keys() - loaded:
        del sys.modules[name]


def _made_in(value: Any, module: LoadedModule) -> bool:
    if is_a(value, FunctionType):
        return value.__globals__ is module.ns
    return is_a(value, type) and value.__module__ == module.name


def _holders(values: list[Any]) -> dict[int, int]:
    """How many containers, objects and closures hold each function."""
    wanted = {id(v) for v in values if is_a(v, FunctionType)}
    functions = [v for v in values if is_a(v, FunctionType)]
    found: dict[int, int] = {}
    if not functions:
        return found
    own = {id(values), id(functions)}
    for holder in gc.get_referrers(*functions):
        if id(holder) in own or kind_of(holder) is _FRAME or _is_ours(holder, values):
            continue
        for held in gc.get_referents(holder):
            if id(held) in wanted:
                found[id(held)] = found.get(id(held), 0) + 1
    return found


_FRAME = type(sys._getframe())


def _is_ours(holder: Any, values: list[Any]) -> bool:
    """The entries that the functions stand in here, and the arguments of the question itself (seen from 3.13 on)."""
    if kind_of(holder) is not tuple:
        return False
    functions = [v for v in values if is_a(v, FunctionType)]
    return (len(holder) == 3 and is_a(holder[0], LoadedModule)) or list(map(id, holder)) == list(map(id, functions))
